"""Words for every refusal and every state, in the reader's language."""

from __future__ import annotations

from salon.errors import DomainError
from salon.wording import (
    accounts,
    base,
    documents,
    imports,
    messages,
    organiser,
    participant,
    planning,
    registrations,
    wishes,
)
from salon.wording.base import Message

MESSAGES: dict[str, Message] = {
    **base.MESSAGES,
    **accounts.MESSAGES,
    **participant.MESSAGES,
    **organiser.MESSAGES,
    **planning.MESSAGES,
    **registrations.MESSAGES,
    **imports.MESSAGES,
    **documents.MESSAGES,
    **wishes.MESSAGES,
    **messages.MESSAGES,
}


def describe(what: DomainError | str, **details: object) -> str:
    """The sentence for a refusal: what happened, why, what to do. An unknown code is a KeyError."""
    if isinstance(what, DomainError):
        return MESSAGES[what.code](**what.details)
    return MESSAGES[what](**details)


__all__ = ["MESSAGES", "Message", "describe"]
