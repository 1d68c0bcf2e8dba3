"""The end of the retention period: announced thirty days ahead, on the day, for those concerned alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon import keeping, ledger
from salon.actor import Actor
from salon.clockwork import to_utc
from salon.enums import DelegateStatus
from salon.errors import DomainError, Invalid
from salon.extensions import db
from salon.jobs import erasures
from salon.jobs.queue import perform
from salon.jobs.unit import writing
from salon.models import Account, AuditEntry, Delegate, Edition, OutboxMail, Release, ReleasedMeeting, Wish
from salon.nudges import collect
from salon.queries import retention as reads
from salon.services import erasure_replay, retention
from salon.web import SalonFlask
from tests.conftest import NOW, POSTGRES
from tests.factories import Factory
from tests.planning_fair import SmallFair
from tests.services.test_erasure import CANARY, bytes_of, fair, person, publish, words_in_tables

__all__ = ["fair", "person"]

LAST = datetime(2028, 3, 11, 23, 0, tzinfo=UTC)  # midnight in Paris, twelve months after 11 March 2027
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Clockwork:
    """The worker's hourly sweep, at the instants that a test chooses."""

    def __init__(self, app: SalonFlask, session: Session, fair: SmallFair) -> None:
        self.app, self.session, self.edition_id = app, session, fair.edition.id

    def at(self, moment: datetime) -> int:
        """The sweep and what it asks for; how many people are still known in the edition."""
        self.session.rollback()
        with time_machine.travel(moment, tick=False):
            with writing() as (session, now):
                due = retention.sweep(session, now)
            for one in due:
                perform(self.app, "forget_people", one)
        self.session.rollback()
        collect(self.session)
        return self.known()

    def known(self) -> int:
        self.session.expire_all()
        here = Delegate.edition_id == self.edition_id
        return len(
            self.session.scalars(select(Delegate.id).where(here, Delegate.id.in_(reads.named()))).all()
        )

    @property
    def edition(self) -> Edition:
        return self.session.get_one(Edition, self.edition_id, populate_existing=True)


@pytest.fixture
def clock(app: SalonFlask, session: Session, fair: SmallFair) -> Clockwork:
    session.commit()
    return Clockwork(app, session, fair)


# When -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last_day", "months", "zone", "over"),
    [
        (date(2027, 3, 11), 12, "Europe/Paris", date(2028, 3, 12)),
        (date(2027, 3, 11), 1, "America/Guadeloupe", date(2027, 4, 12)),
        (date(2027, 8, 31), 6, "Europe/Paris", date(2028, 3, 1)),  # 29 February, then the day after
        (date(2028, 2, 29), 12, "Europe/Paris", date(2029, 3, 1)),
        (date(2027, 12, 31), 36, "Pacific/Noumea", date(2031, 1, 1)),
    ],
)
def test_the_period_ends_at_a_midnight_of_the_fair(
    make: Factory, last_day: date, months: int, zone: str, over: date
) -> None:
    edition = make.edition(first_day=last_day, last_day=last_day, retention_months=months, timezone=zone)
    assert keeping.over_at(edition) == to_utc(over, datetime.min.time(), zone)


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)), st.integers(1, 36))
def test_a_longer_period_never_ends_sooner(day: date, months: int) -> None:
    class Some:
        last_day, timezone, retention_notice_at = day, "Europe/Paris", None
        retention_months = months

    class Longer(Some):
        retention_months = months + 1

    assert keeping.over_at(Some()) < keeping.over_at(Longer())  # type: ignore[arg-type]


def test_nobody_early_and_nobody_late(clock: Clockwork) -> None:
    """The sweep runs every hour for two months around the day: only the hour of the day changes anything."""
    everybody = clock.known()
    moment, seen = LAST - 40 * DAY, []
    while moment < LAST + 20 * DAY:
        seen.append((moment, clock.at(moment)))
        moment += timedelta(hours=7)  # every hour takes long; seven visit each hour of the day
    early = [at for at, known in seen if at < LAST and known != everybody]
    late = [at for at, known in seen if at >= LAST and known != 0]
    assert (early, late) == ([], [])


def test_the_very_hour(clock: Clockwork) -> None:
    everybody = clock.known()
    clock.at(LAST - keeping.SHOWN_FOR)
    assert clock.at(LAST - timedelta(seconds=1)) == everybody
    assert clock.at(LAST) == 0


