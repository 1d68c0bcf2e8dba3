"""What a file will do, line by line: pure, so that the dry run and the import itself cannot differ."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from salon.enums import DelegateStatus
from salon.keys import email_key, fold, name_key
from salon.queries.import_context import (
    ORGANISATION_COLUMNS,
    PARTICIPATION_COLUMNS,
    PERSON_COLUMNS,
    TERM_KINDS,
    Context,
    KnownOrganisation,
    KnownPerson,
)
from salon.services.import_cells import Parsed, Problem

_GONE = {DelegateStatus.REFUSED, DelegateStatus.WITHDRAWN, DelegateStatus.CANCELLED}
_SHARED = (*ORGANISATION_COLUMNS, *PARTICIPATION_COLUMNS)  # one value for all the lines of a structure


class Fate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    UPDATE = "update"
    SAME = "same"
    DUPLICATE = "duplicate"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Change:
    """A value that the file replaces."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line as it will be. `delegate` is the id and version of whom it updates."""

    number: int
    fate: Fate
    email: str
    organisation: str
    organisation_key: str
    person: Mapping[str, Any]
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    delegate: tuple[int, int] | None = None


@dataclass(slots=True)
class PlannedOrganisation:
    """A structure that the file names: what is added to it, or all of it when `known` is None."""

    key: str
    name: str
    known: KnownOrganisation | None
    first_line: int
    values: dict[str, Any] = field(default_factory=dict)
    said_by: dict[str, int] = field(default_factory=dict)  # which line gave each value
    terms: dict[str, set[str]] = field(default_factory=dict)

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Values that differ from what is known, with both."""
        before = {**self.known.values, **self.known.offer} if self.known else {}
        return {
            name: (before.get(name), value)
            for name, value in self.values.items()
            if self.known is not None and before.get(name, "") != value
        }

    def new_terms(self) -> dict[str, set[str]]:
        """Vocabulary terms that it does not have yet; a file never takes one away."""
        had = self.known.terms if self.known else {}
        added = {name: codes - had.get(name, set()) for name, codes in self.terms.items()}
        return {name: codes for name, codes in added.items() if codes}


@dataclass(frozen=True, slots=True)
class Options:
    """What the organiser chose beside the columns."""

    columns: tuple[str, ...]
    type_id: int | None  # of people whose line and structure do not say
    status: DelegateStatus
    locale: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole file as it will be; `fingerprint` changes when anything it does would."""

    lines: tuple[PlannedLine, ...]
    organisations: Mapping[str, PlannedOrganisation]
    fingerprint: str

    def count(self, fate: Fate) -> int:
        return sum(line.fate is fate for line in self.lines)

    @property
    def to_do(self) -> tuple[PlannedLine, ...]:
        return tuple(line for line in self.lines if line.fate in (Fate.NEW, Fate.UPDATE))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for line in self.lines for problem in line.problems)

    def new_by_type(self) -> Counter[int]:
        return Counter(line.person["type_id"] for line in self.lines if line.fate is Fate.NEW)


def plan(parsed: Sequence[Parsed], context: Context, options: Options, headers: Mapping[str, str]) -> Plan:
    """Compare the lines with what exists. `headers` gives the file's name of the column of each target."""
    planner = _Planner(context, options, headers)
    lines = tuple(planner.line(one) for one in parsed)
    return Plan(lines, planner.organisations, _fingerprint(lines, planner.organisations, options))


