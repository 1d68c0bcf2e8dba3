"""The declarative base, its column types and the register of personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC whatever the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """Every table of Salon; `db` shares this registry."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            list[str]: JSON,
            list[int]: JSON,
            StrEnum: Enum(StrEnum, native_enum=False, length=32, values_callable=_values),
        },
    )


@dataclass(frozen=True, slots=True)
class Privacy:
    """What a column holds about a person, and what becomes of it.

    `erase` is `keep`, `clear` (set to the empty value) or `delete` (the row goes).
    """

    personal: bool
    purpose: str
    exported: bool
    erase: str


def _declare(*, personal: bool, purpose: str, exported: bool, erase: str) -> dict[str, Any]:
    return {"privacy": Privacy(personal, purpose, exported, erase)}


TECHNICAL = _declare(personal=False, purpose="running the service", exported=False, erase="keep")
PUBLIC = _declare(personal=False, purpose="presenting the fair", exported=False, erase="keep")
ORGANISATION = _declare(personal=False, purpose="presenting the organisation", exported=True, erase="keep")
IDENTITY = _declare(personal=True, purpose="knowing who attends", exported=True, erase="clear")
CONTACT = _declare(personal=True, purpose="reaching the person", exported=True, erase="clear")
PROFILE = _declare(personal=True, purpose="preparing the meetings", exported=True, erase="clear")
NEED = _declare(personal=True, purpose="meeting an access need", exported=True, erase="clear")
CHOICE = _declare(personal=True, purpose="building the schedule", exported=True, erase="delete")
SECRET = _declare(personal=True, purpose="protecting the account", exported=False, erase="delete")
TRACE = _declare(personal=True, purpose="showing who did what", exported=False, erase="clear")
