"""Real rows with sensible values; each call says only what its test is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, Role, Source, WishLevel
from salon.models import (
    Account,
    Delegate,
    Edition,
    Fair,
    MeetingSession,
    Membership,
    Organisation,
    ParticipantType,
    Participation,
    Slot,
    Table,
    TypeRule,
    Wish,
)
from salon.services import tokens


class Factory:
    """Adds rows to a session and flushes them; numbers keep names apart."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self._numbers = count(1)

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def account(self, email: str | None = None, **fields: Any) -> Account:
        email = email or f"personne{next(self._numbers)}@exemple.example"
        values = {
            "email": email,
            "email_key": email.casefold(),
            "created_at": self.now,
            "verified_at": self.now,
        }
        return self._add(Account(**{**values, **fields}))  # type: ignore[no-any-return]

    def edition(self, **fields: Any) -> Edition:
        n = next(self._numbers)
        fair = fields.pop("fair", None) or self._add(Fair(name=f"Salon {n}", created_at=self.now))
        values: dict[str, Any] = {
            "fair_id": fair.id,
            "slug": f"salon-{n}",
            "name": f"Salon {n}",
            "place": "Halle des Docks, Brévenne",
            "first_day": date(2027, 3, 11),
            "last_day": date(2027, 3, 11),
            "languages": ["fr", "en"],
            "is_public": True,
            "created_at": self.now,
            "contact_email": "bonjour@salon.example",
            "registration_opens_at": self.now - timedelta(days=20),
            "registration_closes_at": self.now + timedelta(days=40),
            "wishes_open_at": self.now - timedelta(days=5),
            "wishes_close_at": self.now + timedelta(days=15),
        }
        return self._add(Edition(**{**values, **fields}))  # type: ignore[no-any-return]

    def member(self, edition: Edition, role: Role = Role.OWNER, account: Account | None = None) -> Account:
        account = account or self.account()
        self._add(Membership(edition_id=edition.id, account_id=account.id, role=role, created_at=self.now))
        return account

    def type(self, edition: Edition, code: str = "A", **fields: Any) -> ParticipantType:
        values = {
            "edition_id": edition.id,
            "code": code,
            "name": {"fr": f"Type {code}", "en": f"Type {code}"},
            "hue": code,
            "position": next(self._numbers),
        }
        return self._add(ParticipantType(**{**values, **fields}))  # type: ignore[no-any-return]

    def two_sides(self, edition: Edition, **fields: Any) -> tuple[ParticipantType, ParticipantType]:
        """Buyers and exhibitors who may meet each other, and not among themselves."""
        buyers, exhibitors = self.type(edition, "A", **fields), self.type(edition, "E", **fields)
        self.rule(edition, buyers, exhibitors)
        return buyers, exhibitors

    def rule(self, edition: Edition, one: ParticipantType, other: ParticipantType) -> TypeRule:
        first, second = sorted((one.id, other.id))
        return self._add(TypeRule(edition_id=edition.id, first_id=first, second_id=second))  # type: ignore[no-any-return]

    def organisation(self, edition: Edition, name: str | None = None, **fields: Any) -> Organisation:
        """An organisation that takes part in the edition."""
        name = name or f"Structure {next(self._numbers)}"
        row = self._add(
            Organisation(
                fair_id=edition.fair_id, name=name, name_key=name.casefold(), created_at=self.now, **fields
            )
        )
        self._add(Participation(edition_id=edition.id, organisation_id=row.id, created_at=self.now))
        return row  # type: ignore[no-any-return]

    def delegate(
        self,
        edition: Edition,
        type_: ParticipantType,
        organisation: Organisation | None = None,
        **fields: Any,
    ) -> Delegate:
        n = next(self._numbers)
        organisation = organisation or self.organisation(edition)
        account = fields.pop("account", None) or self.account()
        values = {
            "edition_id": edition.id,
            "organisation_id": organisation.id,
            "account_id": account.id,
            "type_id": type_.id,
            "status": DelegateStatus.APPROVED,
            "source": Source.SELF,
            "first_name": f"Prénom{n}",
            "last_name": f"Nom{n}",
            "code": tokens.new_badge_code(),
            "created_at": self.now,
            "confirmed_at": self.now,
        }
        return self._add(Delegate(**{**values, **fields}))  # type: ignore[no-any-return]

    def slots(self, edition: Edition, how_many: int = 4, *, first: time = time(9, 0)) -> list[Slot]:
        """One session of 20 + 5 minute slots on the first day."""
        session = self._add(
            MeetingSession(
                edition_id=edition.id,
                day=edition.first_day,
                starts=first,
                ends=time(18, 0),
                slot_min=20,
                changeover_min=5,
                label="",
            )
        )
        zone = ZoneInfo(edition.timezone)
        start = datetime.combine(edition.first_day, first, zone).astimezone(UTC)
        return [
            self._add(
                Slot(
                    edition_id=edition.id,
                    session_id=session.id,
                    starts_at=start + timedelta(minutes=25 * i),
                    ends_at=start + timedelta(minutes=25 * i + 20),
                )
            )
            for i in range(how_many)
        ]

    def tables(self, edition: Edition, how_many: int = 3, **fields: Any) -> list[Table]:
        rows = []
        for _i in range(how_many):
            n = next(self._numbers)
            rows.append(self._add(Table(edition_id=edition.id, label=f"T{n:02d}", position=n, **fields)))
        return rows

    def wish(
        self,
        owner: Delegate,
        organisation: Organisation,
        level: WishLevel = WishLevel.MEET,
        rank: int | None = 1,
        **fields: Any,
    ) -> Wish:
        values = {
            "edition_id": owner.edition_id,
            "owner_id": owner.id,
            "organisation_id": organisation.id,
            "level": level,
            "rank": None if level is WishLevel.NO_THANKS else rank,
            "created_at": self.now,
            "updated_at": self.now,
        }
        return self._add(Wish(**{**values, **fields}))  # type: ignore[no-any-return]
