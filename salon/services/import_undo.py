"""Taking an import back: what it made and nobody touched since goes, what it replaced returns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import TermKind
from salon.errors import DomainError
from salon.models import (
    Account,
    Base,
    Delegate,
    ImportBatch,
    Organisation,
    OrganisationTerm,
    Participation,
    ParticipationTerm,
)
from salon.services import audit
from salon.services.imports import UNDO_FOR

_CHUNK = 500
_WHY = {"outbox_mail": "mail", "wish": "wishes", "seat": "plan", "released_seat": "plan",
        "mandatory_meeting": "mandatory", "auth_session": "in_use", "exclusion": "exclusion",
        "meeting_table": "stand"}  # fmt: skip
_TABLES: Mapping[str, Any] = {
    "delegate": Delegate,
    "organisation": Organisation,
    "participation": Participation,
}


@dataclass(frozen=True, slots=True)
class Undone:
    """How many people went, how many rows returned to what they were, and whom we kept, with the reason."""

    removed: int
    restored: int
    kept: tuple[tuple[int, str], ...]  # delegate id, reason code


def undo(session: Session, actor: Actor, now: datetime, *, batch: ImportBatch) -> Undone:
    """Take the import back; refuses when it was not applied, is undone already, or is a week old."""
    session.refresh(batch, with_for_update=True)
    if batch.applied_at is None or batch.undone_at is not None:
        raise DomainError("import_not_undoable")
    if now - batch.applied_at > UNDO_FOR:
        raise DomainError("import_undo_too_late")
    removed, kept = _remove_people(session, batch)
    _remove_structures(session, batch)
    _remove_accounts(session, batch)
    restored, edited = _restore(session, batch.rows)
    done = Undone(removed, restored, (*kept, *edited))
    batch.undone_at, batch.rows = now, []
    batch.effects = {**batch.effects, "kept": [list(one) for one in done.kept], "removed": removed,
                     "restored": restored}  # fmt: skip
    session.flush()
    audit.record(session, actor, now, "import_undone", edition_id=batch.edition_id, obj=batch,
                 removed=removed, restored=restored, kept=len(done.kept))  # fmt: skip
    session.expire_all()
    return done


def _remove_people(session: Session, batch: ImportBatch) -> tuple[int, list[tuple[int, str]]]:
    versions = dict(batch.effects["delegates"])
    there = _versions(session, Delegate, versions)
    kept = {key: "edited" for key, version in there.items() if version != versions[key]}
    for key, table in _referenced(session, "delegate", there).items():
        kept.setdefault(key, _WHY.get(table, "edited"))
    gone = [key for key in there if key not in kept]
    _delete(session, Delegate, gone)
    return len(gone), sorted(kept.items())


def _remove_structures(session: Session, batch: ImportBatch) -> None:
    """A structure goes with its participation when nothing else names it and nobody edited it."""
    parts = dict(batch.effects["participations"])
    homes = dict(
        _pairs(session, select(Participation.id, Participation.organisation_id), Participation.id, parts)
    )
    busy = _referenced(session, "organisation", homes.values(), but=("organisation_term", "participation"))
    same = {key for key, version in _versions(session, Participation, parts).items() if version == parts[key]}
    gone = [key for key, home in homes.items() if home not in busy and key in same]
    _delete_terms(session, ParticipationTerm.participation_id, gone)
    _delete(session, Participation, gone)
    _remove_organisations(session, dict(batch.effects["organisations"]))


def _remove_organisations(session: Session, made: Mapping[int, int]) -> None:
    there = {key for key, version in _versions(session, Organisation, made).items() if version == made[key]}
    busy = _referenced(session, "organisation", there, but=("organisation_term",))
    gone = [key for key in there if key not in busy]
    _delete_terms(session, OrganisationTerm.organisation_id, gone)
    _delete(session, Organisation, gone)


def _remove_accounts(session: Session, batch: ImportBatch) -> None:
    """Accounts that only this import made, that nobody ever opened."""
    ids = [key for key, _version in batch.effects["accounts"]]
    query = select(Account.id, Account.is_admin)
    quiet = _pairs(session, query.where(Account.verified_at.is_(None)), Account.id, ids)
    there = [key for key, is_admin in quiet if not is_admin]
    busy = _referenced(session, "account", there)
    _delete(session, Account, [key for key in there if key not in busy])


def _restore(session: Session, replaced: Iterable[Mapping[str, Any]]) -> tuple[int, list[tuple[int, str]]]:
    """Put replaced values back where the row is as the import left it; the people whose row is not."""
    restored, edited = 0, []
    for old in replaced:
        row = session.get(_TABLES[old["table"]], old["id"])
        if row is None or row.version != old["version"]:
            if old["table"] == "delegate" and row is not None:
                edited.append((row.id, "edited"))
            continue
        for name, value in old["before"].items():
            setattr(row, name, value)
        _drop_terms(session, old)
        restored += 1
    session.flush()
    return restored, edited


def _drop_terms(session: Session, old: Mapping[str, Any]) -> None:
    for kind, code in old["terms"]:
        session.execute(
            delete(OrganisationTerm).where(
                OrganisationTerm.organisation_id == old["id"],
                OrganisationTerm.kind == TermKind(kind),
                OrganisationTerm.code == code,
            )
        )


# Sets of rows -----------------------------------------------------------------------------------------------


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    every = list(ids)
    return (every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK))


def _pairs(session: Session, query: Any, column: Any, ids: Iterable[int]) -> list[tuple[int, Any]]:
    return [
        (row[0], row[1]) for chunk in _chunks(ids) for row in session.execute(query.where(column.in_(chunk)))
    ]


def _versions(session: Session, table: Any, ids: Iterable[int]) -> dict[int, int]:
    return dict(_pairs(session, select(table.id, table.version), table.id, ids))


def _referenced(
    session: Session, target: str, ids: Collection[int] | Iterable[int], but: tuple[str, ...] = ()
) -> dict[int, str]:
    """Which of these rows another table names, and that table: read from the schema, so none is forgotten."""
    wanted, found = list(ids), {}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name != target or table.name in but:
                continue
            for chunk in _chunks(wanted):
                query = select(key.parent).where(key.parent.in_(chunk)).distinct()
                found.update(dict.fromkeys(session.scalars(query), table.name))
    return found


def _delete(session: Session, table: Any, ids: Iterable[int]) -> None:
    for chunk in _chunks(ids):
        session.execute(delete(table).where(table.id.in_(chunk)))


def _delete_terms(session: Session, column: Any, ids: Iterable[int]) -> None:
    for chunk in _chunks(ids):
        session.execute(delete(column.class_).where(column.in_(chunk)))
