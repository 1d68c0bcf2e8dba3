"""The demo from nothing to paper: build, run, publish, print; each step only if it was not done."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.demo import build
from salon.demo.cast import cast
from salon.enums import ReleaseStage, RunPreset, RunState
from salon.jobs.print_set import Say, load, write
from salon.jobs.unit import reading
from salon.models import Edition, Release, Slot, SolverRun, Table
from salon.queries import releases as promises
from salon.services import drafts, planning, releases
from salon.services.planning_presets import Choice
from salon.services.print_options import ITEMS, Options

SLUG = "passerelles"
SEED = 2027
TIME_LIMIT_S = 30
ORGANISER, ATTENDEE = "sophie.prigent@passerelles.example", "claire.beranger@metropole-de-brevenne.example"
_ACTOR = system("demo")


def edition(session: Session) -> Edition:
    """The demo's main edition."""
    return session.scalars(select(Edition).where(Edition.slug == SLUG)).one()


class InUse(Exception):
    """The database holds editions that are no demo: nothing is built among them."""


def ensure_built(session: Session, now: datetime) -> bool:
    """True when the editions were built now, False when they stood already; raises `InUse`."""
    if build.is_built(session):
        return False
    others = session.scalars(select(Edition.slug).order_by(Edition.slug)).all()
    if others:
        raise InUse(", ".join(others))
    build.build(session, _ACTOR, now, cast(SEED, today=now.date()))
    return True


def ordered_run(session: Session, now: datetime, workers: int) -> int | None:
    """The id of a run ordered now; None when the edition has a release already."""
    here = edition(session)
    if promises.latest(session, here.id) is not None:
        return None
    active = planning.active_run(session, here.id)
    if active is not None:
        return session.scalars(
            select(SolverRun.id).where(SolverRun.edition_id == here.id, SolverRun.number == active)
        ).one()
    choice = Choice(RunPreset.MOST_MEETINGS)
    run = planning.request_run(
        session, _ACTOR, now, edition=here, choice=choice, time_limit_s=TIME_LIMIT_S, seed=SEED,
        workers=workers,
    )  # fmt: skip
    return run.id


def publish(session: Session, now: datetime) -> Release:
    """Release 1 of the current draft, every warning acknowledged; the latest one if there is any."""
    here = edition(session)
    if (latest := promises.latest(session, here.id)) is not None:
        return latest
    draft = promises.current_draft(session, here.id)
    if draft is None:
        raise LookupError("the run left no draft")
    seen = releases.preview(session, here, draft)
    return releases.release(
        session, _ACTOR, now, edition=here, draft=draft, fingerprint=seen.fingerprint,
        acknowledged=[caution.code for caution in seen.cautions], stage=ReleaseStage.PROVISIONAL,
        note="Voici votre agenda. À très bientôt.",
    )  # fmt: skip


def print_all(app: Flask, folder: Path, say: Say) -> int:
    """Every document of the latest release in `folder`; how many were written."""
    from salon import rendering

    pool, options = rendering.pool(app, "fr"), Options()
    with app.app_context(), reading() as (session, _now):
        here = edition(session)
        release = promises.latest(session, here.id)
        if release is None:
            raise LookupError("nothing is published")
        facts = load(app, session, here, options, pool=pool, release=release.number)
    return len(write(facts, options, folder, pool=pool, items=list(ITEMS), say=say))


def last_run(session: Session, edition_id: int) -> SolverRun | None:
    """The run that the certificate speaks of."""
    done = (SolverRun.edition_id == edition_id, SolverRun.state == RunState.DONE)
    return session.scalar(select(SolverRun).where(*done).order_by(SolverRun.number.desc()).limit(1))


def published_places(session: Session, here: Edition, release: Release) -> list[drafts.Place]:
    """What the release promises, as places to verify; raises `LookupError` when a slot or table is gone."""
    slots = select(Slot.starts_at, Slot.id).where(Slot.edition_id == here.id)
    tables = select(Table.label, Table.id).where(Table.edition_id == here.id)
    slot_of, table_of = dict(session.execute(slots).all()), dict(session.execute(tables).all())
    return [
        drafts.Place((row.people[0], row.people[1]), slot_of[row.starts_at], table_of[row.table])
        for row in promises.released(session, release.id)
        if row.is_on
    ]


def is_printed(folder: Path) -> bool:
    """Whether every document was written by an earlier call."""
    return folder.is_dir() and len(list(folder.iterdir())) >= len(ITEMS)
