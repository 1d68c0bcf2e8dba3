"""Writing one's wish list: whole, or one wish at a time; guarded by its version, never half saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from salon import phases
from salon.actor import Actor
from salon.enums import DelegateStatus, Phase, WishLevel
from salon.errors import DomainError, Invalid, NotAllowed
from salon.models import Delegate, Edition, Wish
from salon.queries import wish_list as reads
from salon.queries.wish_list import Person
from salon.services import audit, wish_order
from salon.services.wish_order import Item, WishList

_TABLE: Any = Delegate.__table__  # written past the mapper: a wish must not outdate the person's own form


@dataclass(frozen=True, slots=True)
class Limits:
    """How many wishes a list may hold, and how many of them at the highest level."""

    wishes: int
    musts: int


def limits(edition: Edition) -> Limits:
    """Three in ten wishes may be *must meet*, at least one: a word that fits all says nothing."""
    return Limits(edition.max_wishes, max(1, edition.max_wishes * 3 // 10))


@dataclass(frozen=True, slots=True)
class Saved:
    """A list after a change, and the one before it."""

    before: WishList
    after: WishList
    version: int


def as_list(rows: Iterable[reads.Stored]) -> WishList:
    """Stored rows as a list in order."""
    return wish_order.arranged(Item(row.organisation, row.level, row.delegate, row.several) for row in rows)


def can_write(actor: Actor, edition: Edition, owner: Delegate, now: datetime) -> bool:
    """While wishes are open; an organiser who acts for the person also outside those dates."""
    if owner.status is not DelegateStatus.APPROVED:
        return False
    return actor.acting_for == owner.id or phases.wishes(edition, now) is Phase.OPEN


# Verbs ------------------------------------------------------------------------------------------------------


def replace(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    owner: Delegate,
    version: int,
    items: Iterable[Item],
) -> Saved:
    """The whole list is this one. Raises `DomainError("wishes_changed")` when another tab saved meanwhile."""
    before, current = _begin(session, actor, now, edition, owner)
    wanted = wish_order.arranged(items)
    if version != current and wanted != before:
        raise DomainError("wishes_changed")
    return _store(session, actor, now, edition, owner, before, wanted, current, "replaced")


def put(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    owner: Delegate,
    item: Item,
    rank: int | None = None,
) -> Saved:
    """This wish is in the list as said, whatever the rest has become since the page was shown."""
    before, current = _begin(session, actor, now, edition, owner)
    after = wish_order.put(before, item, rank)
    return _store(session, actor, now, edition, owner, before, after, current, "put")


def remove(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, owner: Delegate, organisation: int
) -> Saved:
    """This organisation is not in the list; that it was not already is no fault."""
    before, current = _begin(session, actor, now, edition, owner)
    after = wish_order.without(before, organisation)
    return _store(session, actor, now, edition, owner, before, after, current, "removed")


def move(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    owner: Delegate,
    version: int,
    organisation: int,
    rank: int,
) -> Saved:
    """This wish has that rank, as near as its level allows.

    A rank means something in the order that the person saw: after another tab's save it is refused
    (`wishes_changed`), unless the wish already stands there, as when a form is sent twice.
    """
    before, current = _begin(session, actor, now, edition, owner)
    after = wish_order.moved(before, organisation, rank)
    if version != current and after != before:
        raise DomainError("wishes_changed")
    return _store(session, actor, now, edition, owner, before, after, current, "moved")


# The one place that writes ----------------------------------------------------------------------------------


def _begin(
    session: Session, actor: Actor, now: datetime, edition: Edition, owner: Delegate
) -> tuple[WishList, int]:
    """The list and its version, ours alone until the end of the transaction."""
    if owner.status is not DelegateStatus.APPROVED:
        raise NotAllowed("wishes_not_approved")
    if not can_write(actor, edition, owner, now):
        raise _closed(edition, now)
    locked = select(_TABLE.c.wishes_version).where(_TABLE.c.id == owner.id).with_for_update()
    current: int = session.execute(locked).scalar_one()
    return as_list(reads.stored(session, owner.id)), current


def _closed(edition: Edition, now: datetime) -> DomainError:
    state = phases.wishes(edition, now)
    moment = edition.wishes_open_at if state is Phase.COMING else edition.wishes_close_at
    return DomainError("wishes_not_open", state=state, moment=moment)


def _store(
    session: Session,
    actor: Actor,
    now: datetime,
    edition: Edition,
    owner: Delegate,
    before: WishList,
    after: WishList,
    version: int,
    verb: str,
) -> Saved:
    if after == before:
        return Saved(before, after, version)
    _check(session, edition, owner, before, after)
    _write(session, now, owner, after)
    saved = version + 1
    session.execute(
        update(_TABLE).where(_TABLE.c.id == owner.id).values(wishes_version=saved, wishes_saved_at=now)
    )
    session.flush()
    session.expire(owner, ["wishes_version", "wishes_saved_at"])
    musts, wishes = wish_order.counts(after)
    audit.record(
        session, actor, now, "wishes_saved", edition_id=edition.id, obj=owner, verb=verb, version=saved,
        wishes=wishes, musts=musts, refusals=len(after) - wishes,
    )  # fmt: skip
    return Saved(before, after, saved)


def _write(session: Session, now: datetime, owner: Delegate, after: WishList) -> None:
    """Rows become the list; a row that says the same keeps its dates, which the organiser's counts read."""
    rows = {
        row.organisation_id: row for row in session.scalars(select(Wish).where(Wish.owner_id == owner.id))
    }
    wanted = {item.organisation: (item, rank) for item, rank in wish_order.ranks(after)}
    if gone := [row.id for key, row in rows.items() if key not in wanted]:
        session.execute(delete(Wish).where(Wish.id.in_(gone)))
    for key, (item, rank) in wanted.items():
        fields = {
            "level": item.level, "rank": rank, "delegate_id": item.delegate, "several": item.several,
        }  # fmt: skip
        row = rows.get(key)
        if row is None:
            session.execute(insert(Wish).values(_new(owner, key, now) | fields))
        elif any(getattr(row, name) != value for name, value in fields.items()):
            session.execute(update(Wish).where(Wish.id == row.id).values(**fields, updated_at=now))


