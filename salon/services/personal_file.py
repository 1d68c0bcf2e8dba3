"""One's own data as a file: JSON for machines, a ZIP with a table for each kind of row for people."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.errors import NotAllowed
from salon.queries import personal_data
from salon.services import audit

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class PersonalFile:
    """What is handed over."""

    filename: str
    media_type: str
    content: bytes


def hand_over(session: Session, actor: Actor, now: datetime, *, as_zip: bool) -> PersonalFile:
    """Everything held about the account that asks; audited. Never for somebody else."""
    if actor.account_id is None or actor.acting_for is not None:
        raise NotAllowed("not_while_acting")
    rows = personal_data.collect(session, actor.account_id)
    audit.record(session, actor, now, "personal_data_exported")
    document = json.dumps({"made_at": now.isoformat(), "tables": rows}, ensure_ascii=False, indent=2).encode()
    name = f"salon-mes-donnees-{now:%Y%m%d}"
    if as_zip:
        return PersonalFile(f"{name}.zip", "application/zip", _zipped(document, rows))
    return PersonalFile(f"{name}.json", "application/json", document)


def _zipped(document: bytes, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", document)
        for name, rows in tables.items():
            if rows:
                archive.writestr(f"{name}.csv", _table(rows))
    return packed.getvalue()


def _table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _cell(value: Any) -> str:
    """Text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
