"""Whom an edition still knows, whose account goes with it, and the numbers that stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from salon.enums import MeetingStatus
from salon.models import Account, Delegate, Edition, Membership, Organisation, Release, ReleasedMeeting, Wish

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Going:
    """One person of the dry run."""

    id: int
    name: str
    organisation: str
    keeps_account: bool  # for another edition, or to organise


@dataclass(frozen=True, slots=True)
class DryRun:
    """What the end of the period does, read and not done: people by name, a page of them."""

    people: tuple[Going, ...]
    total: int
    staying: int  # of the total, accounts that live on
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def named() -> Select[int]:
    """Registrations behind which somebody is still known."""
    return (
        select(Delegate.id)
        .join(Account, Account.id == Delegate.account_id)
        .where(Account.erased_at.is_(None))
    )


def holds_people() -> Any:
    """A condition on editions: somebody is still known there."""
    return exists(named().where(Delegate.edition_id == Edition.id).correlate(Edition))


def needed_elsewhere(edition_id: int) -> Select[int]:
    """Accounts that administer, help to organise, or are registered in another edition."""
    other = aliased(Delegate)
    return select(Account.id).where(
        or_(
            Account.is_admin,
            exists().where(Membership.account_id == Account.id),
            exists().where(other.account_id == Account.id, other.edition_id != edition_id),
        )
    )


def dry_run(session: Session, edition: Edition, *, page: int = 1) -> DryRun:
    """One page in three statements; a number beyond the end gives the last page."""
    here = (Delegate.edition_id == edition.id, Delegate.id.in_(named()))
    stays = Delegate.account_id.in_(needed_elsewhere(edition.id))
    total = session.scalar(select(func.count()).select_from(Delegate).where(*here)) or 0
    staying = session.scalar(select(func.count()).select_from(Delegate).where(*here, stays)) or 0
    number = max(1, min(page, -(-total // PER_PAGE)))
    query = (
        select(Delegate.id, Delegate.first_name, Delegate.last_name, Organisation.name, stays)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .where(*here)
        .order_by(Delegate.last_name, Delegate.first_name, Delegate.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    people = tuple(
        Going(id_, f"{first} {last}".strip(), home, bool(keeps))
        for id_, first, last, home, keeps in session.execute(query)
    )
    return DryRun(people, total, staying, number)


def counts(session: Session, edition: Edition) -> dict[str, int]:
    """The numbers that a review of the fair needs once nobody is known any more, in one statement."""
    here = Delegate.edition_id == edition.id
    last = select(func.max(Release.id)).where(Release.edition_id == edition.id).scalar_subquery()
    held = (ReleasedMeeting.release_id == last, ReleasedMeeting.status == MeetingStatus.SCHEDULED)
    parts: dict[str, ScalarSelect[Any]] = {
        "people": select(func.count(Delegate.id)).where(here).scalar_subquery(),
        "organisations": select(func.count(Delegate.organisation_id.distinct()))
        .where(here)
        .scalar_subquery(),
        "wishes": select(func.count(Wish.id)).where(Wish.edition_id == edition.id).scalar_subquery(),
        "meetings": select(func.count(ReleasedMeeting.id)).where(*held).scalar_subquery(),
    }
    return dict(zip(parts, map(int, session.execute(select(*parts.values())).one()), strict=True))
