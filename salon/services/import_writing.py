"""The rows that a planned import adds and changes, with what is needed to undo them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.enums import Source
from salon.keys import email_key
from salon.models import (
    Account,
    Delegate,
    Edition,
    ImportBatch,
    Organisation,
    OrganisationTerm,
    Participation,
)
from salon.queries.import_context import (
    ORGANISATION_COLUMNS,
    PARTICIPATION_COLUMNS,
    TERM_KINDS,
    Context,
    KnownOrganisation,
)
from salon.services import tokens
from salon.services.import_planning import Fate, Options, Plan, PlannedLine, PlannedOrganisation

_CHUNK = 500


@dataclass(slots=True)
class Written:
    """Ids with their versions; what updates replaced, as `{"table", "id", "version", "before", "terms"}`."""

    effects: dict[str, Any] = field(default_factory=dict)
    replaced: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Work:
    session: Session
    now: datetime
    edition: Edition
    batch: ImportBatch | None
    plan: Plan
    context: Context
    options: Options
    accounts: dict[str, int] = field(default_factory=dict)  # by address key
    hosts: dict[str, int] = field(default_factory=dict)  # organisation ids by name key
    made: dict[str, list[Any]] = field(default_factory=dict)  # new rows by table
    changed: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)  # rows and what was before


def write(
    session: Session, now: datetime, edition: Edition, batch: ImportBatch | None, plan: Plan, context: Context,
    options: Options,
) -> Written:  # fmt: skip
    """Add accounts, structures and people, then change those that the plan updates; flushed.

    Without a `batch` the person was typed by hand.
    """
    work = _Work(session, now, edition, batch, plan, context, options)
    _add_accounts(work)
    _add_organisations(work)
    _add_participations(work)
    _add_delegates(work)
    _update_delegates(work)
    _update_organisations(work)
    session.flush()
    return _report(work)


def _new_lines(work: _Work) -> list[PlannedLine]:
    return [line for line in work.plan.lines if line.fate is Fate.NEW]


def _touched(work: _Work) -> list[PlannedOrganisation]:
    """Structures of the lines that come in."""
    keys = dict.fromkeys(line.organisation_key for line in work.plan.to_do)
    return [work.plan.organisations[key] for key in keys]


def _add(work: _Work, table: str, rows: list[Any]) -> None:
    work.session.add_all(rows)
    work.session.flush()
    work.made[table] = rows


def _add_accounts(work: _Work) -> None:
    work.accounts = dict(work.context.accounts)
    rows = [
        Account(
            email=line.email,
            email_key=email_key(line.email),
            name=f"{line.person['first_name']} {line.person['last_name']}",
            locale=line.person["locale"],
            created_at=work.now,
        )
        for line in _new_lines(work)
        if email_key(line.email) not in work.accounts
    ]
    _add(work, "accounts", rows)
    work.accounts.update((row.email_key, row.id) for row in rows)


def _add_organisations(work: _Work) -> None:
    known = {host.key: host.known.id for host in _touched(work) if host.known}
    rows = [_organisation(work, host) for host in _touched(work) if host.known is None]
    _add(work, "organisations", rows)
    work.hosts = {**known, **{row.name_key: row.id for row in rows}}


def _organisation(work: _Work, host: PlannedOrganisation) -> Organisation:
    values = {name: host.values[name] for name in ORGANISATION_COLUMNS if name in host.values}
    row = Organisation(
        fair_id=work.edition.fair_id, name=host.name, name_key=host.key, created_at=work.now, **values
    )
    row.terms = [OrganisationTerm(kind=TERM_KINDS[name], code=code)
                 for name, codes in host.terms.items() for code in sorted(codes)]  # fmt: skip
    return row


def _add_participations(work: _Work) -> None:
    rows = [
        Participation(
            edition_id=work.edition.id,
            organisation_id=work.hosts[host.key],
            offers=host.values.get("offers", ""),
            needs=host.values.get("needs", ""),
            created_at=work.now,
        )
        for host in _touched(work)
        if host.known is None or host.known.participation is None
    ]
    _add(work, "participations", rows)


def _add_delegates(work: _Work) -> None:
    led = {key for key, known in work.context.organisations.items() if known.has_lead}
    rows = []
    for line in _new_lines(work):
        rows.append(_delegate(work, line, is_lead=line.organisation_key not in led))
        led.add(line.organisation_key)
    _add(work, "delegates", rows)


def _delegate(work: _Work, line: PlannedLine, *, is_lead: bool) -> Delegate:
    return Delegate(
        edition_id=work.edition.id,
        organisation_id=work.hosts[line.organisation_key],
        account_id=work.accounts[email_key(line.email)],
        status=work.options.status,
        source=Source.IMPORT if work.batch else Source.MANUAL,
        is_lead=is_lead,
        code=tokens.new_badge_code(),
        import_id=work.batch.id if work.batch else None,
        created_at=work.now,
        decided_at=work.now,
        **line.person,
    )


# Changes ----------------------------------------------------------------------------------------------------


def _set(work: _Work, row: Any, values: Mapping[str, Any]) -> None:
    """Set what differs and remember what was there."""
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    for name in before:
        setattr(row, name, values[name])
    if before:
        work.changed.append((row, before))


def _by_id(session: Session, table: Any, ids: list[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for start in range(0, len(ids), _CHUNK):
        query = select(table).where(table.id.in_(ids[start : start + _CHUNK]))
        found.update((row.id, row) for row in session.scalars(query))
    return found


def _update_delegates(work: _Work) -> None:
    lines = {ln.delegate[0]: ln for ln in work.plan.lines if ln.fate is Fate.UPDATE and ln.delegate}
    for key, row in _by_id(work.session, Delegate, list(lines)).items():
        person = dict(lines[key].person)
        if "languages" in person:
            person["languages"] = list(dict.fromkeys([*row.languages, *person["languages"]]))
        _set(work, row, person)


def _update_organisations(work: _Work) -> None:
    hosts = {host.known.id: host for host in _touched(work) if host.known}
    rows = _by_id(work.session, Organisation, list(hosts))
    offers = _participations(work, [host.known for host in hosts.values() if host.known])
    for key, host in hosts.items():
        values = {name: new for name, (_old, new) in host.changes().items()}
        _set(work, rows[key], {n: v for n, v in values.items() if n in ORGANISATION_COLUMNS})
        if key in offers:
            _set(work, offers[key], {n: v for n, v in values.items() if n in PARTICIPATION_COLUMNS})
        _add_terms(work, rows[key], host)


def _participations(work: _Work, known: list[KnownOrganisation]) -> dict[int, Participation]:
    ids = [one.participation[0] for one in known if one.participation]
    return {row.organisation_id: row for row in _by_id(work.session, Participation, ids).values()}


def _add_terms(work: _Work, row: Organisation, host: PlannedOrganisation) -> None:
    added = [(TERM_KINDS[name], code) for name, codes in host.new_terms().items() for code in sorted(codes)]
    for kind, code in added:
        work.session.add(OrganisationTerm(organisation_id=row.id, kind=kind, code=code))
    if added:
        work.changed.append((row, {"terms": [[kind.value, code] for kind, code in added]}))


def _report(work: _Work) -> Written:
    effects = {
        name: [[row.id, getattr(row, "version", 1)] for row in rows] for name, rows in work.made.items()
    }
    replaced: dict[tuple[str, int], dict[str, Any]] = {}
    for row, before in work.changed:
        terms = before.pop("terms", [])
        old = replaced.setdefault(
            (row.__tablename__, row.id),
            {"table": row.__tablename__, "id": row.id, "version": row.version, "before": {}, "terms": []},
        )
        old["before"].update(before)
        old["terms"].extend(terms)
    effects["updated"] = len(replaced)  # type: ignore[assignment]
    return Written(effects, list(replaced.values()))
