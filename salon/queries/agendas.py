"""One release as agendas, planning and table plans: the same rows for page, PDF, calendar and sheet.

Every function takes a release number, or the latest when None, and a constant number of statements. A meeting
is *new* or *moved* when the release itself changed it; one cancelled earlier stays, cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from exports.rows import (
    Agenda,
    AgendaRow,
    BreakRow,
    FloorPlan,
    MeetingStatus,
    PlanningRow,
    Stage,
    in_order,
)
from salon import vocabulary
from salon.models import Edition, Release
from salon.queries import releases as promises
from salon.queries.agenda_facts import (
    Card,
    Person,
    breaks,
    cards,
    changeover_min,
    floor_plan,
    musts,
    people,
    zones,
)
from salon.queries.releases import PromiseRow

Was = Callable[
    [datetime | None, str | None], str
]  # old time and old table, each None when it stays; in words


class Book:
    """One release with everything needed to print it, loaded at once.

    `was` words the place a moved meeting had; without it the rows only say that it moved. With `draft_id` the
    rows are those of a draft, for prints with a watermark. With `only`, one delegate's part of a release, in as
    many statements, each of them short.
    """

    def __init__(
        self,
        session: Session,
        edition: Edition,
        *,
        release: Release | None = None,
        locale: str = "fr",
        was: Was | None = None,
        draft_id: int | None = None,
        only: int | None = None,
    ) -> None:
        self.edition, self.locale, self._was = edition, locale, was
        self.release = None if draft_id else release or promises.latest(session, edition.id)
        self.rows = _rows(session, self.release, draft_id, only)
        self._before = _rows_before(session, self.release, only)
        met = None if only is None else {only, *(one for row in self.rows for one in row.people)}
        self.people = people(session, edition, locale, only=met)
        sides = None if only is None else {one.organisation_id for one in self.people.values()}
        self._cards = cards(session, edition, locale, only=sides)
        self._musts = musts(session, edition.id, only)
        self._session = session

    @property
    def stage(self) -> Stage:
        return Stage(self.release.stage.value) if self.release else Stage.DRAFT

    def homes(self, delegate_id: int) -> dict[str, int]:
        """The structure that one person meets at each meeting, by the meeting's calendar identity."""
        return {
            row.uid: self.people[other].organisation_id
            for row in self.rows
            if delegate_id in row.people
            for other in row.people
            if other != delegate_id and other in self.people
        }

    def agenda(self, delegate_id: int) -> tuple[AgendaRow, ...]:
        """One person's meetings, cancelled ones included, in order."""
        mine = (row for row in self.rows if delegate_id in row.people)
        return in_order(self._row(row, delegate_id) for row in mine)

    def agendas(self) -> dict[int, tuple[AgendaRow, ...]]:
        """Everybody's meetings by delegate; whoever has none is not there."""
        found: dict[int, list[AgendaRow]] = {}
        for row in self.rows:
            for one in row.people:
                found.setdefault(one, []).append(self._row(row, one))
        return {one: in_order(rows) for one, rows in found.items()}

    def _row(self, row: PromiseRow, reader: int) -> AgendaRow:
        other = next((self.people[one] for one in row.people if one != reader and one in self.people), None)
        card = self._cards.get(other.organisation_id, Card()) if other else Card()
        status = self._status(row)
        return AgendaRow(
            start=row.starts_at,
            end=row.ends_at,
            table=row.table,
            counterpart=other.organisation if other else "",
            delegate=other.name if other else "",
            job_title=other.job_title if other else "",
            offers=card.offers,
            needs=card.needs,
            badges=self._badges(other),
            must=other is not None and (reader, other.organisation_id) in self._musts,
            status=status,
            was=self._moved_from(row) if status is MeetingStatus.MOVED else None,
            uid=row.uid,
            sequence=row.sequence,
            changed_at=row.changed_at,
        )

    def _status(self, row: PromiseRow) -> MeetingStatus:
        if not row.is_on:
            return MeetingStatus.CANCELLED
        before = self._before.get(row.meeting)
        if self.release is None or self.release.number == 1 or row.changed_at != self.release.created_at:
            return MeetingStatus.SCHEDULED
        return MeetingStatus.MOVED if before is not None and before.is_on else MeetingStatus.NEW

    def _moved_from(self, row: PromiseRow) -> str | None:
        before = self._before.get(row.meeting)
        if before is None or self._was is None:
            return None
        time = before.starts_at if before.starts_at != row.starts_at else None
        table = before.table if before.table != row.table else None
        return self._was(time, table) if time or table else None

    def _badges(self, other: Person | None) -> tuple[str, ...]:
        kinds = {kind.code: kind for kind in vocabulary.kinds()}
        kind = kinds.get(other.kind) if other else None
        if kind is None or not kind.reserved_article:
            return ()
        return (_ELIGIBLE.get(self.locale, _ELIGIBLE["fr"]),)

    def planning(self) -> tuple[PlanningRow, ...]:
        """Every meeting as the organiser sees it, in order of time and table."""
        return _planning(
            self.rows,
            self.people,
            self._musts,
            zones(self._session, self.edition.id),
            self._status,
        )


