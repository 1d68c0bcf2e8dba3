"""Who may do what in one edition; an installation's administrator counts as owner everywhere."""

from __future__ import annotations

from salon.actor import Actor
from salon.enums import Role

_READERS = frozenset(Role)
_DESK = frozenset({Role.OWNER, Role.ORGANISER, Role.DESK})
_EDITORS = frozenset({Role.OWNER, Role.ORGANISER})


def _has(actor: Actor, edition_id: int, roles: frozenset[Role]) -> bool:
    return actor.is_admin or actor.role_in(edition_id) in roles


def can_read(actor: Actor, edition_id: int) -> bool:
    """Any member of the edition: sees everything, changes nothing."""
    return _has(actor, edition_id, _READERS)


def can_serve(actor: Actor, edition_id: int) -> bool:
    """Desk staff and above: prints, finds people, points them in."""
    return _has(actor, edition_id, _DESK)


def can_edit(actor: Actor, edition_id: int) -> bool:
    """Organisers: configure, decide, run, publish."""
    return _has(actor, edition_id, _EDITORS)


def can_own(actor: Actor, edition_id: int) -> bool:
    """The owner: members and their roles."""
    return _has(actor, edition_id, frozenset({Role.OWNER}))


def can_create(actor: Actor) -> bool:
    """Administrators, and owners of some edition."""
    return actor.is_admin or Role.OWNER in actor.roles.values()


def attends(actor: Actor, edition_id: int) -> bool:
    """Has a registration here, whatever its state."""
    return actor.delegate_in(edition_id) is not None


def is_approved(actor: Actor, edition_id: int) -> bool:
    """Has an approved registration here."""
    return edition_id in actor.approved_in


def can_see(actor: Actor, edition_id: int, *, is_public: bool) -> bool:
    """Whether the edition exists at all for this actor."""
    return is_public or can_read(actor, edition_id) or attends(actor, edition_id)
