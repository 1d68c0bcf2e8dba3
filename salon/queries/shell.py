"""The figures beside the entries of the organiser's side bar, and the editions it can switch to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, WishLevel
from salon.models import (
    Base,
    Delegate,
    Edition,
    Exclusion,
    MandatoryMeeting,
    Release,
    SolverRun,
    Table,
    Wish,
)

PRESENT = (DelegateStatus.PENDING, DelegateStatus.WAITING, DelegateStatus.APPROVED)
_SWITCHABLE = 12  # editions offered by the switcher; the list page has the rest


@dataclass(frozen=True, slots=True)
class SwitchLine:
    """An edition that the switcher offers."""

    slug: str
    name: str
    place: str
    first_day: date
    last_day: date


def counts(session: Session, edition: Edition) -> dict[str, int]:
    """Counters of the side bar keyed by endpoint, in one statement."""
    here: dict[str, ScalarSelect[Any]] = {
        "registrations.index": _count(Delegate, edition, Delegate.status.in_(PRESENT)),
        "room.index": _count(Table, edition),
        "wishes.index": _count(Wish, edition, Wish.level != WishLevel.NO_THANKS),
        "exclusions.index": _count(Exclusion, edition),
        "mandatory.index": _count(MandatoryMeeting, edition),
        "runs.index": _count(SolverRun, edition),
        "releases.index": _count(Release, edition),
    }
    return dict(zip(here, session.execute(select(*here.values())).one(), strict=True))


def _count(table: type[Base], edition: Edition, *conditions: Any) -> ScalarSelect[Any]:
    of_edition = table.edition_id == edition.id  # type: ignore[attr-defined]
    return select(func.count()).select_from(table).where(of_edition, *conditions).scalar_subquery()


def switchable(session: Session, actor: Actor, edition: Edition) -> tuple[SwitchLine, ...]:
    """The other editions that the actor manages, the latest first."""
    query = select(Edition.slug, Edition.name, Edition.place, Edition.first_day, Edition.last_day).where(
        Edition.id != edition.id
    )
    if not actor.is_admin:
        query = query.where(Edition.id.in_(actor.roles))
    query = query.order_by(Edition.first_day.desc(), Edition.id).limit(_SWITCHABLE)
    return tuple(SwitchLine(*row) for row in session.execute(query))
