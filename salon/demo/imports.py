"""A registration file such as an organiser receives: 40 people in a spreadsheet, with or without mistakes."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from salon.demo.cast_data import deal, dice, lead_keys, slug, table
from salon.demo.cast_people import NamePool, job_title
from salon.demo.rows import Cast, DelegateRow, OrganisationRow
from salon.vocabulary import packaged

SHEET = "Inscriptions"
HEADERS = (
    "Structure",
    "Type de structure",
    "Prénom",
    "Nom",
    "E-mail",
    "Téléphone",
    "Fonction",
    "Langues",
    "Département",
    "Besoin d’accès",
)
LINES = 40
UPDATES = 3
FIRST_LINE = 2  # below the header, as a spreadsheet numbers it


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One person as typed by a correspondent, a field per column of `HEADERS`, words rather than codes."""

    organisation: str
    kind: str
    first_name: str
    last_name: str
    email: str
    phone: str
    job_title: str
    languages: str
    departement: str
    access_need: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The lines of a file and what is in it, by spreadsheet line number (the header is line 1)."""

    lines: tuple[ImportLine, ...]
    updates: tuple[int, ...]
    duplicates: tuple[int, ...]
    errors: tuple[int, ...]

    @property
    def new(self) -> tuple[int, ...]:
        """Line numbers of people whom the installation does not know yet."""
        known = {*self.updates, *self.duplicates, *self.errors}
        numbers = range(FIRST_LINE, FIRST_LINE + len(self.lines))
        return tuple(number for number in numbers if number not in known)


def sample(cast: Cast, *, seed: int = 2027, flawed: bool = False) -> Sample:
    """40 people of organisations of ``cast``, all new to it.

    A ``flawed`` one holds, in known lines, three people already registered under another job title, one line
    typed twice, one address without a domain and one line without a last name.
    """
    rng = dice(seed, "import")
    pool = NamePool(rng, {person.key for person in cast.delegates} | set(lead_keys()))
    titles = table("job_titles")
    hosts = deal(rng, cast.organisations, LINES - (UPDATES + 1 if flawed else 0))
    lines = [_newcomer(rng, pool, titles, host) for host in hosts]
    return _flaw(rng, cast, lines) if flawed else Sample(tuple(lines), (), (), ())


def _newcomer(
    rng: random.Random, pool: NamePool, titles: list[dict[str, str]], host: OrganisationRow
) -> ImportLine:
    first, last, gender = pool.draw()
    return ImportLine(
        organisation=host.name,
        kind=packaged().kind(host.kind).short,
        first_name=first,
        last_name=last,
        email=f"{slug(first)}.{slug(last)}@{host.mail_domain}",
        phone=f"06 39 98 {rng.randrange(100):02d} {rng.randrange(100):02d}",
        job_title=job_title(rng, host, gender, titles, set()),
        languages="Français, Anglais" if rng.random() < 0.25 else "Français",
        departement=host.departement,
        access_need=packaged().label("access_needs", "step_free") if rng.random() < 0.05 else "",
    )


def _flaw(rng: random.Random, cast: Cast, lines: list[ImportLine]) -> Sample:
    """The lines with updates at the end but one, the copy last, and errors where they were typed."""
    organisations = {row.key: row for row in cast.organisations}
    known = deal(rng, [person for person in cast.delegates if person.key not in lead_keys()], UPDATES)
    wrong_address, no_name, copied = rng.sample(range(len(lines)), 3)
    lines[wrong_address] = replace(lines[wrong_address], email=lines[wrong_address].email.split("@")[0] + "@")
    lines[no_name] = replace(lines[no_name], last_name="")
    first_update = FIRST_LINE + len(lines)
    lines += [_update(person, organisations[person.organisation]) for person in known]
    lines.append(lines[copied])
    return Sample(
        lines=tuple(lines),
        updates=tuple(range(first_update, first_update + UPDATES)),
        duplicates=(first_update + UPDATES,),
        errors=tuple(sorted((wrong_address + FIRST_LINE, no_name + FIRST_LINE))),
    )


def _update(person: DelegateRow, host: OrganisationRow) -> ImportLine:
    book = packaged()
    return ImportLine(
        organisation=host.name,
        kind=book.kind(host.kind).short,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email.upper(),  # typed as people do: the same address all the same
        phone=person.phone.replace(" ", "."),
        job_title=f"{person.job_title} (par intérim)",
        languages=", ".join(book.label("languages", code) for code in person.languages),
        departement=host.departement,
        access_need=", ".join(book.label("access_needs", code) for code in person.access_needs),
    )


def csv_bytes(lines: Iterable[ImportLine], *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """The lines as French Excel saves them by default; its older "CSV" is ``encoding="cp1252"``.

    Raises
    ------
    UnicodeEncodeError
        When a name cannot be written in ``encoding``.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(HEADERS)
    writer.writerows(astuple(line) for line in lines)
    return out.getvalue().encode(encoding)


def xlsx_bytes(lines: Iterable[ImportLine]) -> bytes:
    """The lines as a workbook of one sheet, header in bold, every cell text so that "01" keeps its zero."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("openpyxl made a workbook without a sheet")
    sheet.title = SHEET
    sheet.append(HEADERS)
    for line in lines:
        sheet.append(astuple(line))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number in range(1, len(HEADERS) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 24
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