class _Planner:
    """Remembers, from line to line, the addresses and the structures already met."""

    def __init__(self, context: Context, options: Options, headers: Mapping[str, str]) -> None:
        self.context, self.options, self.headers = context, options, headers
        self.organisations: dict[str, PlannedOrganisation] = {}
        self._seen: dict[str, int] = {}
        self._types = {
            fold(word): found.id for found in context.types for word in (found.code, *found.names) if word
        }

    def line(self, parsed: Parsed) -> PlannedLine:
        address = parsed.values.get("email", "")
        key = email_key(address)
        if key and key in self._seen:
            problem = Problem(
                parsed.number, self.headers.get("email", ""), address, "duplicate", str(self._seen[key])
            )
            return self._done(parsed, Fate.DUPLICATE, problems=(problem,))
        if key:
            self._seen[key] = parsed.number
        known = self.context.people.get(key)
        organisation_key = name_key(parsed.values.get("organisation", ""))
        problems = [*parsed.problems, *self._refusals(parsed, known, organisation_key)]
        type_id = self._type(parsed, known, organisation_key, problems)
        if problems:
            return self._done(parsed, Fate.ERROR, problems=tuple(problems))
        person = self._person(parsed, known, type_id)
        host_changes = self._join(parsed, organisation_key)
        if known is None:
            return self._done(parsed, Fate.NEW, person=person)
        changes = (*_changes(known, person), *host_changes)
        fate = Fate.UPDATE if changes else Fate.SAME
        return self._done(parsed, fate, person=person, changes=changes, delegate=(known.id, known.version))

    def _done(self, parsed: Parsed, fate: Fate, **more: Any) -> PlannedLine:
        name = str(parsed.values.get("organisation", ""))
        person = more.pop("person", {k: v for k, v in parsed.values.items() if k in PERSON_COLUMNS})
        email = str(parsed.values.get("email", ""))
        return PlannedLine(parsed.number, fate, email, name, name_key(name), person, **more)

    # What cannot be -----------------------------------------------------------------------------------------

    def _refusals(self, parsed: Parsed, known: KnownPerson | None, key: str) -> list[Problem]:
        found = []
        if known is not None and known.status in _GONE:
            found.append(self._problem(parsed, "email", "registration_closed"))
        if known is not None and key and known.organisation_key != key:
            found.append(self._problem(parsed, "organisation", "other_organisation", known.organisation_name))
        if host := self.organisations.get(key):
            for name in _SHARED:
                value = parsed.values.get(name)
                if value is not None and name in host.values and host.values[name] != value:
                    found.append(self._problem(parsed, name, "contradiction", str(host.said_by[name])))
        return found

    def _problem(self, parsed: Parsed, key: str, code: str, detail: str = "") -> Problem:
        value = parsed.values.get(key, "")
        return Problem(parsed.number, self.headers.get(key, ""), str(value)[:80], code, detail)

    def _type(
        self, parsed: Parsed, known: KnownPerson | None, key: str, problems: list[Problem]
    ) -> int | None:
        """The type that the line says, else the person's, the structure's only one, or the chosen one."""
        if word := parsed.values.get("type"):
            found = self._types.get(fold(word)) or self._types.get(fold(re.sub(r"s\b", "", word)))
            if found is None:
                problems.append(self._problem(parsed, "type", "unknown_type"))
            return found
        if known is not None:
            return int(known.values["type_id"])
        host = self.context.organisations.get(key)
        if host is not None and len(host.type_ids) == 1:
            return next(iter(host.type_ids))
        if self.options.type_id is None:
            problems.append(self._problem(parsed, "type", "no_type"))
        return self.options.type_id

    # What will be -------------------------------------------------------------------------------------------

    def _person(self, parsed: Parsed, known: KnownPerson | None, type_id: int | None) -> dict[str, Any]:
        person = {name: parsed.values[name] for name in PERSON_COLUMNS if name in parsed.values}
        person["type_id"] = type_id
        if "languages" in person:
            person["languages"] = list(person["languages"])
        for need in parsed.values.get("access", ()):
            if need == "step_free":
                person["step_free"] = True
            else:
                person["interpreter"] = need
        if known is None:
            person.setdefault("locale", self.options.locale)
        return person

    def _join(self, parsed: Parsed, key: str) -> tuple[Change, ...]:
        """Add the line's words to its structure; the changes that this line is the first to bring."""
        host = self.organisations.get(key)
        if host is None:
            known = self.context.organisations.get(key)
            host = PlannedOrganisation(key, parsed.values["organisation"], known, parsed.number)
            self.organisations[key] = host
        before_terms = host.new_terms()
        for name in _SHARED:
            if name in parsed.values and name not in host.values:
                host.values[name] = parsed.values[name]
                host.said_by[name] = parsed.number
        for name in TERM_KINDS:
            host.terms.setdefault(name, set()).update(parsed.values.get(name, ()))
        return _brought(host, parsed.number, before_terms)


def _brought(host: PlannedOrganisation, number: int, before: Mapping[str, set[str]]) -> tuple[Change, ...]:
    if host.known is None:
        return ()
    values = [
        Change(name, old, new) for name, (old, new) in host.changes().items() if host.said_by[name] == number
    ]
    terms = [
        Change(name, "", ", ".join(sorted(codes - before.get(name, set()))))
        for name, codes in host.new_terms().items()
        if codes - before.get(name, set())
    ]
    return (*values, *terms)


def _changes(known: KnownPerson, person: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(name, known.values[name], value)
        for name, value in person.items()
        if not _same(name, known.values[name], value)
    )


def _same(name: str, before: Any, after: Any) -> bool:
    if name == "phone":  # 06.11 and 06 11 ring at the same place
        return re.sub(r"\D", "", before or "") == re.sub(r"\D", "", after or "")
    if name == "languages":
        return set(before or ()) >= set(after)
    return bool(before == after)


def _fingerprint(
    lines: Sequence[PlannedLine], hosts: Mapping[str, PlannedOrganisation], options: Options
) -> str:
    said = [
        [line.number, line.fate, line.email, line.organisation_key, line.delegate, dict(line.person)]
        for line in lines
    ]
    known = [
        [key, host.known and host.known.id, host.known and host.known.version,
         host.known and host.known.participation]
        for key, host in hosts.items()
    ]  # fmt: skip
    text = json.dumps([said, known, options.status, options.locale], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
