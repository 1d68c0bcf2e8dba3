"""What the search of the top bar finds in an edition: people, structures, tables.

Accents and case are folded in Python because SQLite and PostgreSQL do not agree on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.keys import fold
from salon.models import Account, Delegate, Edition, Organisation, Participation, Table

MOST_SHOWN = 8  # of each sort; a link leads to the rest


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, and what tells it from another of that name."""

    id: int
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Hits:
    """The first of a sort, and how many there are."""

    rows: tuple[Hit, ...]
    total: int


def people(session: Session, edition: Edition, words: str, *, sees_contact: bool) -> Hits:
    """Registered people by name, structure or, for those who may see it, address; in one statement."""
    query = (
        select(Delegate.id, Delegate.first_name, Delegate.last_name, Organisation.name, Account.email)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .join(Account, Account.id == Delegate.account_id)
        .where(Delegate.edition_id == edition.id)
    )
    return _matching(
        words,
        (
            (
                Hit(id_, f"{first} {last}".strip(), home),
                f"{first} {last} {home} {email if sees_contact else ''}",
            )
            for id_, first, last, home, email in session.execute(query)
        ),
    )


def organisations(session: Session, edition: Edition, words: str) -> Hits:
    """Structures that take part, by name or town, in one statement."""
    query = (
        select(Organisation.id, Organisation.name, Organisation.town)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.edition_id == edition.id)
    )
    found = session.execute(query)
    return _matching(words, ((Hit(id_, name, town), f"{name} {town}") for id_, name, town in found))


def tables(session: Session, edition: Edition, words: str) -> Hits:
    """Tables by label, zone or the structure whose stand they are, in one statement."""
    query = (
        select(Table.id, Table.label, Table.zone, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Table.organisation_id)
        .where(Table.edition_id == edition.id)
    )
    found = session.execute(query)
    return _matching(
        words,
        (
            (Hit(id_, label, home or zone), f"{label} table {label} {zone} {home or ''}")
            for id_, label, zone, home in found
        ),
    )


def _matching(words: str, candidates: Iterable[tuple[Hit, str]]) -> Hits:
    """Those that hold every word; whose name begins with the words first, then by name."""
    asked = fold(words)
    found = [hit for hit, text in candidates if asked and all(word in fold(text) for word in asked.split())]
    found.sort(key=lambda hit: (not fold(hit.name).startswith(asked), fold(hit.name), hit.id))
    return Hits(tuple(found[:MOST_SHOWN]), len(found))