_ELIGIBLE = {"fr": "Éligible aux marchés réservés", "en": "Eligible for reserved markets"}


def _planning(
    rows: tuple[PromiseRow, ...],
    known: Mapping[int, Person],
    wanted_most: frozenset[tuple[int, int]],
    zone: Mapping[str, str],
    status: Callable[[PromiseRow], MeetingStatus],
) -> tuple[PlanningRow, ...]:
    found = []
    for row in rows:
        first, second = (known[one] for one in row.people[:2])
        wanted = {(first.id, second.organisation_id), (second.id, first.organisation_id)}
        found.append(
            PlanningRow(
                start=row.starts_at,
                end=row.ends_at,
                table=row.table,
                first_organisation=first.organisation,
                second_organisation=second.organisation,
                first_person=first.name,
                second_person=second.name,
                first_type=first.type.letter,
                second_type=second.type.letter,
                zone=zone.get(row.table, ""),
                status=status(row),
                uid=row.uid,
                must=bool(wanted & wanted_most),
            )
        )
    return tuple(sorted(found, key=lambda row: (row.start, row.table, row.uid)))


def agenda_rows(
    session: Session,
    edition: Edition,
    delegate_id: int,
    *,
    release: Release | None = None,
    locale: str = "fr",
    was: Was | None = None,
) -> tuple[AgendaRow, ...]:
    """One person's agenda of a release, the latest by default; empty before the first."""
    book = Book(session, edition, release=release, locale=locale, was=was, only=delegate_id)
    return book.agenda(delegate_id)


def all_agendas(
    session: Session,
    edition: Edition,
    *,
    release: Release | None = None,
    locale: str = "fr",
    was: Was | None = None,
    draft_id: int | None = None,
) -> tuple[Agenda, ...]:
    """A sheet for each approved delegate, by surname; the caller adds addresses and tokens (`replace`)."""
    book = Book(session, edition, release=release, locale=locale, was=was, draft_id=draft_id)
    pauses, plan = breaks(session, edition, locale), floor_plan(session, edition)
    changeover = changeover_min(session, edition)
    rows = book.agendas()
    attending = sorted(
        (one for one in book.people.values() if one.approved), key=lambda one: (one.last_name, one.first_name)
    )
    return tuple(_agenda(book, one, rows.get(one.id, ()), pauses, plan, changeover) for one in attending)


def one_agenda(
    session: Session,
    edition: Edition,
    delegate_id: int,
    *,
    release: Release | None = None,
    locale: str = "fr",
    was: Was | None = None,
) -> Agenda:
    """The sheet of one delegate, whatever the state of the registration."""
    book = Book(session, edition, release=release, locale=locale, was=was, only=delegate_id)
    return sheet_of(session, book, delegate_id)


def sheet_of(
    session: Session, book: Book, delegate_id: int, *, tables: Collection[str] | None = None
) -> Agenda:
    """The sheet of one delegate of a book; `tables` narrows its floor plan to these."""
    return _agenda(
        book,
        book.people[delegate_id],
        book.agenda(delegate_id),
        breaks(session, book.edition, book.locale),
        floor_plan(session, book.edition, only=tables),
        changeover_min(session, book.edition),
    )


def _agenda(
    book: Book,
    one: Person,
    rows: tuple[AgendaRow, ...],
    pauses: tuple[BreakRow, ...],
    plan: FloorPlan,
    changeover: int,
) -> Agenda:
    return Agenda(
        person=one.name,
        organisation=one.organisation,
        job_title=one.job_title,
        type=one.type,
        rows=rows,
        breaks=pauses,
        changeover_min=changeover,
        code=one.code,
        release_number=book.release.number if book.release else None,
        stage=book.stage,
        published_at=book.release.created_at if book.release else None,
        floor=plan,
        surname=one.last_name,
    )


def _rows(
    session: Session, release: Release | None, draft_id: int | None, only: int | None
) -> tuple[PromiseRow, ...]:
    if draft_id is not None:
        return promises.placed(session, draft_id)
    return promises.released(session, release.id, only=only) if release else ()


def _rows_before(session: Session, release: Release | None, only: int | None) -> dict[int, PromiseRow]:
    before = promises.released_before(session, release, only=only) if release else ()
    return {row.meeting: row for row in before}
