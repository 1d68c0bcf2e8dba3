"""A small fair to plan: two sides, a few slots and tables, wishes both ways."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import Role, RunPreset, RunState, WishLevel
from salon.jobs import runs as run_jobs
from salon.jobs.queue import perform
from salon.models import Account, Delegate, Edition, Slot, SolverRun, Table
from salon.services import planning
from salon.services.planning_presets import Choice
from salon.web import SalonFlask
from tests.conftest import NOW
from tests.factories import Factory

MOST = Choice(RunPreset.MOST_MEETINGS)
__all__ = ["MOST", "SmallFair", "order_run", "run_now", "small_fair"]


@dataclass(frozen=True, slots=True)
class SmallFair:
    edition: Edition
    owner: Account
    actor: Actor
    buyers: list[Delegate]
    suppliers: list[Delegate]
    slots: list[Slot]
    tables: list[Table]


def small_fair(make: Factory, *, people: int = 3, slots: int = 4, tables: int = 3) -> SmallFair:
    """Each buyer wishes each supplier's organisation; every other wish is mutual; committed."""
    edition = make.edition()
    owner = make.member(edition, Role.OWNER)
    buyer, supplier = make.two_sides(edition)
    buyers = [make.delegate(edition, buyer) for _ in range(people)]
    suppliers = [make.delegate(edition, supplier) for _ in range(people)]
    for b, one in enumerate(buyers):
        for s, other in enumerate(suppliers):
            level = WishLevel.MUST if b == s else WishLevel.MEET
            make.wish(one, organisation_of(make, other), level, rank=s + 1)
            if (b + s) % 2 == 0:
                make.wish(other, organisation_of(make, one), rank=b + 1)
    fair = SmallFair(
        edition,
        owner,
        Actor(account_id=owner.id, roles={edition.id: Role.OWNER}),
        buyers,
        suppliers,
        make.slots(edition, slots),
        make.tables(edition, tables),
    )
    make.session.commit()
    return fair


def organisation_of(make: Factory, delegate: Delegate) -> object:
    from salon.models import Organisation

    return make.session.get_one(Organisation, delegate.organisation_id)


def order_run(session: Session, fair: SmallFair, *, seconds: int = 2, seed: int = 1) -> SolverRun:
    """A queued run, committed."""
    run = planning.request_run(
        session,
        fair.actor,
        NOW,
        edition=fair.edition,
        choice=MOST,
        time_limit_s=seconds,
        seed=seed,
        workers=1,
    )
    session.commit()
    return run


def run_now(app: SalonFlask, session: Session, fair: SmallFair, **options: int) -> SolverRun:
    """A run computed by the real job and its real child."""
    run_id = order_run(session, fair, **options).id
    perform(app, planning.RUN_TASK, run_id)
    session.rollback()
    run = session.get_one(SolverRun, run_id, populate_existing=True)
    assert run.state is not RunState.RUNNING
    return run


assert run_jobs  # registers the handler
