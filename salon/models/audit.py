"""The append-only log: who did what, chained so that a change shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from salon.models.base import TECHNICAL, TRACE, Base


class AuditEntry(Base):
    """One event; ids only, no personal value. `hash` covers the entry and the hash before it."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    edition_id: Mapped[int | None] = mapped_column(index=True)
    account_id: Mapped[int | None]
    acting_for_id: Mapped[int | None]
    role: Mapped[str] = mapped_column(String(40), info=TRACE)
    action: Mapped[str] = mapped_column(String(60), info=TRACE)
    object_type: Mapped[str] = mapped_column(String(40), default="", info=TRACE)
    object_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(info=TRACE)
    request_id: Mapped[str] = mapped_column(String(32), default="", info=TECHNICAL)
    previous_hash: Mapped[str] = mapped_column(String(64), info=TECHNICAL)
    hash: Mapped[str] = mapped_column(String(64), info=TECHNICAL)
