"""A whole fair with one of everything, for checks that walk all pages: access, hostile input, accessibility, speed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon import create_app
from salon.actor import Actor
from salon.enums import (
    DelegateStatus,
    DraftOrigin,
    JobKind,
    JobState,
    MailKind,
    MailState,
    QuestionKind,
    ReleaseReason,
    ReleaseStage,
    Role,
    RunPreset,
    RunState,
    TermKind,
    WishLevel,
)
from salon.extensions import db
from salon.jobs.queue import perform
from salon.models import (
    Account,
    Delegate,
    Draft,
    Edition,
    Exclusion,
    Job,
    MailBatch,
    MandatoryMeeting,
    Meeting,
    MeetingSession,
    Membership,
    Organisation,
    OrganisationTerm,
    OutboxMail,
    Placement,
    ProgrammeItem,
    Question,
    Release,
    Seat,
    SolverRun,
    StoredFile,
    Wish,
)
from salon.services import import_reading, imports, planning, releases
from salon.services.print_options import Options
from salon.web import SalonFlask
from tests.conftest import make_settings, migrate
from tests.factories import Factory
from tests.planning_fair import MOST

FOREIGN_NUMBER = 77  # of the other edition's run, draft and release: a number that this edition has not


@dataclass(frozen=True, slots=True)
class Place:
    """One edition and, by their name in addresses, the number of one object of each kind in it."""

    slug: str
    edition_id: int
    objects: dict[str, int]


@dataclass(frozen=True, slots=True)
class World:
    """Two editions, and accounts by role in the first."""

    here: Place
    there: Place
    hidden: Place  # not public, and nobody of the accounts is in it
    accounts: dict[str, int]
    badge: str  # of the approved attendee


def build(app: SalonFlask, session: Session) -> World:
    """Fill an empty database; the first edition has run, published, and everything else."""
    make = Factory(session, datetime.now(UTC).replace(microsecond=0))
    here, there = _edition(make, "ici"), _edition(make, "ailleurs")
    hidden = make.edition(slug="cachee", is_public=False)
    accounts = _team(make, here, there)
    people = _people(make, here, accounts)
    _plan(app, session, make, here, accounts["owner"])
    objects = {**_rows(make, here, people, accounts["owner"]), **_planned(session, here)}
    elsewhere = _elsewhere(make, there, accounts["other_owner"], accounts["elsewhere"])
    session.commit()
    return World(
        here=Place(here.slug, here.id, objects),
        there=Place(there.slug, there.id, elsewhere),
        hidden=Place(hidden.slug, hidden.id, objects),
        accounts={role: account.id for role, account in accounts.items()},
        badge=people["approved"].code,
    )


def _edition(make: Factory, slug: str) -> Edition:
    today = make.now.date()
    return make.edition(
        slug=slug,
        name=f"Salon d’{slug}",
        subtitle="Acheter et vendre autrement",
        address="12 quai des Docks, 00000 Brévenne",
        first_day=today + timedelta(days=60),
        last_day=today + timedelta(days=60),
        set_up_step=6,
    )


def _team(make: Factory, here: Edition, there: Edition) -> dict[str, Account]:
    members = {
        "owner": make.member(here, Role.OWNER, make.account("owner@salon.example", name="Dominique Ferrand")),
        "organiser": make.member(here, Role.ORGANISER),
        "desk": make.member(here, Role.DESK),
        "reader": make.member(here, Role.READ_ONLY),
        "other_owner": make.member(there, Role.OWNER),
    }
    return {
        **members,
        "admin": make.account("admin@salon.example", is_admin=True),
        "elsewhere": make.account(),
        "member_of_nothing": make.account(),
    }


def _people(make: Factory, edition: Edition, accounts: dict[str, Account]) -> dict[str, Delegate]:
    """Five buyers and five suppliers who wish for each other; one is `approved`, one more waits."""
    buyer, supplier = make.two_sides(edition)
    buyers = [make.delegate(edition, buyer, _organisation(make, edition, i)) for i in range(5)]
    suppliers = [make.delegate(edition, supplier, _organisation(make, edition, 5 + i)) for i in range(5)]
    for b, one in enumerate(buyers):
        for s, other in enumerate(suppliers):
            level = (WishLevel.MUST, WishLevel.MEET, WishLevel.MEET, WishLevel.MEET, WishLevel.NO_THANKS)
            make.wish(one, _home(make, other), level[(b + s) % 5], rank=s + 1)
            if (b + s) % 2 == 0:
                make.wish(other, _home(make, one), rank=b + 1)
    pending = make.delegate(edition, buyer, status=DelegateStatus.PENDING)
    for status in (DelegateStatus.WAITING, DelegateStatus.REFUSED, DelegateStatus.UNCONFIRMED):
        make.delegate(edition, supplier, status=status)
    make.slots(edition, 6)
    make.tables(edition, 5, zone="Nord")
    buyers[0].is_lead = True
    both = make.account("both@salon.example")
    make.delegate(edition, supplier, account=both)
    make.member(edition, Role.OWNER, both)
    accounts |= {
        "approved": make.session.get_one(Account, buyers[0].account_id),
        "pending": make.session.get_one(Account, pending.account_id),
        "both": both,
    }
    return {"approved": buyers[0], "supplier": suppliers[0], "pending": pending}


def _organisation(make: Factory, edition: Edition, number: int) -> Organisation:
    row = make.organisation(
        edition,
        f"Coopérative des Lavandières n° {number}",
        kind="scop" if number % 2 else "association",
        department="69",
        town="Brévenne",
        pitch="Blanchisserie solidaire pour les établissements de santé.",
    )
    make.session.add(OrganisationTerm(organisation_id=row.id, kind=TermKind.NETWORK, code="les_scop"))
    make.session.flush()
    return row


def _home(make: Factory, delegate: Delegate) -> Organisation:
    return make.session.get_one(Organisation, delegate.organisation_id)


def _plan(app: SalonFlask, session: Session, make: Factory, edition: Edition, owner: Account) -> None:
    actor = Actor(account_id=owner.id, roles={edition.id: Role.OWNER})
    run = planning.request_run(
        session, actor, make.now, edition=edition, choice=MOST, time_limit_s=2, seed=1, workers=1
    )
    session.commit()
    perform(app, planning.RUN_TASK, run.id)
    session.rollback()
    draft = session.scalars(select(Draft).where(Draft.edition_id == edition.id)).one()
    seen = releases.preview(session, edition, draft)
    releases.release(
        session,
        actor,
        make.now,
        edition=edition,
        draft=draft,
        fingerprint=seen.fingerprint,
        acknowledged=[caution.code for caution in seen.cautions],
        stage=ReleaseStage.FINAL,
        note="Premier planning",
    )


def _planned(session: Session, edition: Edition) -> dict[str, int]:
    placement = session.scalars(
        select(Placement.id).join(Draft, Draft.id == Placement.draft_id).where(Draft.edition_id == edition.id)
    )
    return {"run": 1, "draft": 1, "release": 1, "placement": placement.first() or 0}


def _rows(make: Factory, edition: Edition, people: dict[str, Delegate], owner: Account) -> dict[str, int]:
    """One object of every kind that a person makes."""
    first, second = people["approved"], people["supplier"]
    ids = {"edition_id": edition.id}
    item = ProgrammeItem(
        **ids,
        starts_at=make.now + timedelta(days=60),
        ends_at=make.now + timedelta(days=60, hours=1),
        title={"fr": "Accueil", "en": "Welcome"},
    )
    question = Question(
        **ids, position=1, kind=QuestionKind.TEXT, label={"fr": "Votre projet ?", "en": "Your project?"}
    )
    actor = Actor(account_id=owner.id, roles={edition.id: Role.OWNER})
    batch = imports.store(
        make.session,
        actor,
        make.now,
        edition=edition,
        filename="liste.csv",
        table=import_reading.read(
            "Structure;Prénom;Nom;E-mail\nAtelier;Lou;Brunel;lou@salon.example\n".encode()
        ),
    )
    session_ = MeetingSession(
        **ids,
        day=edition.first_day,
        starts=time(18, 30),
        ends=time(19, 30),
        slot_min=20,
        changeover_min=5,
        label="Soir",
    )
    waiting = make.delegate(edition, make.type(edition, "P"), status=DelegateStatus.PENDING)
    rows: dict[str, object] = {
        "item": item,
        "question": question,
        "batch": batch,
        "meeting_session": session_,
        "exclusion": Exclusion(
            **ids,
            **_pair(first.organisation_id, second.organisation_id),
            reason="Litige",
            created_at=make.now,
        ),
        "mandatory": MandatoryMeeting(**ids, **_pair(first.id, waiting.id), created_at=make.now),
        "membership": Membership(
            **ids, account_id=make.account().id, role=Role.ORGANISER, created_at=make.now
        ),
        **_operations(make, edition, first, owner),
    }
    found = {name: make._add(row).id for name, row in rows.items()}
    wish = make.session.scalars(select(Wish.id).where(Wish.owner_id == first.id)).first()
    slot, table = make.slots(edition, 1, first=time(17, 0))[0], make.tables(edition, 1)[0]
    return {
        **found,
        **_file(make, edition, found["job"]),
        "delegate": second.id,
        "organisation": second.organisation_id,
        "ptype": second.type_id,
        "slot": slot.id,
        "table": table.id,
        "wish": wish or 0,
    }


def _operations(make: Factory, edition: Edition, delegate: Delegate, owner: Account) -> dict[str, object]:
    mail = OutboxMail(
        edition_id=edition.id,
        kind=MailKind.CONFIRMATION,
        account_id=delegate.account_id,
        delegate_id=delegate.id,
        recipient="personne@exemple.example",
        language="fr",
        dedupe_key=f"monde-{edition.slug}",
        message_id=f"<{edition.slug}@salon.example>",
        state=MailState.FAILED,
        last_error="refusé",
        next_attempt_at=make.now,
        created_at=make.now,
    )
    return {
        "mail": mail,
        "mailing": MailBatch(
            edition_id=edition.id, kind=MailKind.WISHES_OPEN, account_id=owner.id, created_at=make.now
        ),
        "job": Job(
            edition_id=edition.id,
            kind=JobKind.PRINT_SET,
            state=JobState.DONE,
            params={
                "items": ["agendas"],
                "release": None,
                "draft": None,
                "options": Options().as_json(),
                "made": {"agendas": {"file": f"absent-{edition.slug}.pdf", "pages": 3}},
            },
            done=1,
            total=1,
            account_id=owner.id,
            created_at=make.now,
        ),
    }


def _file(make: Factory, edition: Edition, job: int) -> dict[str, int]:
    row = StoredFile(
        edition_id=edition.id,
        job_id=job,
        filename="agendas.pdf",
        media_type="application/pdf",
        stored_name=f"absent-{edition.slug}.pdf",
        size=10,
        created_at=make.now,
        expires_at=make.now + timedelta(days=7),
    )
    return {"file": make._add(row).id}


def _pair(one: int, other: int) -> dict[str, int]:
    first, second = sorted((one, other))
    return {"first_id": first, "second_id": second}


def _elsewhere(make: Factory, edition: Edition, owner: Account, visitor: Account) -> dict[str, int]:
    """The same kinds of objects in the other edition, numbered as nothing is here."""
    buyer, supplier = make.two_sides(edition)
    first, second = make.delegate(edition, buyer, account=visitor), make.delegate(edition, supplier)
    make.wish(first, _home(make, second))
    made = _rows(make, edition, {"approved": first, "supplier": second}, owner)
    run = SolverRun(
        edition_id=edition.id,
        number=FOREIGN_NUMBER,
        state=RunState.FAILED,
        preset=RunPreset.MOST_MEETINGS,
        problem="{}",
        problem_hash="0" * 64,
        weights={},
        seed=1,
        time_limit_s=2,
        workers=1,
        requested_at=make.now,
    )
    draft = Draft(
        edition_id=edition.id,
        number=FOREIGN_NUMBER,
        is_current=True,
        origin=DraftOrigin.MANUAL,
        created_at=make.now,
        changed_at=make.now,
    )
    release = Release(
        edition_id=edition.id,
        number=FOREIGN_NUMBER,
        stage=ReleaseStage.FINAL,
        reason=ReleaseReason.PUBLICATION,
        fingerprint="0" * 64,
        diff={},
        created_at=make.now,
    )
    for row in (run, draft, release):
        make._add(row)
    made |= {"run": FOREIGN_NUMBER, "draft": FOREIGN_NUMBER, "release": FOREIGN_NUMBER}
    return made | {
        "placement": _placement(make, edition, draft, made["slot"], made["table"], (first, second))
    }


def _placement(
    make: Factory, edition: Edition, draft: Draft, slot: int, table: int, people: tuple[Delegate, Delegate]
) -> int:
    meeting = make._add(Meeting(edition_id=edition.id, uid=f"monde-{edition.slug}", created_at=make.now))
    row = make._add(Placement(draft_id=draft.id, meeting_id=meeting.id, slot_id=slot, table_id=table))
    for person in people:
        make._add(Seat(placement_id=row.id, delegate_id=person.id, draft_id=draft.id, slot_id=slot))
    return int(row.id)


def built(folder: Path) -> tuple[Path, World]:
    """A SQLite file that holds the world; copy it for each use."""
    path = folder / "world.sqlite"
    settings = make_settings(folder, f"sqlite:///{path}")
    migrate(settings)
    app = create_app(settings)
    with app.app_context():
        world = build(app, db.session)  # type: ignore[arg-type]
        db.session.remove()
        db.engine.dispose()
    return path, world
