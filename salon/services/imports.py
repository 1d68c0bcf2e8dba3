"""Imported files of registrations: stored, looked at, applied once, undone within seven days.

What was uploaded is kept in `ImportBatch.rows` until it is applied, a day at most. Once applied, the same
column holds the values that the import replaced, for as long as it can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus
from salon.errors import DomainError, Invalid
from salon.keys import email_key
from salon.models import Edition, ImportBatch, ParticipantType
from salon.queries import import_context
from salon.services import audit, import_columns, import_planning, import_writing
from salon.services.import_cells import parse
from salon.services.import_planning import Options, Plan
from salon.services.import_reading import Line, Table

KEPT_FOR = timedelta(days=1)
UNDO_FOR = timedelta(days=7)
FORGOTTEN_AFTER = timedelta(days=30)  # a batch that was never applied
STATUSES = (DelegateStatus.APPROVED, DelegateStatus.PENDING)
_SAMPLES = 50  # values looked at to guess a column


@dataclass(frozen=True, slots=True)
class SheetView:
    """The chosen sheet of a stored file, and its mapping."""

    names: tuple[str, ...]
    index: int
    header: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str
    separator: str
    options: Options


@dataclass(frozen=True, slots=True)
class Preview:
    """The dry run: what the page shows and what its fingerprint signs."""

    sheet: SheetView
    missing: tuple[str, ...]  # required targets without a column
    twice: tuple[str, ...]
    plan: Plan | None  # None while the mapping is not whole


def store(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, filename: str, table: Table
) -> ImportBatch:
    """Keep the read file and the guessed mapping of its longest sheet."""
    index = max(range(len(table.sheets)), key=lambda i: len(table.sheets[i].lines))
    sheet = table.sheets[index]
    batch = ImportBatch(
        edition_id=edition.id,
        account_id=actor.account_id,
        filename=filename[:160],
        header=list(sheet.header),
        rows=[_packed(s.name, s.header, s.lines) for s in table.sheets],
        mapping={
            "sheet": index,
            "encoding": table.encoding,
            "separator": table.separator,
            "status": DelegateStatus.APPROVED.value,
            "type": _only_type(session, edition),
            "columns": _guessed(sheet.header, sheet.lines),
        },
        effects={},
        created_at=now,
    )
    session.add(batch)
    session.flush()
    lines = sum(len(s.lines) for s in table.sheets)
    audit.record(session, actor, now, "import_uploaded", edition_id=edition.id, obj=batch, lines=lines)
    return batch


def _packed(name: str, header: Sequence[str], lines: Sequence[Line]) -> dict[str, Any]:
    return {"name": name, "header": list(header), "lines": [[ln.number, list(ln.cells)] for ln in lines]}


def _guessed(header: Sequence[str], lines: Sequence[Line]) -> list[str]:
    head = lines[:_SAMPLES]
    samples = [[line.cells[i] for line in head] for i in range(len(header))]
    return list(import_columns.guess(header, samples))


def _only_type(session: Session, edition: Edition) -> int | None:
    types = import_context.types(session, edition)
    return types[0].id if len(types) == 1 else None


def choose_sheet(session: Session, batch: ImportBatch, *, index: int) -> None:
    """Read another sheet of the workbook; the columns are guessed again."""
    _check_open(batch)
    if not 0 <= index < len(batch.rows):
        raise Invalid("import_no_such_sheet", field="sheet")
    sheet = _unpacked(batch.rows[index])
    batch.header = list(sheet[0])
    batch.mapping = {**batch.mapping, "sheet": index, "columns": _guessed(*sheet)}
    session.flush()


def choose_columns(
    session: Session,
    batch: ImportBatch,
    *,
    columns: Sequence[str],
    type_id: int | None,
    status: DelegateStatus,
) -> None:
    """Store what each column means and what the file does not say; unknown choices are refused."""
    _check_open(batch)
    if len(columns) != len(batch.header) or set(columns) - {*import_columns.KEYS, import_columns.IGNORED}:
        raise Invalid("import_bad_mapping", field="columns")
    if status not in STATUSES:
        raise Invalid("import_bad_mapping", field="status")
    if type_id is not None and type_id not in _type_ids(session, batch):
        raise Invalid("import_bad_mapping", field="type")
    batch.mapping = {**batch.mapping, "columns": list(columns), "type": type_id, "status": status.value}
    session.flush()


def _type_ids(session: Session, batch: ImportBatch) -> set[int]:
    query = select(ParticipantType.id).where(ParticipantType.edition_id == batch.edition_id)
    return set(session.scalars(query))


def _check_open(batch: ImportBatch) -> None:
    if batch.applied_at is not None:
        raise DomainError("import_already_applied")
    if not batch.rows:
        raise DomainError("import_expired")


def _unpacked(packed: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    lines = tuple(Line(number, tuple(cells)) for number, cells in packed["lines"])
    return tuple(packed["header"]), lines


def view(edition: Edition, batch: ImportBatch) -> SheetView:
    """The chosen sheet of a batch that still holds its file."""
    _check_open(batch)
    mapping = batch.mapping
    header, lines = _unpacked(batch.rows[mapping["sheet"]])
    options = Options(
        columns=tuple(mapping["columns"]),
        type_id=mapping["type"],
        status=DelegateStatus(mapping["status"]),
        locale=edition.languages[0] if edition.languages else "fr",
    )
    names = tuple(sheet["name"] for sheet in batch.rows)
    return SheetView(
        names, mapping["sheet"], header, lines, mapping["encoding"], mapping["separator"], options
    )


def preview(session: Session, edition: Edition, batch: ImportBatch) -> Preview:
    """What the import would do now; writes nothing."""
    return _preview(session, edition, batch)[0]


def _preview(
    session: Session, edition: Edition, batch: ImportBatch
) -> tuple[Preview, import_context.Context | None]:
    sheet = view(edition, batch)
    columns = sheet.options.columns
    missing, twice = import_columns.missing(columns), import_columns.twice(columns)
    if missing or twice:
        return Preview(sheet, missing, twice, None), None
    parsed = [parse(line, sheet.header, columns) for line in sheet.lines]
    keys = list({email_key(one.values["email"]) for one in parsed if "email" in one.values})
    context = import_context.load(session, edition, keys)
    headers = {key: name for key, name in zip(columns, sheet.header, strict=True) if key}
    return Preview(sheet, (), (), import_planning.plan(parsed, context, sheet.options, headers)), context


def apply(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, batch: ImportBatch, fingerprint: str
) -> Plan:
    """Write the valid lines, all or none, if they are still what the organiser saw."""
    session.refresh(batch, with_for_update=True)
    seen, context = _preview(session, edition, batch)
    if seen.plan is None or context is None:
        raise DomainError("import_stale")
    if seen.plan.fingerprint != fingerprint:
        raise DomainError("import_stale")
    if not seen.plan.to_do:
        raise DomainError("import_nothing_to_do")
    done = import_writing.write(session, now, edition, batch, seen.plan, context, seen.sheet.options)
    batch.applied_at, batch.effects, batch.rows = now, done.effects, done.replaced
    session.flush()
    created, updated = len(done.effects["delegates"]), seen.plan.count(import_planning.Fate.UPDATE)
    audit.record(session, actor, now, "import_applied", edition_id=edition.id, obj=batch,
                 created=created, updated=updated)  # fmt: skip
    return seen.plan


def discard(session: Session, actor: Actor, now: datetime, *, batch: ImportBatch) -> None:
    """Forget a file that was not applied."""
    _check_open(batch)
    audit.record(session, actor, now, "import_discarded", edition_id=batch.edition_id, obj=batch)
    session.delete(batch)
    session.flush()


def sweep(session: Session, now: datetime) -> int:
    """Forget files a day old, replaced values a week old, and batches that never served; returns how many."""
    old = select(ImportBatch).where(
        or_(
            ImportBatch.applied_at.is_(None) & (ImportBatch.created_at <= now - KEPT_FOR),
            ImportBatch.applied_at <= now - UNDO_FOR,
        )
    )
    emptied = 0
    for batch in session.scalars(old):
        if batch.rows:
            batch.rows, emptied = [], emptied + 1
    session.execute(
        delete(ImportBatch).where(
            ImportBatch.applied_at.is_(None), ImportBatch.created_at <= now - FORGOTTEN_AFTER
        )
    )
    session.flush()
    return emptied


def forget_person(session: Session, delegate_ids: Sequence[int], email_keys: Sequence[str]) -> None:
    """Drop every stored file and replaced value about these people: called by an erasure."""
    ids, keys = set(delegate_ids), set(email_keys)
    for batch in session.scalars(select(ImportBatch)):
        if not batch.rows:
            continue
        if batch.applied_at is not None:
            kept = [row for row in batch.rows if row["table"] != "delegate" or row["id"] not in ids]
        else:
            kept = [_without(sheet, keys) for sheet in batch.rows]
        if kept != batch.rows:
            session.execute(update(ImportBatch).where(ImportBatch.id == batch.id).values(rows=kept))


def _without(sheet: Mapping[str, Any], keys: set[str]) -> dict[str, Any]:
    lines = [line for line in sheet["lines"] if not keys & {email_key(cell) for cell in line[1]}]
    return {**sheet, "lines": lines}
