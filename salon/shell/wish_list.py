"""A wish list in words, as the catalogue shows it beside its results and as its own page shows it whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from salon import i18n, phases
from salon.actor import Actor
from salon.enums import Phase
from salon.errors import DomainError
from salon.models import Delegate, Edition
from salon.queries import wish_list as reads
from salon.queries.wish_list import Person, Target
from salon.services import wish_order, wishes
from salon.services.wish_order import Item, WishList
from salon.services.wishes import Limits
from salon.shell.context import local
from salon.shell.structures import kind, place
from salon.wording import describe

CALM = timedelta(days=10)  # beyond, days left are not counted on the page


@dataclass(frozen=True, slots=True)
class Line:
    """A wish on screen; `up` and `down` are the ranks its buttons ask for, 0 at the end of its level."""

    organisation: int
    name: str
    url: str
    about: str
    level: str
    rank: int | None
    up: int
    down: int
    top: int
    delegate: int | None
    several: bool
    people: tuple[Person, ...]
    is_here: bool  # somebody of it can still be met

    @property
    def named(self) -> str:
        return next((one.name for one in self.people if one.id == self.delegate), "")


@dataclass(frozen=True, slots=True)
class MyWishes:
    """The list with its counters and its dates."""

    lines: tuple[Line, ...]
    refusals: tuple[Line, ...]
    limits: Limits
    musts: int
    version: int
    saved: str
    text: str  # the list as a hidden field holds it
    is_open: bool
    may_write: bool
    deadline: str
    left: str  # « encore 4 jours »
    closed: str  # the sentence of a list that cannot be written

    @property
    def wishes(self) -> int:
        return len(self.lines)

    @property
    def is_full(self) -> bool:
        return self.wishes >= self.limits.wishes

    @property
    def levels(self) -> Mapping[int, str]:
        """The level of each structure in the list."""
        return {line.organisation: line.level for line in (*self.lines, *self.refusals)}


def load(
    session: Session, edition: Edition, owner: Delegate, actor: Actor, now: datetime, *, named: bool = True
) -> MyWishes:
    """The list of a person, in two statements; in one, without names, for a page that only counts."""
    items = wishes.as_list(reads.stored(session, owner.id))
    facts = reads.targets(session, owner, {item.organisation for item in items}) if named else {}
    shown = lines(edition, items, facts)
    may_write = wishes.can_write(actor, edition, owner, now)
    return MyWishes(
        lines=tuple(line for line in shown if line.rank is not None),
        refusals=tuple(line for line in shown if line.rank is None),
        limits=wishes.limits(edition),
        musts=wish_order.counts(items)[0],
        version=owner.wishes_version,
        saved=saved_words(owner.wishes_saved_at),
        text=wish_order.written(items),
        is_open=phases.wishes(edition, now) is Phase.OPEN,
        may_write=may_write,
        deadline=deadline(edition, now),
        left=time_left(edition, now),
        closed="" if may_write else _closed(edition, owner, now),
    )


def lines(edition: Edition, items: WishList, facts: Mapping[int, Target]) -> list[Line]:
    """The items of a list in words, ready for their buttons."""
    return [
        _line(edition, items, item, rank, facts.get(item.organisation))
        for item, rank in wish_order.ranks(items)
    ]


def _line(edition: Edition, items: WishList, item: Item, rank: int | None, target: Target | None) -> Line:
    first, last = wish_order.bounds(items, item.level)
    about = (kind(target.kind), place(target.town, target.department)) if target else ()
    return Line(
        organisation=item.organisation,
        name=target.name if target else _("structure retirée"),
        url=url_for("participant.card", edition=edition.slug, organisation=item.organisation),
        about=" · ".join(filter(None, about)),
        level=item.level.value,
        rank=rank,
        up=rank - 1 if rank is not None and rank > first else 0,
        down=rank + 1 if rank is not None and rank < last else 0,
        top=first if rank is not None and rank > first + 1 else 0,
        delegate=item.delegate,
        several=item.several,
        people=target.people if target else (),
        is_here=bool(target and target.people),
    )


def saved_words(moment: datetime | None) -> str:
    """`Enregistré à 14 h 32`, with the day when it is not today's."""
    if moment is None:
        return ""
    here = local(moment)
    if here.date() == local(datetime.now(moment.tzinfo)).date():
        return _("Enregistré à %(time)s", time=i18n.clock(here))
    return _("Enregistré le %(day)s à %(time)s", day=i18n.long_date(here.date()), time=i18n.clock(here))


def deadline(edition: Edition, now: datetime) -> str:
    """Until when the list can be changed, or since when it cannot."""
    closes = edition.wishes_close_at
    if phases.wishes(edition, now) is not Phase.OPEN or closes is None:
        return ""
    here = local(closes)
    day, time = i18n.long_date(here.date()), i18n.clock(here)
    return _("Vous avez jusqu’au %(day)s à %(time)s.", day=day, time=time)


def time_left(edition: Edition, now: datetime) -> str:
    """`encore 4 jours`, near the end only."""
    closes = edition.wishes_close_at
    if phases.wishes(edition, now) is not Phase.OPEN or closes is None or closes - now > CALM:
        return ""
    days, hours = (closes - now).days, int((closes - now).total_seconds() // 3600)
    if days:
        return ngettext("encore %(num)s jour", "encore %(num)s jours", days)
    if hours:
        return ngettext("encore %(num)s heure", "encore %(num)s heures", hours)
    return _("moins d’une heure")


def _closed(edition: Edition, owner: Delegate, now: datetime) -> str:
    state = phases.wishes(edition, now)
    if state is Phase.OPEN:
        return describe("wishes_not_approved")
    moment = edition.wishes_open_at if state is Phase.COMING else edition.wishes_close_at
    return describe(DomainError("wishes_not_open", state=state, moment=moment))
