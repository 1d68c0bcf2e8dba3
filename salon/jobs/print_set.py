"""What a print order is made of: rows read once, then documents from rows alone."""

from __future__ import annotations

import gettext
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import agendas, badges, dates, ical, sheets, table_plans
from exports.agendas import Order
from exports.badge_sheets import LAYOUTS
from exports.chunks import Progress
from exports.document import Document
from exports.pool import Pool
from exports.rows import Agenda, Badge, Brand, DoorRow, PlanningRow, Stamp, TableSign
from exports.table_plans import Paper
from exports.text import file_name
from salon.models import Asset, Draft, Edition
from salon.queries import agendas as reads
from salon.queries import documents as orders
from salon.queries import releases as promises
from salon.queries.agenda_facts import door_rows, table_signs
from salon.services.print_options import ITEMS, Options

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything to be printed, read at one moment; nothing in it knows the database."""

    brand: Brand
    sender: str  # the address that calendars name as the organiser's
    stamp: Stamp
    mark: str  # ends the file names: which plan they show
    agendas: tuple[Agenda, ...]
    changed: frozenset[str] | None  # codes of those to print; None: everybody
    planning: tuple[PlanningRow, ...]
    signs: tuple[TableSign, ...]
    door: tuple[DoorRow, ...]

    @property
    def people(self) -> tuple[Agenda, ...]:
        """Whose agendas and badges are wanted."""
        return tuple(one for one in self.agendas if self.changed is None or one.code in self.changed)


def brand(session: Session, edition: Edition, locale: str) -> Brand:
    """The edition as a document's head shows it."""
    logo = session.scalar(select(Asset.content).where(Asset.edition_id == edition.id, Asset.kind == "logo"))
    info = (edition.texts.get("practical") or {}).get(locale, "")
    return Brand(
        name=edition.name,
        subtitle=edition.subtitle,
        place=edition.place,
        first_day=edition.first_day,
        last_day=edition.last_day,
        timezone=edition.timezone,
        accent=edition.accent,
        logo=logo,
        contact=edition.contact_email,
        phone=edition.contact_phone,
        info=tuple(line for line in info.splitlines() if line.strip()),
    )


def load(
    app: Flask,
    session: Session,
    edition: Edition,
    options: Options,
    *,
    pool: Pool,
    release: int | None = None,
    draft: int | None = None,
) -> Facts:
    """The rows of a release, of a draft, or of people without any plan. Needs no request."""
    chosen = promises.by_number(session, edition.id, release) if release is not None else None
    draft_id = _draft_id(session, edition, draft) if chosen is None else None
    told = _was(edition.timezone, options.locale, pool)
    found = reads.all_agendas(
        session, edition, release=chosen, locale=options.locale, was=told, draft_id=draft_id
    )
    book = reads.Book(session, edition, release=chosen, locale=options.locale, was=told, draft_id=draft_id)
    with app.test_request_context(base_url=app.config["SALON"].base_url):
        everybody = tuple(replace(one, url=live_address(one.code)) for one in found)
    return Facts(
        brand=brand(session, edition, options.locale),
        sender=edition.contact_email or parseaddr(app.config["SALON"].mail_from)[1],
        stamp=Stamp(chosen.number if chosen else None, book.stage, chosen.created_at if chosen else None),
        mark=f"v{chosen.number}" if chosen else pool.setup.translations().gettext("brouillon"),
        agendas=everybody,
        changed=_changed(session, edition, book, options.since),
        planning=book.planning(),
        signs=table_signs(session, edition),
        door=door_rows(session, edition),
    )


def _draft_id(session: Session, edition: Edition, number: int | None) -> int | None:
    query = select(Draft.id).where(Draft.edition_id == edition.id, Draft.number == number)
    return session.scalar(query) if number is not None else None


def _changed(
    session: Session, edition: Edition, book: reads.Book, since: int | None
) -> frozenset[str] | None:
    if since is None:
        return None
    ids = orders.changed_since(session, edition.id, since)
    return frozenset(book.people[one].code for one in ids if one in book.people)


def live_address(code: str) -> str:
    """What the code on paper opens; in capitals, which makes it coarser and easier to read. Needs a request."""
    return url_for("badge.show", code=code, _external=True).upper() if code else ""


def _was(zone: str, locale: str, pool: Pool) -> reads.Was:
    """« à 10 h 35 », « table T03 », or both."""
    _ = pool.setup.translations().gettext
    spoken = Locale.parse(locale)

    def words(start: datetime | None, table: str | None) -> str:
        parts = []
        if start is not None:
            parts.append(_("à %(hour)s") % {"hour": dates.clock(start, ZoneInfo(zone), spoken)})
        if table is not None:
            parts.append(_("table %(table)s") % {"table": table})
        return ", ".join(parts)

    return words


