"""The list of registrations as a spreadsheet whose headings an import understands again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

from flask import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exports import sheets
from exports.document import Document
from salon import i18n, vocabulary
from salon.enums import TermKind
from salon.models import Edition
from salon.queries import registration_export
from salon.queries.registration_export import ExportRow
from salon.queries.registrations import RegistrationLine
from salon.wording import statuses

FORMATS: Mapping[str, Callable[..., Document]] = {"xlsx": sheets.xlsx, "csv": sheets.csv}


def document(session: Session, edition: Edition, chosen: Iterable[RegistrationLine], kind: str) -> Document:
    """The chosen people, in their order, as XLSX or CSV."""
    rows, terms = registration_export.rows(session, edition), registration_export.terms(session, edition)
    cells = [
        _cells(rows[line.id], terms[rows[line.id].organisation_id]) for line in chosen if line.id in rows
    ]
    name = _("Inscriptions – %(edition)s", edition=edition.name)
    return FORMATS[kind](_columns(), cells, name=name, timezone=edition.timezone)


def answer(made: Document) -> Response:
    """A download; the name is ours, ASCII, and never a path."""
    response = Response(made.content, mimetype=made.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename={quote(made.filename)}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _columns() -> tuple[sheets.Column, ...]:
    return (
        sheets.Column(_("Nom"), 20), sheets.Column(_("Prénom"), 16), sheets.Column(_("E-mail"), 32),
        sheets.Column(_("Téléphone"), 18), sheets.Column(_("Fonction"), 28),
        sheets.Column(_("Structure"), 34),
        sheets.Column(_("Type de structure"), 30), sheets.Column(_("Forme juridique"), 18),
        sheets.Column(_("SIRET"), 18), sheets.Column(_("Département"), 12), sheets.Column(_("Ville"), 20),
        sheets.Column(_("Effectif"), 18), sheets.Column(_("Site web"), 30),
        sheets.Column(_("Présentation"), 40),
        sheets.Column(_("Secteurs"), 40), sheets.Column(_("Réseaux"), 24), sheets.Column(_("Labels"), 20),
        sheets.Column(_("Prestations"), 24), sheets.Column(_("Type de participant"), 18),
        sheets.Column(_("Statut"), 16), sheets.Column(_("Langue des messages"), 12),
        sheets.Column(_("Langues parlées"), 20), sheets.Column(_("Besoins d’accès"), 28),
        sheets.Column(_("Rendez-vous maximum"), 12), sheets.Column(_("Nombre de vœux"), 10),
        sheets.Column(_("Nombre de rendez-vous"), 12), sheets.Column(_("Date d’inscription"), 18),
    )  # fmt: skip


def _cells(row: ExportRow, terms: Mapping[TermKind, list[str]]) -> tuple[sheets.Value, ...]:
    needs = (["step_free"] if row.step_free else []) + ([row.interpreter] if row.interpreter else [])
    return (
        row.last_name, row.first_name, row.email, row.phone, row.job_title, row.organisation,
        _words("kinds", [row.kind]), _words("legal_forms", [row.legal_form]), row.siret or "", row.department,
        row.town, _words("sizes", [row.size]), row.website, row.pitch,
        _words("sectors", terms.get(TermKind.SECTOR, [])),
        _words("networks", terms.get(TermKind.NETWORK, [])),
        _words("labels", terms.get(TermKind.LABEL, [])), _words("prestas", terms.get(TermKind.PRESTA, [])),
        i18n.pick(row.type_name), statuses.status_word(row.status), row.locale,
        _words("languages", row.languages), _words("access_needs", needs), row.max_meetings, row.wishes,
        row.meetings, row.created_at,
    )  # fmt: skip


def _words(list_name: str, codes: Iterable[str]) -> str:
    """The labels, between semicolons since some hold a comma; an unknown code shows itself."""
    book, locale = vocabulary.packaged(), i18n.locale_code()
    return " ; ".join(
        book.label(list_name, code, locale) if book.has(list_name, code) else code for code in codes if code
    )