def _new(owner: Delegate, organisation: int, now: datetime) -> dict[str, Any]:
    return {
        "edition_id": owner.edition_id,
        "owner_id": owner.id,
        "organisation_id": organisation,
        "created_at": now,
        "updated_at": now,
    }


# Rules ------------------------------------------------------------------------------------------------------


def _check(session: Session, edition: Edition, owner: Delegate, before: WishList, after: WishList) -> None:
    """Raises for a list that is too long, or for a wish that is new or changed and cannot be made."""
    _check_length(limits(edition), before, after)
    old = {item.organisation: item for item in before}
    changed = [item for item in after if old.get(item.organisation) != item]
    people = reads.people_of(session, owner, {item.organisation for item in changed})
    for item in changed:
        _check_target(owner, item, old.get(item.organisation), people)


def _check_length(most: Limits, before: WishList, after: WishList) -> None:
    """A list that is over a limit (an organiser lowered it) may shrink, never grow."""
    (old_musts, old_wishes), (musts, wishes) = wish_order.counts(before), wish_order.counts(after)
    if wishes > most.wishes and wishes > old_wishes:
        raise Invalid("wishes_full", most=most.wishes, wishes=wishes)
    if musts > most.musts and musts > old_musts:
        raise Invalid("musts_full", most=most.musts, musts=musts)
    if len(after) > wish_order.LONGEST:
        raise Invalid("wishes_too_many", most=wish_order.LONGEST)


def _check_target(
    owner: Delegate, item: Item, old: Item | None, people: Mapping[int, tuple[Person, ...]]
) -> None:
    """Exclusions are not looked at: such a wish is kept like any other, and never served."""
    if item.organisation == owner.organisation_id:
        raise Invalid("wish_own_organisation")
    there = people.get(item.organisation, ())
    if not there and old is None:
        raise Invalid("wish_not_meetable")
    named = {person.id for person in there} | ({old.delegate} if old else set())
    if item.delegate is not None and item.delegate not in named:
        raise Invalid("wish_delegate_unknown")
    if item.level is WishLevel.NO_THANKS and (item.delegate is not None or item.several):
        raise Invalid("wish_refusal_names")
