"""The fair and its editions: dates, room, types, rules, questions, texts."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.enums import QuestionKind
from salon.models.base import PUBLIC, TECHNICAL, Base


class Fair(Base):
    """A business fair, held again and again; its editions share their organisations."""

    __tablename__ = "fair"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), info=PUBLIC)
    created_at: Mapped[datetime]


class Edition(Base):
    """One holding of a fair: everything else hangs on it."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    slug: Mapped[str] = mapped_column(String(60), unique=True, info=PUBLIC)
    name: Mapped[str] = mapped_column(String(120), info=PUBLIC)
    subtitle: Mapped[str] = mapped_column(String(200), default="", info=PUBLIC)
    place: Mapped[str] = mapped_column(String(200), default="", info=PUBLIC)
    address: Mapped[str] = mapped_column(String(300), default="", info=PUBLIC)
    timezone: Mapped[str] = mapped_column(String(60), default="Europe/Paris", info=TECHNICAL)
    first_day: Mapped[date]
    last_day: Mapped[date]
    languages: Mapped[list[str]] = mapped_column(info=PUBLIC)  # locale codes, the first is the default
    contact_email: Mapped[str] = mapped_column(String(254), default="", info=PUBLIC)
    contact_phone: Mapped[str] = mapped_column(String(40), default="", info=PUBLIC)
    accent: Mapped[str | None] = mapped_column(String(7), info=PUBLIC)  # "#6B2A55"
    logo_version: Mapped[int] = mapped_column(default=0)  # 0: none; raised at each upload
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict, info=PUBLIC)  # key -> {locale: text}
    is_public: Mapped[bool] = mapped_column(default=False)
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    wishes_open_at: Mapped[datetime | None]
    wishes_close_at: Mapped[datetime | None]
    publication_at: Mapped[datetime | None]  # planned, as announced
    max_wishes: Mapped[int] = mapped_column(default=10)
    set_up_step: Mapped[int] = mapped_column(default=1)  # furthest step of the wizard reached
    retention_months: Mapped[int] = mapped_column(default=12)  # how long people are known after the last day
    retention_notice_at: Mapped[datetime | None]  # since when the organisers are told that the end is near
    anonymised_at: Mapped[datetime | None]  # when the last person named here was forgotten
    kept_counts: Mapped[dict[str, Any]] = mapped_column(default=dict, info=TECHNICAL)  # numbers of then
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    fair: Mapped[Fair] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("retention_months BETWEEN 1 AND 36", name="retention_length"),
    )


class Asset(Base):
    """A picture of an edition, re-encoded by us."""

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("edition_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    kind: Mapped[str] = mapped_column(String(20), info=TECHNICAL)
    media_type: Mapped[str] = mapped_column(String(40), info=TECHNICAL)
    content: Mapped[bytes] = mapped_column(LargeBinary, info=PUBLIC)
    created_at: Mapped[datetime]


class MeetingSession(Base):
    """A *plage*: a stretch of one day cut into slots of equal length."""

    __tablename__ = "meeting_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    day: Mapped[date]
    starts: Mapped[time]  # wall clock of the edition's zone
    ends: Mapped[time]
    slot_min: Mapped[int] = mapped_column(default=20)
    changeover_min: Mapped[int] = mapped_column(default=5)
    label: Mapped[str] = mapped_column(String(80), default="", info=PUBLIC)

    __table_args__ = (
        CheckConstraint("slot_min BETWEEN 5 AND 240", name="slot_length"),
        CheckConstraint("changeover_min BETWEEN 0 AND 120", name="changeover_length"),
    )


class Slot(Base):
    """One start time of a session; meetings last `[starts_at, ends_at)`."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("edition_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class ProgrammeItem(Base):
    """A welcome, a talk, a lunch: shown on the public page and between meetings."""

    __tablename__ = "programme_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    title: Mapped[dict[str, Any]] = mapped_column(info=PUBLIC)  # locale -> text
    place: Mapped[str] = mapped_column(String(120), default="", info=PUBLIC)
    on_agendas: Mapped[bool] = mapped_column(default=True)


class Table(Base):
    """Where a meeting sits; with an organisation it is that one's fixed stand."""

    __tablename__ = "meeting_table"
    __table_args__ = (UniqueConstraint("edition_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    label: Mapped[str] = mapped_column(String(12), info=PUBLIC)
    position: Mapped[int]
    zone: Mapped[str] = mapped_column(String(60), default="", info=PUBLIC)
    places: Mapped[int] = mapped_column(default=4)  # chairs
    step_free: Mapped[bool] = mapped_column(default=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)


class ParticipantType(Base):
    """A side of the fair: buyer, exhibitor…, with its places and its quotas."""

    __tablename__ = "participant_type"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(1), info=PUBLIC)  # the letter on badges
    name: Mapped[dict[str, Any]] = mapped_column(info=PUBLIC)  # locale -> text
    hue: Mapped[str] = mapped_column(String(12), info=PUBLIC)  # A E P V O: one of the five of design.md
    position: Mapped[int]
    capacity: Mapped[int | None]  # people; None = no limit
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    closes_at: Mapped[datetime | None]
    approves_itself: Mapped[bool] = mapped_column(default=False)
    is_open: Mapped[bool] = mapped_column(default=True)  # on the public form
    min_meetings: Mapped[int] = mapped_column(default=0)
    max_meetings: Mapped[int | None]
    max_per_day: Mapped[int | None]
    minimum_is_hard: Mapped[bool] = mapped_column(default=False)


class TypeRule(Base):
    """Two types that may meet; a pair without a row may not."""

    __tablename__ = "type_rule"

    first_id: Mapped[int] = mapped_column(ForeignKey("participant_type.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("participant_type.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)

    __table_args__ = (CheckConstraint("first_id <= second_id", name="ordered"),)


class Question(Base):
    """Something the organiser asks at registration."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    position: Mapped[int]
    kind: Mapped[QuestionKind]
    label: Mapped[dict[str, Any]] = mapped_column(info=PUBLIC)  # locale -> text
    help: Mapped[dict[str, Any]] = mapped_column(default=dict, info=PUBLIC)
    choices: Mapped[list[Any]] = mapped_column(default=list, info=PUBLIC)  # [{locale: text}]
    required: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[datetime | None]
    purpose: Mapped[str] = mapped_column(Text, default="", info=PUBLIC)  # why it is asked, shown with it
