"""Organisations, the delegates they send, and what those said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.enums import ConsentPurpose, DelegateStatus, Source, TermKind
from salon.models.accounts import Account
from salon.models.base import (
    CHOICE,
    CONTACT,
    IDENTITY,
    NEED,
    ORGANISATION,
    PROFILE,
    PUBLIC,
    SECRET,
    TECHNICAL,
    Base,
)
from salon.models.programme import ParticipantType


class Organisation(Base):
    """A structure known to a fair; editions of the fair share it."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("fair_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    name: Mapped[str] = mapped_column(String(160), info=ORGANISATION)
    name_key: Mapped[str] = mapped_column(String(200), info=ORGANISATION)  # folded, for look-ups
    siret: Mapped[str | None] = mapped_column(String(14), info=ORGANISATION)
    kind: Mapped[str] = mapped_column(String(40), default="", info=ORGANISATION)  # vocabulary codes
    legal_form: Mapped[str] = mapped_column(String(40), default="", info=ORGANISATION)
    department: Mapped[str] = mapped_column(String(3), default="", info=ORGANISATION)  # INSEE
    town: Mapped[str] = mapped_column(String(100), default="", info=ORGANISATION)
    size: Mapped[str] = mapped_column(String(20), default="", info=ORGANISATION)
    website: Mapped[str] = mapped_column(String(300), default="", info=ORGANISATION)
    pitch: Mapped[str] = mapped_column(String(400), default="", info=ORGANISATION)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    terms: Mapped[list[OrganisationTerm]] = relationship(lazy="raise", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}


class OrganisationTerm(Base):
    """One sector, network, label, language or presta type of an organisation."""

    __tablename__ = "organisation_term"
    __table_args__ = (Index("ix_organisation_term_kind_code", "kind", "code"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[TermKind] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True, info=ORGANISATION)


class Participation(Base):
    """An organisation in one edition: what it offers and needs there."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("edition_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    offers: Mapped[str] = mapped_column(Text, default="", info=ORGANISATION)
    needs: Mapped[str] = mapped_column(Text, default="", info=ORGANISATION)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    terms: Mapped[list[ParticipationTerm]] = relationship(lazy="raise", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}


class ParticipationTerm(Base):
    """A sector offered or needed in one edition."""

    __tablename__ = "participation_term"
    __table_args__ = (Index("ix_participation_term_kind_code", "kind", "code"),)

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    kind: Mapped[TermKind] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True, info=ORGANISATION)


class Delegate(Base):
    """One person registered in one edition, sent by one organisation."""

    __tablename__ = "delegate"
    __table_args__ = (
        UniqueConstraint("edition_id", "account_id"),
        Index("ix_delegate_edition_id_status", "edition_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    type_id: Mapped[int] = mapped_column(ForeignKey("participant_type.id"), index=True)
    status: Mapped[DelegateStatus]
    source: Mapped[Source]
    is_lead: Mapped[bool] = mapped_column(default=False)  # edits the organisation, adds colleagues
    first_name: Mapped[str] = mapped_column(String(80), info=IDENTITY)
    last_name: Mapped[str] = mapped_column(String(80), info=IDENTITY)
    job_title: Mapped[str] = mapped_column(String(120), default="", info=PROFILE)
    phone: Mapped[str] = mapped_column(String(40), default="", info=CONTACT)
    locale: Mapped[str] = mapped_column(String(5), default="fr", info=TECHNICAL)
    languages: Mapped[list[str]] = mapped_column(default=list, info=PROFILE)  # spoken
    shows_contact: Mapped[bool] = mapped_column(default=False)  # e-mail and phone in the catalogue
    step_free: Mapped[bool] = mapped_column(default=False, info=NEED)
    interpreter: Mapped[str] = mapped_column(String(20), default="", info=NEED)
    stays_put: Mapped[bool] = mapped_column(default=False, info=PROFILE)
    max_meetings: Mapped[int | None]  # the person's own wish
    min_override: Mapped[int | None]  # the organiser's, before the type's
    max_override: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(12), unique=True, info=SECRET)  # on the badge
    reason: Mapped[str] = mapped_column(String(500), default="", info=PROFILE)  # of a refusal, cancellation
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    wishes_version: Mapped[int] = mapped_column(default=0)  # guards the list against a second tab
    wishes_saved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")
    type: Mapped[ParticipantType] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Absence(Base):
    """A slot at which a delegate cannot be met."""

    __tablename__ = "absence"

    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"), primary_key=True, index=True)


class Answer(Base):
    """What a delegate answered to an organiser's question."""

    __tablename__ = "answer"

    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True, index=True)
    value: Mapped[dict[str, Any]] = mapped_column(info=PROFILE)  # {"text": …} or {"choices": [index, …]}


class ConsentRecord(Base):
    """A consent given or withdrawn: one row a change, never rewritten."""

    __tablename__ = "consent_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)
    purpose: Mapped[ConsentPurpose]
    given: Mapped[bool]
    wording: Mapped[str] = mapped_column(String(64), info=TECHNICAL)  # version of the text shown
    at: Mapped[datetime]


class FeedToken(Base):
    """The secret of one delegate's calendar feed; only its hash is kept."""

    __tablename__ = "feed_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=SECRET)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ImportBatch(Base):
    """An uploaded file of registrations: read, looked at, applied, perhaps undone."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    filename: Mapped[str] = mapped_column(String(160), info=PUBLIC)
    header: Mapped[list[Any]] = mapped_column(info=TECHNICAL)
    rows: Mapped[list[Any]] = mapped_column(info=CHOICE)  # emptied once applied or after a day
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict, info=TECHNICAL)
    effects: Mapped[dict[str, Any]] = mapped_column(
        default=dict, info=TECHNICAL
    )  # ids and versions, for undo
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
