"""The shape of a row of the access table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from salon.actor import Actor
from salon.policies import editions


class Audience(StrEnum):
    """Who an endpoint is for. Those below `SIGNED_IN`, but for two, ask about the edition in the address."""

    PUBLIC = "public"  # anybody; an edition in the address must be visible to them
    TOKEN = "token"  # noqa: S105 - an audience: whoever holds the secret in the address
    SIGNED_IN = "signed_in"
    CREATOR = "creator"  # may create editions
    ADMIN = "admin"
    ATTENDEE = "attendee"  # registered here, whatever the state
    APPROVED = "approved"  # registered here and approved
    READER = "reader"  # any member of the edition
    DESK = "desk"
    EDITOR = "editor"  # owner or organiser
    OWNER = "owner"


ORGANISER_SIDE = frozenset({Audience.READER, Audience.DESK, Audience.EDITOR, Audience.OWNER})
ATTENDEE_SIDE = frozenset({Audience.ATTENDEE, Audience.APPROVED})

_OF_EDITION: Mapping[Audience, Callable[[Actor, int], bool]] = {
    Audience.ATTENDEE: editions.attends,
    Audience.APPROVED: editions.is_approved,
    Audience.READER: editions.can_read,
    Audience.DESK: editions.can_serve,
    Audience.EDITOR: editions.can_edit,
    Audience.OWNER: editions.can_own,
}

Ownership = Callable[[Actor, Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Access:
    """One row: the audience, and for an object that is one person's own, the ownership policy.

    `owns` receives the actor and the loaded objects of the address; False is a 404, as for what is not there.
    """

    audience: Audience
    owns: Ownership | None = None

    def admits(self, actor: Actor, edition_id: int | None) -> bool:
        """Whether the actor belongs to the audience."""
        if self.audience in (Audience.PUBLIC, Audience.TOKEN):
            return True
        if not actor.is_signed_in:
            return False
        if self.audience is Audience.SIGNED_IN:
            return True
        if self.audience is Audience.CREATOR:
            return editions.can_create(actor)
        if self.audience is Audience.ADMIN:
            return actor.is_admin
        return edition_id is not None and _OF_EDITION[self.audience](actor, edition_id)
