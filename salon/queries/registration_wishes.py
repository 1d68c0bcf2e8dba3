"""The wishes that one person gave and received, as an organiser may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from salon.enums import WishLevel
from salon.models import Delegate, Organisation, Wish


@dataclass(frozen=True, slots=True)
class WishLine:
    """A wish given to a structure, or received from a person."""

    who: str
    level: WishLevel
    rank: int | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """Counts for everybody, names for organisers only (else both tuples are empty)."""

    given: Mapping[WishLevel, int]
    received: Mapping[WishLevel, int]
    mutual: int
    given_lines: tuple[WishLine, ...] = ()
    received_lines: tuple[WishLine, ...] = ()


def wishes(session: Session, delegate: Delegate, *, sees_names: bool) -> Wishes:
    """Wishes given by the person, and received by them or, unnamed, by their structure."""
    owner, target = aliased(Delegate), aliased(Organisation)
    toward_me = and_(
        Wish.organisation_id == delegate.organisation_id,
        or_(Wish.delegate_id.is_(None), Wish.delegate_id == delegate.id),
    )
    query = (
        select(
            Wish.owner_id, Wish.organisation_id, owner.organisation_id, Wish.level, Wish.rank, target.name,
            owner.first_name, owner.last_name,
        )
        .join(owner, owner.id == Wish.owner_id)
        .join(target, target.id == Wish.organisation_id)
        .where(Wish.edition_id == delegate.edition_id, or_(Wish.owner_id == delegate.id, toward_me))
        .order_by(Wish.rank)
    )  # fmt: skip
    rows = session.execute(query).all()
    given = [row for row in rows if row[0] == delegate.id]
    received = [row for row in rows if row[0] != delegate.id]
    return Wishes(
        given=_levels(given),
        received=_levels(received),
        mutual=len(_asked(given, 1) & _asked(received, 2)),
        given_lines=tuple(WishLine(row[5], row[3], row[4]) for row in given) if sees_names else (),
        received_lines=_received(received) if sees_names else (),
    )


def _received(rows: list[Any]) -> tuple[WishLine, ...]:
    return tuple(
        WishLine(f"{row[6]} {row[7]}", row[3], None)
        for row in sorted(rows, key=lambda r: (list(WishLevel).index(r[3]), r[7]))
    )


def _levels(rows: list[Any]) -> dict[WishLevel, int]:
    return {level: sum(row[3] is level for row in rows) for level in WishLevel}


def _asked(rows: list[Any], column: int) -> set[int]:
    return {row[column] for row in rows if row[3] is not WishLevel.NO_THANKS}