def badge_of(agenda: Agenda) -> Badge | None:
    """The badge of whoever has that agenda; None without a type to show."""
    if agenda.type is None:
        return None
    surname = agenda.surname or agenda.person
    return Badge(
        first_name=agenda.person.removesuffix(surname).strip(),
        last_name=surname,
        organisation=agenda.organisation,
        job_title=agenda.job_title,
        type=agenda.type,
        agenda=agenda.rows,
        url=agenda.url,
        code=agenda.code,
        release_number=agenda.release_number,
        breaks=agenda.breaks,
        floor=agenda.floor,
    )


def make(
    item: str, facts: Facts, options: Options, pool: Pool, on_progress: Progress | None = None
) -> Document:
    """One document of the set, its name ended by the plan it shows; raises `exports.pool.RenderFailed`."""
    made = _MAKERS[item](facts, options, pool, on_progress)
    stem, _dot, extension = made.filename.rpartition(".")
    return replace(made, filename=f"{stem}-{facts.mark}.{extension}")


def _agendas(facts: Facts, options: Options, pool: Pool, on_progress: Progress | None) -> Document:
    return agendas.bulk(
        facts.people, pool, brand=facts.brand, order=Order(options.order), recto=options.recto,
        on_progress=on_progress,
    )  # fmt: skip


def _badges(facts: Facts, options: Options, pool: Pool, on_progress: Progress | None) -> Document:
    people = [one for one in map(badge_of, facts.people) if one is not None]
    return badges.bulk(
        people, pool, brand=facts.brand, layout=LAYOUTS[options.layout], order=Order(options.order),
        start_at=options.start_at - 1, offset=options.offset, on_progress=on_progress,
    )  # fmt: skip


def _room(kind: Paper, rows: Callable[[Facts], Sequence[Any]]) -> Callable[..., Document]:
    def made(facts: Facts, options: Options, pool: Pool, on_progress: Progress | None) -> Document:
        asked = {"brand": facts.brand, "stamp": facts.stamp, "kind": kind, "size": options.paper}
        (document,) = pool.documents(table_plans.paper, [rows(facts)], asked, on_progress)
        return document

    return made


def _planning(index: int) -> Callable[..., Document]:
    def made(facts: Facts, options: Options, pool: Pool, on_progress: Progress | None) -> Document:
        words = pool.setup.translations()
        return sheets.planning(facts.planning, brand=facts.brand, translations=words)[index]

    return made


def _calendars(facts: Facts, options: Options, pool: Pool, on_progress: Progress | None) -> Document:
    """A file for each person who has a meeting, cancelled ones included."""
    words = pool.setup.translations()
    named = [_calendar(one, facts, words) for one in facts.agendas if one.rows]
    stem = words.gettext("Calendriers – %(edition)s") % {"edition": facts.brand.name}
    return ical.zip_of(named, filename=file_name(stem, "zip"))


def _calendar(one: Agenda, facts: Facts, words: gettext.NullTranslations) -> Document:
    made = ical.calendar(
        one.rows,
        name=facts.brand.name,
        timezone=facts.brand.timezone,
        organiser=facts.sender,
        organiser_name=facts.brand.name,
        place=facts.brand.place,
        url=one.url,
        translations=words,
    )
    first = one.person.removesuffix(one.surname).strip()
    return replace(made, filename=file_name(f"{one.surname} {first} {one.organisation}", "ics"))


_MAKERS: dict[str, Callable[..., Document]] = {
    "agendas": _agendas,
    "badges": _badges,
    "slot_plan": _room(Paper.PER_SLOT, lambda facts: facts.planning),
    "table_plan": _room(Paper.PER_TABLE, lambda facts: facts.planning),
    "signs": _room(Paper.SIGNS, lambda facts: facts.signs),
    "door_list": _room(Paper.DOOR_LIST, lambda facts: facts.door),
    "planning_xlsx": _planning(0),
    "planning_csv": _planning(1),
    "calendars": _calendars,
}
assert set(_MAKERS) == set(ITEMS)


def write(
    facts: Facts,
    options: Options,
    folder: Path,
    *,
    pool: Pool,
    items: Sequence[str],
    say: Say,
    tell: Callable[[str, int, int], None] = lambda item, part, parts: None,
) -> list[Path]:
    """These documents in `folder`, each whole or not there.

    `say` hears the name of each as it is written, `tell` how many parts of the one being made are done.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for item in items:
        tell(item, 0, 0)
        document = make(item, facts, options, pool, partial(tell, item))
        target = folder / document.filename
        save(document.content, target)
        say(document.filename)
        written.append(target)
    return written


def save(content: bytes, target: Path) -> None:
    """`target` holds `content`, on the disk for good, or is as it was before; raises `OSError`."""
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(target)  # a write that fails does not know where it was writing
        raise
