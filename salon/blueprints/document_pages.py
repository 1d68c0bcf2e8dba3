"""The documents page as its template shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from salon.queries.documents import FileLine, JobLine, Overview
from salon.services.print_options import ITEMS
from salon.wording import documents as words


@dataclass(frozen=True, slots=True)
class Line:
    """A document: what it is, its newest file, whether it can be made now."""

    key: str
    name: str
    about: str
    icon: str
    file: FileLine | None
    facts: str  # pages and size of the file
    sorted_by: str
    is_stale: bool
    is_possible: bool


@dataclass(frozen=True, slots=True)
class JobCard:
    """The order being made, or the last one when it failed."""

    id: int
    is_active: bool
    title: str
    say: str
    end: str
    key: str
    value: float
    total: int
    steps: list[tuple[str, str]]
    failure: str
    is_silent: bool
    waits_long: bool


def possible(found: Overview) -> list[str]:
    """The documents that can be made now."""
    has_plan = found.release is not None or found.draft is not None
    return [
        item.key
        for item in ITEMS.values()
        if (has_plan or not item.needs_plan)
        and (found.people or not item.needs_people)
        and (found.tables or not item.needs_tables)
    ]


def lines(found: Overview) -> list[Line]:
    """Every document, in the order of the list."""
    can = possible(found)
    return [_line(key, found.newest.get(key), found, key in can) for key in ITEMS]


def _line(key: str, file: FileLine | None, found: Overview, can: bool) -> Line:
    name, about, icon = words.ITEMS[key]
    return Line(
        key=key,
        name=name(),
        about=about(),
        icon=icon,
        file=file,
        facts=_facts(file) if file else "",
        sorted_by=_sorted(key, file.options) if file else "",
        is_stale=file is not None and is_stale(file, found),
        is_possible=can,
    )


def is_stale(file: FileLine, found: Overview) -> bool:
    """Whether the file shows another plan than the one people see now."""
    if found.release is not None:
        return file.release != found.release.number
    return file.draft != found.draft


def _facts(file: FileLine) -> str:
    size = words.size(file.size)
    if file.pages is None:
        return size
    pages = ngettext("%(num)s page", "%(num)s pages", file.pages)
    return _("%(pages)s, %(size)s", pages=pages, size=size)


def _sorted(key: str, options: Mapping[str, Any]) -> str:
    """How the file is laid out, where one could choose."""
    parts = []
    if key in ("agendas", "badges"):
        order = options.get("order", "surname")
        parts.append(_("par structure") if order == "organisation" else _("par nom"))
        if options.get("since"):
            parts.append(_("changements depuis la version %(number)s", number=options["since"]))
    if key == "badges":
        parts.append(words.layouts().get(options.get("layout", ""), ""))
    if key == "slot_plan":
        parts.append(str(options.get("paper", "")))
    return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order of the list of all: what was asked, how it ended, what is left of it."""

    job: JobLine
    what: str
    end: str
    tone: str
    files: list[tuple[str, FileLine]]


def order_line(job: JobLine) -> OrderLine:
    """An order in words."""
    names = [words.ITEMS[key][0]() for key in job.items if key in words.ITEMS]
    what = names[0] if len(names) == 1 else ngettext("%(num)s document", "%(num)s documents", len(job.items))
    files = [(words.ITEMS[file.item][0](), file) for file in job.files if file.item in words.ITEMS]
    return OrderLine(job, what, *_end(job), files)


def _end(job: JobLine) -> tuple[str, str]:
    if job.is_active:
        return (_("en file") if job.state.value == "queued" else _("en cours")), "info"
    if job.error == "cancelled":
        return _("arrêtée"), "neutral"
    return (_("a échoué"), "bad") if job.error else (_("terminée"), "ok")


def job_card(found: Overview) -> JobCard | None:
    """What is being made; after a failure, what happened, until the next order."""
    last = found.jobs[0] if found.jobs else None
    shown = found.active or (last if last is not None and last.error else None)
    return _card(shown) if shown else None


def _card(job: JobLine) -> JobCard:
    step = words.ITEMS[job.step][0]() if job.step in words.ITEMS else ""
    end = words.failure(job.error) if job.error else _("Les documents sont prêts.")
    return JobCard(
        id=job.id,
        is_active=job.is_active,
        title=_title(job),
        say=_say(job, step),
        end=end,
        key=f"{job.state.value}:{job.step}:{job.done}",
        value=job.progress,
        total=job.total,
        steps=_steps(job),
        failure=words.failure(job.error) if job.error else "",
        is_silent=job.is_silent,
        waits_long=job.waits_long,
    )


def _title(job: JobLine) -> str:
    if job.is_active:
        return _("Préparation en file") if job.state.value == "queued" else _("Préparation en cours")
    return _("Préparation arrêtée") if job.error == "cancelled" else _("La préparation a échoué")


def _say(job: JobLine, step: str) -> str:
    if not step:
        return ngettext("%(num)s document à préparer", "%(num)s documents à préparer", job.total)
    place = {"step": step, "number": min(job.done + 1, job.total), "total": job.total}
    if job.parts > 1:
        return _(
            "Étape %(number)s sur %(total)s : %(step)s, %(part)s parties sur %(parts)s",
            part=job.part, parts=job.parts, **place,
        )  # fmt: skip
    return _("Étape %(number)s sur %(total)s : %(step)s", **place)


def _steps(job: JobLine) -> list[tuple[str, str]]:
    """The documents of the order with their state; too many to be readable on one line are left out."""
    made = {file.item for file in job.files}
    found = []
    for key in job.items:
        state = "done" if key in made else "coming"
        if state == "coming" and key == job.step and job.is_active:
            state = "current"
        found.append((words.ITEMS[key][0](), state))
    return found if len(found) > 1 else []
