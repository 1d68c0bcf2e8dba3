"""What leaves after a commit: mail, jobs, files; and the keys that make a form count once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from salon.enums import JobKind, JobState, MailKind, MailState
from salon.models.base import CONTACT, PUBLIC, TECHNICAL, Base


class MailBatch(Base):
    """One sending ordered by an organiser after a preview."""

    __tablename__ = "mail_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    kind: Mapped[MailKind]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(400), default="", info=PUBLIC)


class OutboxMail(Base):
    """A message to send; its text is rendered when it leaves, so no prose is stored."""

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_state_next", "state", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MailKind]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("mail_batch.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"), index=True)
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    recipient: Mapped[str] = mapped_column(String(254), info=CONTACT)
    language: Mapped[str] = mapped_column(String(5), info=TECHNICAL)
    params: Mapped[dict[str, Any]] = mapped_column(default=dict, info=TECHNICAL)  # ids and hashes only
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True, info=TECHNICAL)
    message_id: Mapped[str] = mapped_column(String(120), unique=True, info=TECHNICAL)
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="", info=TECHNICAL)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class StoredFile(Base):
    """A document made by a job, with an owner and an end."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    filename: Mapped[str] = mapped_column(String(160), info=TECHNICAL)  # shown to people
    media_type: Mapped[str] = mapped_column(String(100), info=TECHNICAL)
    stored_name: Mapped[str] = mapped_column(String(64), unique=True, info=TECHNICAL)  # generated, on disk
    size: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Job(Base):
    """Slow work other than a run: its row is the truth, the queue's message a nudge."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    kind: Mapped[JobKind]
    state: Mapped[JobState]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict, info=TECHNICAL)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(200), default="", info=TECHNICAL)
    error: Mapped[str] = mapped_column(Text, default="", info=TECHNICAL)
    attempts: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Submission(Base):
    """A form that was already taken: the same form again gets the same answer."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("key", "owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), info=TECHNICAL)
    owner: Mapped[str] = mapped_column(String(64), info=TECHNICAL)  # account or browser
    location: Mapped[str | None] = mapped_column(String(500), info=TECHNICAL)
    at: Mapped[datetime]


class WorkerBeat(Base):
    """When each worker process was last alive, so that pages can say when one is not."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True, info=TECHNICAL)
    at: Mapped[datetime]
    schema: Mapped[str] = mapped_column(String(40), info=TECHNICAL)
