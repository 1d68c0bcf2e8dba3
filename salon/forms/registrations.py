"""What an organiser types about one registration."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from salon import i18n, vocabulary
from salon.enums import DelegateStatus, TermKind
from salon.forms.base import clean_text
from salon.forms.fields import WRITTEN, choices, line, mail_address, prose
from salon.forms.structure import fill, plain, sheet_data
from salon.forms.worded import WordedForm
from salon.structures import StructureSheet

_LISTS = {
    TermKind.SECTOR: "sectors",
    TermKind.NETWORK: "networks",
    TermKind.LABEL: "labels",
    TermKind.PRESTA: "prestas",
}


def _small(label: Any) -> IntegerField:
    message = _l("Écrivez un nombre de 0 à 99.")
    return IntegerField(label, validators=[Optional(), NumberRange(0, 99, message=message)])


class ReasonForm(WordedForm):
    """A decision that the person is told, with its reason."""

    reason = TextAreaField(_l("Raison"), filters=[clean_text], validators=[WRITTEN, Length(max=500)])
    ids = HiddenField()


class DecisionForm(WordedForm):
    """A decision whose reason may stay unsaid."""

    reason = prose(_l("Raison"), 500)
    ids = HiddenField()


class PersonForm(WordedForm):
    """The person, their needs, and the organiser's own limits."""

    version = HiddenField()
    first_name = line(_l("Prénom"), 80, required=True)
    last_name = line(_l("Nom"), 80, required=True)
    email = mail_address(_l("E-mail"))
    job_title = line(_l("Fonction"), 120)
    phone = line(_l("Téléphone"), 40)
    type = SelectField(_l("Type de participant"), coerce=int)
    locale = SelectField(_l("Langue des messages"))
    languages = SelectMultipleField(_l("Langues parlées"))
    is_lead = BooleanField(_l("Contact principal de sa structure"))
    step_free = BooleanField(_l("A besoin d’une table de plain-pied"))
    interpreter = SelectField(_l("Interprète"))
    stays_put = BooleanField(_l("Préfère rester à la même table"))
    max_meetings = _small(_l("Rendez-vous au plus, selon la personne"))
    min_override = _small(_l("Rendez-vous au moins, selon l’organisation"))
    max_override = _small(_l("Rendez-vous au plus, selon l’organisation"))

    def offer(self, types: list[tuple[int, str]]) -> PersonForm:
        """Fill the lists: types of the edition, the vocabulary in the reader's language."""
        here, book = i18n.locale_code(), vocabulary.packaged()
        self.type.choices = choices(types)
        self.locale.choices = choices([("fr", "Français"), ("en", "English")])
        self.languages.choices = choices(book.choices("languages", here))
        needs = [
            (t.code, book.label("access_needs", t.code, here))
            for t in book.access_needs
            if t.resource == "interpreter"
        ]
        self.interpreter.choices = choices([("", str(_l("Aucun"))), *needs])
        return self


class NewForm(WordedForm):
    """Somebody registered by hand."""

    first_name = line(_l("Prénom"), 80, required=True)
    last_name = line(_l("Nom"), 80, required=True)
    email = mail_address(_l("E-mail"))
    organisation = line(_l("Structure"), 160, required=True)
    kind = SelectField(_l("Type de structure"))
    town = line(_l("Ville"), 100)
    department = SelectField(_l("Département"))
    type = SelectField(_l("Type de participant"), coerce=int)
    job_title = line(_l("Fonction"), 120)
    phone = line(_l("Téléphone"), 40)
    locale = SelectField(_l("Langue des messages"))
    step_free = BooleanField(_l("A besoin d’une table de plain-pied"))
    status = RadioField(_l("Statut"), default=DelegateStatus.APPROVED.value)
    invite = BooleanField(_l("Envoyer l’invitation tout de suite"), default=True)

    def offer(self, types: list[tuple[int, str]]) -> NewForm:
        """Fill the lists: types of the edition, the vocabulary in the reader's language."""
        here, book = i18n.locale_code(), vocabulary.packaged()
        none = [("", str(_l("Non précisé")))]
        departments = [(code, f"{code} {name}") for code, name in book.choices("departements", here)]
        self.type.choices = choices(types)
        self.kind.choices = choices(none + book.choices("kinds", here))
        self.department.choices = choices(none + departments)
        self.locale.choices = choices([("fr", "Français"), ("en", "English")])
        self.status.choices = choices(
            [
                (DelegateStatus.APPROVED.value, str(_l("Validée"))),
                (DelegateStatus.PENDING.value, str(_l("À valider plus tard"))),
            ]
        )
        return self


class OrganisationForm(WordedForm):
    """The structure as the catalogue shows it."""

    version = HiddenField()
    name = line(_l("Nom"), 160, required=True)
    kind = SelectField(_l("Type de structure"))
    legal_form = SelectField(_l("Forme juridique"))
    siret = line(_l("SIRET"), 20)
    department = SelectField(_l("Département"))
    town = line(_l("Ville"), 100)
    size = SelectField(_l("Effectif"))
    website = line(_l("Site web"), 300)
    pitch = prose(_l("Présentation"), 400)
    sectors = SelectMultipleField(_l("Secteurs"))
    networks = SelectMultipleField(_l("Réseaux"))
    labels = SelectMultipleField(_l("Labels"))
    prestas = SelectMultipleField(_l("Types de prestation"))
    offers = prose(_l("Offres"), 2000)
    needs = prose(_l("Besoins"), 2000)

    def offer(self) -> OrganisationForm:
        """Fill the lists from the vocabulary in the reader's language."""
        fill(self)
        return self

    def sheet(self, version: str) -> StructureSheet:
        """What was typed into the page that `version` was shown on."""
        terms = {kind: tuple(self[name].data or ()) for kind, name in _LISTS.items()}
        return StructureSheet(
            name=self.name.data or "",
            **plain(self),
            terms=terms,
            offers=self.offers.data or "",
            needs=self.needs.data or "",
            version=version,
        )


def organisation_data(sheet: StructureSheet) -> dict[str, Any]:
    """The stored sheet as the form's data."""
    return sheet_data(sheet, _LISTS)
