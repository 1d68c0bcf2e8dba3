"""What the release pages show: changes by meeting or by person, warnings and broken rules in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from salon import i18n
from salon.blueprints.paging import Paging
from salon.models import Edition, Release
from salon.numbers import read_number
from salon.queries import releases as reads
from salon.queries.names import Named
from salon.services.release_diff import Change, Diff, Kind, Promise
from salon.services.releases import Preview, WarningCode
from salon.shell.context import local
from salon.wording import plan_words

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change as the table shows it."""

    kind: str
    who: str
    detail: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person and the changes that concern them."""

    id: int
    name: str
    organisation: str
    lines: list[ChangeLine]


@dataclass(frozen=True, slots=True)
class Changes:
    """The view asked for, by meeting or by person."""

    by: str
    num_meetings: int
    num_people: int
    lines: Sequence[ChangeLine]
    people: Sequence[PersonLine]
    paging: Paging


def changes(diff: Diff, known: Mapping[int, Named], args: MultiDict[str, str]) -> Changes:
    """A page of the diff."""
    concerned = diff.participants
    by_person = args.get("by") == "people"
    total = len(concerned) if by_person else len(diff.changes)
    paging = Paging.asked(args, PAGE_SIZE).of(total)
    lines = [] if by_person else [_line(change, known) for change in paging.cut(diff.changes)]
    people = [_person(one, diff, known) for one in paging.cut(concerned)] if by_person else []
    return Changes(
        "people" if by_person else "meetings", len(diff.changes), len(concerned), lines, people, paging
    )


def _person(one: int, diff: Diff, known: Mapping[int, Named]) -> PersonLine:
    named = known.get(one)
    lines = [_line(change, known, reader=one) for change in diff.of(one)]
    return PersonLine(one, named.name if named else "–", named.organisation if named else "", lines)


def _line(change: Change, known: Mapping[int, Named], reader: int | None = None) -> ChangeLine:
    side = change.after or change.before
    assert side is not None
    shown = [known[one] for one in side.people if one != reader and one in known]
    who = _(" et ").join(one.organisation for one in shown)
    detail = ", ".join(one.name for one in shown)
    old, new = _place(change.before), _place(change.after)
    if change.kind is Kind.DELEGATE_CHANGED:
        old, new = _names(change.before, known), _names(change.after, known)
    return ChangeLine(change.kind.value, who, detail, old, new)


def _place(promise: Promise | None) -> str:
    if promise is None:
        return ""
    return f"{i18n.clock(local(promise.starts_at))} · {promise.table}"


def _names(promise: Promise | None, known: Mapping[int, Named]) -> str:
    if promise is None:
        return ""
    return ", ".join(known[one].name for one in promise.people if one in known)


def counts(diff: Diff) -> dict[str, int]:
    """How many of each kind."""
    return {kind.value: diff.count(kind) for kind in Kind}


@dataclass(frozen=True, slots=True)
class CautionLine:
    """A warning as a sentence and the people it names."""

    code: str
    sentence: str
    people: list[Named]


def cautions(seen: Preview, known: Mapping[int, Named]) -> list[CautionLine]:
    """What the organiser must accept, in words."""
    return [
        CautionLine(
            one.code.value,
            _caution(one.code, len(one.people)),
            [known[person] for person in one.people if person in known],
        )
        for one in seen.cautions
    ]


def _caution(code: WarningCode, count: int) -> str:
    if code is WarningCode.BELOW_MINIMUM:
        return ngettext(
            "%(num)s personne a moins que son minimum", "%(num)s personnes ont moins que leur minimum", count
        )
    if code is WarningCode.WITHOUT_MEETING:
        return ngettext(
            "%(num)s personne a fait des vœux et n’a aucun rendez-vous",
            "%(num)s personnes ont fait des vœux et n’ont aucun rendez-vous",
            count,
        )
    return ngettext(
        "%(num)s personne concernée est injoignable : prévenez-la autrement",
        "%(num)s personnes concernées sont injoignables : prévenez-les autrement",
        count,
    )


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A broken rule with the people concerned."""

    sentence: str
    people: list[Named]


def broken(seen: Preview, known: Mapping[int, Named]) -> list[BrokenLine]:
    """What blocks the publication, in words."""
    return [
        BrokenLine(plan_words.BROKEN[one.rule](), [known[person] for person in one.people if person in known])
        for one in seen.broken
    ]


def since(session: Session, edition: Edition, release: Release, asked: str) -> Release | None:
    """The release to compare with: the one asked for, else the one before."""
    number = read_number(asked, release.number - 1)
    return reads.by_number(session, edition.id, number)