def test_control_without_notice_the_day_would_not_be_met(clock: Clockwork) -> None:
    """A worker that slept through the notice gives thirty days from when it woke up."""
    everybody = clock.known()
    woke = LAST + 3 * DAY
    assert clock.at(woke) == everybody
    assert clock.at(woke + keeping.NOTICE - HOUR) == everybody
    assert clock.at(woke + keeping.NOTICE) == 0


# The notice -------------------------------------------------------------------------------------------------


def test_the_notice_begins_once_and_is_audited(clock: Clockwork) -> None:
    clock.at(LAST - keeping.SHOWN_FOR - HOUR)
    assert clock.edition.retention_notice_at is None
    clock.at(LAST - keeping.SHOWN_FOR)
    clock.at(LAST - keeping.SHOWN_FOR + HOUR)
    assert clock.edition.retention_notice_at == LAST - keeping.SHOWN_FOR
    said = clock.session.scalars(select(AuditEntry).where(AuditEntry.action == "retention_announced")).all()
    assert [entry.details for entry in said] == [{"due": LAST.isoformat()}]


def test_a_period_made_longer_ends_the_notice(session: Session, clock: Clockwork, fair: SmallFair) -> None:
    everybody = clock.known()
    clock.at(LAST - 10 * DAY)
    change(session, fair, clock.edition, 18)
    assert clock.at(LAST + DAY) == everybody
    assert clock.edition.retention_notice_at is None


def test_a_period_made_shorter_still_gives_thirty_days(
    session: Session, clock: Clockwork, fair: SmallFair
) -> None:
    everybody = clock.known()
    change(session, fair, clock.edition, 1)
    late = LAST - 60 * DAY  # long past one month
    assert clock.at(late) == everybody
    assert clock.at(late + keeping.NOTICE - HOUR) == everybody
    assert clock.at(late + keeping.NOTICE) == 0


def change(session: Session, fair: SmallFair, edition: Edition, months: int) -> None:
    retention.set_months(session, fair.actor, NOW, edition=edition, version=edition.version, months=months)
    session.commit()


@pytest.mark.parametrize("months", [0, 37, -1])
def test_one_month_to_three_years(session: Session, fair: SmallFair, months: int) -> None:
    with pytest.raises(Invalid, match="retention_length"):
        retention.set_months(
            session, fair.actor, NOW, edition=fair.edition, version=fair.edition.version, months=months
        )


def test_two_organisers_do_not_overwrite_each_other(session: Session, fair: SmallFair) -> None:
    with pytest.raises(DomainError, match="changed_meanwhile"):
        retention.set_months(
            session, fair.actor, NOW, edition=fair.edition, version=fair.edition.version - 1, months=6
        )


# What is left -----------------------------------------------------------------------------------------------


def forget_all(clock: Clockwork) -> None:
    clock.at(LAST - keeping.SHOWN_FOR)
    assert clock.at(LAST) == 0


def test_nothing_names_the_person_and_counts_stay(
    session: Session, clock: Clockwork, fair: SmallFair, person: Delegate
) -> None:
    publish(session, fair)
    assert CANARY in words_in_tables(session)  # negative control
    before = reads.counts(session, clock.edition)
    letters = len(session.scalars(select(OutboxMail.id)).all())
    forget_all(clock)
    assert [line for line in words_in_tables(session).split("\n") if CANARY in line] == []
    edition = clock.edition
    assert edition.kept_counts == before
    assert before["people"] == 6
    assert before["meetings"] == 3
    assert before["wishes"] > 0
    assert edition.anonymised_at == LAST
    assert session.scalars(select(Wish.id).where(Wish.edition_id == edition.id)).all() == []
    assert len(session.scalars(select(ReleasedMeeting.id)).all()) == 3  # a release never changes
    assert len(session.scalars(select(Release.id)).all()) == 1  # nobody withdrew
    assert len(session.scalars(select(OutboxMail.id)).all()) <= letters  # nobody was written to


