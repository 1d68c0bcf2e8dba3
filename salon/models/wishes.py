"""Whom people want to meet, whom they must, and whom never."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.enums import WishLevel
from salon.models.base import PUBLIC, Base
from salon.models.people import Delegate, Organisation


class Wish(Base):
    """One delegate's wish for an organisation, perhaps for one delegate of it.

    `rank` is 1-based among the owner's wishes and absent for a *no thanks*. `several` asks for more than
    the one meeting a pair of organisations has; it counts when both sides ask.
    """

    __tablename__ = "wish"
    __table_args__ = (
        UniqueConstraint("owner_id", "organisation_id"),
        Index("ix_wish_edition_id_organisation_id", "edition_id", "organisation_id"),
        CheckConstraint("(level = 'no_thanks') = (rank IS NULL)", name="rank_unless_no_thanks"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"), index=True)
    level: Mapped[WishLevel]
    rank: Mapped[int | None]
    several: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    owner: Mapped[Delegate] = relationship(foreign_keys=owner_id, lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Exclusion(Base):
    """Two organisations that never meet; known to organisers only."""

    __tablename__ = "exclusion"
    __table_args__ = (
        UniqueConstraint("edition_id", "first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="ordered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="", info=PUBLIC)
    created_at: Mapped[datetime]


class MandatoryMeeting(Base):
    """Two delegates that the organiser wants to meet whatever they wished."""

    __tablename__ = "mandatory_meeting"
    __table_args__ = (
        UniqueConstraint("edition_id", "first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="ordered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="", info=PUBLIC)
    created_at: Mapped[datetime]
