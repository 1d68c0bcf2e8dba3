"""Ordering a run of the engine, and making its verified answer a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import ACTIVE_RUN_STATES, DelegateStatus, DraftOrigin, RunState
from salon.errors import DomainError
from salon.models import Delegate, Draft, Edition, Slot, SolverRun, Table
from salon.nudges import after_commit
from salon.queries import planning as reads
from salon.services import audit, drafts
from salon.services.certificate import asked_json
from salon.services.planning_presets import Choice, as_json, weights
from salon.services.planning_problem import Bridge, build, digest, text
from scheduling import io, scoring, verify
from scheduling.problem import InvalidProblem, meeting_key
from scheduling.solution import Assignment, Solution

RUN_TASK = "run"
TIME_LIMITS_S = (30, 120, 600)
MAX_TIME_LIMIT_S = 3600  # for the command line and tests; the page offers TIME_LIMITS_S
MAX_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """A problem ready to run, as stored."""

    bridge: Bridge
    text: str
    hash: str


def prepare(session: Session, edition: Edition, choice: Choice) -> Prepared:
    """The edition's problem as of now. Raises `DomainError` when it has faults or nothing to place."""
    sources = reads.sources(session, edition)
    _refuse_empty(sources)
    try:
        bridge = build(sources, weights(choice))
    except InvalidProblem as error:
        raise DomainError("problem_invalid", issues=error.issues) from error
    if not bridge.problem.pairs and not bridge.problem.mandatory and not bridge.problem.pins:
        raise DomainError("nothing_to_schedule", missing="wishes")
    problem_text = text(bridge.problem)
    return Prepared(bridge, problem_text, digest(problem_text))


def _refuse_empty(sources: reads.Sources) -> None:
    for name in ("slots", "tables", "delegates"):
        if not getattr(sources, name):
            raise DomainError("nothing_to_schedule", missing=name)


def request_run(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    choice: Choice,
    time_limit_s: int,
    seed: int,
    workers: int,
) -> SolverRun:
    """A queued run on a snapshot of the edition; a second is refused with the number of the first."""
    if not 1 <= time_limit_s <= MAX_TIME_LIMIT_S:
        raise DomainError("bad_time_limit", field="time_limit_s")
    if not 0 <= seed <= MAX_SEED:
        raise DomainError("bad_seed", field="seed")
    _refuse_second(session, edition)
    ready = prepare(session, edition, choice)
    run = SolverRun(
        edition_id=edition.id,
        number=_next_number(session, edition),
        state=RunState.QUEUED,
        preset=choice.preset,
        problem=ready.text,
        problem_hash=ready.hash,
        weights=as_json(ready.bridge.problem.weights),
        seed=seed,
        time_limit_s=time_limit_s,
        workers=workers,
        requested_by_id=actor.account_id,
        requested_at=now,
        result={"bridge": _bridge_json(ready.bridge)},
    )
    _add_only_active(session, edition, run)
    audit.record(session, actor, now, "run_requested", edition_id=edition.id, obj=run, number=run.number)
    after_commit(session, RUN_TASK, run.id)
    return run


def _add_only_active(session: Session, edition: Edition, run: SolverRun) -> None:
    """The partial unique index has the last word when two organisers press at once."""
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError as error:
        _refuse_second(session, edition)
        raise DomainError("changed_meanwhile") from error


def active_run(session: Session, edition_id: int) -> int | None:
    """The number of the edition's queued or running run."""
    active = (SolverRun.edition_id == edition_id, SolverRun.state.in_(ACTIVE_RUN_STATES))
    return session.scalar(select(SolverRun.number).where(*active))


def _refuse_second(session: Session, edition: Edition) -> None:
    number = active_run(session, edition.id)
    if number is not None:
        raise DomainError("run_active", number=number)


def _next_number(session: Session, edition: Edition) -> int:
    last = session.scalar(select(func.max(SolverRun.number)).where(SolverRun.edition_id == edition.id))
    return (last or 0) + 1


