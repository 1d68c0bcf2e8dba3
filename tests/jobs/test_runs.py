"""Runs from order to draft, with the real child."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import RunState
from salon.models import Draft, Placement, RunPoint, Seat
from salon.services import drafts
from salon.web import SalonFlask
from tests.factories import Factory
from tests.planning_fair import run_now, small_fair


def test_a_run_becomes_the_current_draft(app: SalonFlask, session: Session, make: Factory) -> None:
    fair = small_fair(make)
    run = run_now(app, session, fair)
    assert (run.state, run.error) == (RunState.DONE, "")
    draft = drafts.current(session, fair.edition.id)
    assert draft is not None and draft.run_id == run.id
    placed = session.scalar(select(func.count()).select_from(Placement).where(Placement.draft_id == draft.id))
    assert placed == 9  # three by three, and room for all
    assert session.scalar(select(func.count()).select_from(Seat)) == 18
    assert session.scalar(select(func.count()).select_from(RunPoint))
    assert run.result is not None and run.result["status"] in ("optimal", "feasible")
    assert session.scalar(select(func.count()).select_from(Draft)) == 1