@pytest.mark.skipif(bool(POSTGRES), reason="looks into SQLite's file")
def test_no_byte_is_left_in_the_file(
    app: SalonFlask, session: Session, clock: Clockwork, person: Delegate
) -> None:
    forget_all(clock)
    session.close()
    perform(app, "scrub_store", 0)
    content = bytes_of(Path(str(db.engine.url.database))).lower()
    assert CANARY.encode() not in content


def test_registrations_stand_as_they_were_without_a_name(
    session: Session, clock: Clockwork, person: Delegate
) -> None:
    code = person.code
    forget_all(clock)
    session.refresh(person)
    assert (person.status, person.full_name) == (DelegateStatus.APPROVED, "")
    assert person.code != code  # the badge of then opens nothing


def test_an_account_that_serves_elsewhere_goes_on_without_a_link(
    session: Session, make: Factory, clock: Clockwork, person: Delegate
) -> None:
    later = make.edition(first_day=date(2028, 3, 9), last_day=date(2028, 3, 9))
    side = make.type(later)
    again = make.delegate(later, side, account=session.get_one(Account, person.account_id))
    session.commit()
    account_id = person.account_id
    assert reads.dry_run(session, clock.edition).staying == 1
    forget_all(clock)
    account = session.get_one(Account, account_id, populate_existing=True)
    assert (account.erased_at, account.email) == (None, f"{CANARY}@exemple.example")
    session.refresh(person)
    assert person.account_id != account_id
    assert person.full_name == ""
    session.refresh(again)
    assert again.account_id == account_id
    linked = select(OutboxMail.id).where(OutboxMail.delegate_id == person.id, OutboxMail.recipient != "")
    assert session.scalars(linked).all() == []


def test_the_team_keeps_its_accounts(session: Session, clock: Clockwork, fair: SmallFair) -> None:
    forget_all(clock)
    assert session.get_one(Account, fair.owner.id, populate_existing=True).erased_at is None


def test_the_dry_run_names_exactly_those_who_go(
    session: Session, make: Factory, clock: Clockwork, fair: SmallFair
) -> None:
    other = make.edition(first_day=date(2027, 9, 9), last_day=date(2027, 9, 9))
    kept = make.delegate(other, make.type(other))
    session.commit()
    told = {one.id for one in reads.dry_run(session, clock.edition).people}
    forget_all(clock)
    nameless = {one.id for one in session.scalars(select(Delegate)) if not one.full_name}
    assert told == nameless
    assert len(told) == 6
    assert session.get_one(Delegate, kept.id, populate_existing=True).full_name != ""


def test_a_crash_leaves_the_rest_to_the_next_sweep(
    app: SalonFlask, session: Session, clock: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    clock.at(LAST - keeping.SHOWN_FOR)
    with time_machine.travel(LAST, tick=False), writing() as (inside, now):
        assert retention.forget_due(inside, now, edition_id=clock.edition_id) == 2
    assert clock.known() == 4
    counted = dict(clock.edition.kept_counts)
    assert clock.at(LAST + HOUR) == 0
    assert clock.edition.kept_counts == counted  # of before the first, not of between
    done = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "people_forgotten")).all()
    assert [one["count"] for one in done] == [2, 2, 2]


# After a restore --------------------------------------------------------------------------------------------


@contextmanager
def taken_back(session: Session, edition: Edition, *people: Delegate) -> Iterator[None]:
    """As an older copy knows them."""
    edition.anonymised_at, edition.retention_notice_at = None, None
    for one in people:
        one.first_name = "Revenue"
        session.get_one(Account, one.account_id).erased_at = None
    session.flush()
    yield
    session.rollback()


def test_what_was_forgotten_is_forgotten_again(
    app: SalonFlask, session: Session, make: Factory, clock: Clockwork, person: Delegate
) -> None:
    forget_all(clock)
    perform(app, "note_erasures", 0)
    known = ledger.read(erasures.ledger_file(app))
    assert {line.kind for line in known} == {"account", "edition"}
    edition = clock.edition
    with taken_back(session, edition, person):
        lines = [line for line in known if line.kind == "edition"]
        newer = make.delegate(edition, make.type(edition, "Z"), created_at=LAST + DAY)
        assert erasure_replay.again(session, Actor(), LAST + 9 * DAY, lines) == 1
        assert person.full_name == ""
        assert newer.full_name != ""  # came after: not theirs to forget
        assert edition.anonymised_at == LAST
