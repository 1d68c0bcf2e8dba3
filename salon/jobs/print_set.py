"""The whole print set of a release, written to a folder with its progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from flask import url_for
from flask_babel import get_translations
from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import agendas, badges, ical, sheets, table_plans
from exports.document import Document
from exports.pool import Pool
from exports.rows import Agenda, Badge, Brand, PlanningRow, Stamp, TypeBand
from exports.table_plans import Print
from salon.models import Asset, Edition, Release
from salon.queries import agendas as reads
from salon.queries.agenda_facts import door_rows, table_signs

Say = Callable[[str], None]


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


def write(
    session: Session, edition: Edition, release: Release, folder: Path, *, pool: Pool, say: Say
) -> list[Path]:
    """Every document of the release in `folder`; `say` hears the name of each as it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for document in _documents(session, edition, release, pool):
        target = folder / document.filename
        target.write_bytes(document.content)
        say(document.filename)
        written.append(target)
    return written


def _documents(session: Session, edition: Edition, release: Release, pool: Pool) -> Iterator[Document]:
    locale = edition.languages[0]
    look = brand(session, edition, locale)
    book = reads.Book(session, edition, release=release, locale=locale)
    people = _agendas(session, edition, release, locale)
    planning = book.planning()
    yield agendas.bulk(people, pool, brand=look)
    bands = [(one, one.type) for one in people]
    yield badges.bulk([_badge(one, band) for one, band in bands if band], pool, brand=look)
    yield from _room(session, edition, release, pool, look, planning, book)
    yield from sheets.planning(planning, brand=look, translations=get_translations())
    yield _calendars(edition, people)


def _agendas(session: Session, edition: Edition, release: Release, locale: str) -> list[Agenda]:
    """Everybody's, with the address of the live page for the code that is printed."""
    found = reads.all_agendas(session, edition, release=release, locale=locale)
    return [replace(one, url=_live(one.code)) for one in found]


def _live(code: str) -> str:
    return url_for("badge.show", code=code, _external=True).upper() if code else ""


def _badge(agenda: Agenda, band: TypeBand) -> Badge:
    surname = agenda.surname or agenda.person
    return Badge(
        first_name=agenda.person.removesuffix(surname).strip(),
        last_name=surname,
        organisation=agenda.organisation,
        job_title=agenda.job_title,
        type=band,
        agenda=agenda.rows,
        url=agenda.url,
        code=agenda.code,
        release_number=agenda.release_number,
        breaks=agenda.breaks,
        floor=agenda.floor,
    )


def _room(
    session: Session,
    edition: Edition,
    release: Release,
    pool: Pool,
    look: Brand,
    planning: tuple[PlanningRow, ...],
    book: reads.Book,
) -> Iterator[Document]:
    stamp = Stamp(release_number=release.number, stage=book.stage, published_at=release.created_at)
    run = Print(brand=look, stamp=stamp, env=pool.env, fonts=pool.fonts)
    yield table_plans.per_slot(planning, run)
    yield table_plans.per_table(planning, run)
    yield table_plans.signs(table_signs(session, edition), run)
    yield table_plans.door_list(door_rows(session, edition), run)


def _calendars(edition: Edition, people: list[Agenda]) -> Document:
    return ical.zip_of(
        {
            f"{one.surname} {one.person}": ical.calendar(
                one.rows,
                name=edition.name,
                timezone=edition.timezone,
                organiser=edition.contact_email,
                organiser_name=edition.name,
                place=edition.place,
                url=one.url,
            )
            for one in people
        }
    )
