"""Every column that can hold words declares what it holds about people, and what becomes of it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Enum, LargeBinary, MetaData, String, Table
from sqlalchemy.orm import configure_mappers

from salon.models import Base
from salon.models.base import Privacy


def undeclared(metadata: MetaData) -> list[str]:
    """Columns of free content without a declaration."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, (String, JSON, LargeBinary))
        and not isinstance(column.type, Enum)
        and not isinstance(column.info.get("privacy"), Privacy)
    ]


def test_every_column_of_free_content_is_declared() -> None:
    configure_mappers()
    assert undeclared(Base.metadata) == []


def test_control_an_undeclared_column_is_noticed() -> None:
    metadata = MetaData()
    Table("planted", metadata, Column("note", String(10)))
    assert undeclared(metadata) == ["planted.note"]


def test_personal_columns_are_erased_in_some_way() -> None:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            privacy = column.info.get("privacy")
            if privacy is not None and privacy.personal:
                assert privacy.erase in {"clear", "delete"}, f"{table.name}.{column.name}"
