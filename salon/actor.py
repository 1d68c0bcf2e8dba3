"""Who acts: frozen, loaded once a request, handed to every policy and service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from salon.enums import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in account, nobody (`account_id is None`), or the system itself.

    `roles` and `delegates` are keyed by edition id. While an organiser acts for somebody, `acting_for`
    is that delegate's id and `delegates` shows only that person; the audit log keeps both.
    """

    account_id: int | None = None
    name: str = ""
    email: str = ""
    is_admin: bool = False
    roles: Mapping[int, Role] = field(default_factory=dict)
    delegates: Mapping[int, int] = field(default_factory=dict)
    approved_in: frozenset[int] = frozenset()
    acting_for: int | None = None
    acting_for_name: str | None = None
    strong: bool = False  # a second factor was shown in this session
    system: str | None = None  # name of the job or command, when no person acts

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def initials(self) -> str:
        words = (self.name or self.email).replace("-", " ").split()
        return "".join(word[0] for word in words[:2]).upper()

    def role_in(self, edition_id: int) -> Role | None:
        return self.roles.get(edition_id)

    def delegate_in(self, edition_id: int) -> int | None:
        return self.delegates.get(edition_id)


NOBODY = Actor()


def system(name: str) -> Actor:
    """The machine acting on its own behalf: a command, a job, the sweep."""
    return Actor(system=name)
