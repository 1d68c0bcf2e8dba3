"""The sweep that forgets uploaded lists: a day after they came, a week after they were imported."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from salon.jobs.sweep import Nudges, sweeps
from salon.services import imports


@sweeps("imports", every_s=600)
def forget(session: Session, now: datetime) -> Nudges:
    """Rows of files that nobody applied in time, and replaced values that can no longer be restored."""
    imports.sweep(session, now)
    return ()
