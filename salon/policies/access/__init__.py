"""The access table: a row for every endpoint; one without a row cannot be served."""

from salon.policies.access import (
    auth,
    base,
    documents,
    messages,
    organiser,
    participant,
    planning,
    public,
    registrations,
    wishing,
)
from salon.policies.access.rule import ATTENDEE_SIDE, ORGANISER_SIDE, Access, Audience

ACCESS: dict[str, Access] = {
    **base.ROWS,
    **public.ROWS,
    **auth.ROWS,
    **participant.ROWS,
    **wishing.ROWS,
    **organiser.ROWS,
    **registrations.ROWS,
    **planning.ROWS,
    **documents.ROWS,
    **messages.ROWS,
}

__all__ = ["ACCESS", "ATTENDEE_SIDE", "ORGANISER_SIDE", "Access", "Audience"]