def _bridge_json(bridge: Bridge) -> dict[str, Any]:
    """What the result page needs to count wishes as the run saw them; ids only."""
    return {
        "wishes": [asked_json(one) for one in bridge.asked],
        "lost_mandatory": [list(pair) for pair in bridge.lost_mandatory],
        "lost_locks": list(bridge.lost_locks),
    }


def request_cancel(session: Session, actor: Actor, now: datetime, *, run: SolverRun) -> None:
    """A queued run is cancelled at once; a running one stops within seconds and keeps its best plan."""
    if run.state not in ACTIVE_RUN_STATES:
        raise DomainError("run_over", number=run.number)
    run.cancel_requested_at = now
    if run.state is RunState.QUEUED:
        run.state, run.finished_at, run.error = RunState.CANCELLED, now, "cancelled_early"
    session.flush()
    audit.record(session, actor, now, "run_cancelled", edition_id=run.edition_id, obj=run, number=run.number)


# The answer -------------------------------------------------------------------------------------------------


class Unusable(Exception):
    """An answer that is no plan of this run; `code` is a run error, `rules` those it breaks."""

    def __init__(self, code: str, rules: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code, self.rules = code, tuple(rules)


def read_plan(run: SolverRun, meetings: object, terms: object = None) -> Solution:
    """The plan of an answer, verified here and not only in the child; raises `Unusable`.

    `terms`, if given, are the figures the child claims: they must be those counted here.
    """
    try:
        problem = io.problem_from(io.decode(run.problem))
        solution = io.solution_from({"meetings": meetings})
    except io.BadInput as error:
        raise Unusable("garbage") from error
    if broken := verify.violations(problem, solution):
        raise Unusable("unverified", sorted({one.rule for one in broken}))
    if terms is not None and _claimed(terms) != {
        str(t.name): t.value for t in scoring.score(problem, solution)
    }:
        raise Unusable("wrong_score")
    return solution


def _claimed(terms: object) -> dict[str, object] | None:
    if not isinstance(terms, list) or not all(isinstance(term, Mapping) for term in terms):
        return None
    return {str(term.get("name")): term.get("value") for term in terms}


def store_solution(session: Session, now: datetime, run: SolverRun, solution: Solution) -> tuple[Draft, int]:
    """The run's plan as the current draft, and how many meetings it leaves out: somebody has gone since.

    Locks stay locks, with who placed them; a meeting of the same two delegates stays the same meeting.
    """
    present = _present(session, run.edition_id)
    kept = [held for held in solution.assignments if present.has((held.a, held.b), held.slot, held.table)]
    before = drafts.current(session, run.edition_id)
    authors = {one.key: one.placed_by for one in drafts.places_of(session, before.id)} if before else {}
    draft = drafts.create(
        session,
        now,
        edition_id=run.edition_id,
        origin=DraftOrigin.RUN,
        places=[_place(held, authors) for held in kept],
        run_id=run.id,
        created_by_id=run.requested_by_id,
    )
    return draft, len(solution.assignments) - len(kept)


def _place(held: Assignment, authors: Mapping[tuple[int, int], int | None]) -> drafts.Place:
    couple = (held.a, held.b)
    author = authors.get(meeting_key(*couple)) if held.pinned else None
    return drafts.Place(couple, held.slot, held.table, locked=held.pinned, placed_by=author)


@dataclass(frozen=True, slots=True)
class _Present:
    """What still exists of what a run was about."""

    delegates: frozenset[int]
    slots: frozenset[int]
    tables: frozenset[int]

    def has(self, people: tuple[int, int], slot: int, table: int) -> bool:
        return self.delegates.issuperset(people) and slot in self.slots and table in self.tables


def _present(session: Session, edition_id: int) -> _Present:
    approved = (Delegate.edition_id == edition_id, Delegate.status == DelegateStatus.APPROVED)
    return _Present(
        frozenset(session.scalars(select(Delegate.id).where(*approved))),
        frozenset(session.scalars(select(Slot.id).where(Slot.edition_id == edition_id))),
        frozenset(session.scalars(select(Table.id).where(Table.edition_id == edition_id))),
    )
