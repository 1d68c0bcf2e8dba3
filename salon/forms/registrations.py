"""What an organiser types about one registration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, Length, NumberRange, Optional

from salon import i18n, vocabulary
from salon.enums import DelegateStatus, TermKind
from salon.forms.base import clean_line, clean_text
from salon.forms.structure import sheet_data
from salon.forms.worded import WordedForm
from salon.structures import StructureSheet


def choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """`(value, words)` pairs as WTForms wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


_LISTS = {
    TermKind.SECTOR: "sectors",
    TermKind.NETWORK: "networks",
    TermKind.LABEL: "labels",
    TermKind.PRESTA: "prestas",
}
_NEEDED = DataRequired(_l("Complétez cette case."))


def _line(label: Any, most: int, *, required: bool = False) -> StringField:
    first = _NEEDED if required else Optional()
    return StringField(label, filters=[clean_line], validators=[first, Length(max=most)])


def _small(label: Any) -> IntegerField:
    message = _l("Écrivez un nombre de 0 à 99.")
    return IntegerField(label, validators=[Optional(), NumberRange(0, 99, message=message)])


class ReasonForm(WordedForm):
    """A decision that the person is told, with its reason."""

    reason = TextAreaField(_l("Raison"), filters=[clean_text], validators=[_NEEDED, Length(max=500)])
    ids = HiddenField()


class DecisionForm(WordedForm):
    """A decision whose reason may stay unsaid."""

    reason = TextAreaField(_l("Raison"), filters=[clean_text], validators=[Optional(), Length(max=500)])
    ids = HiddenField()


class PersonForm(WordedForm):
    """The person, their needs, and the organiser's own limits."""

    version = HiddenField()
    first_name = _line(_l("Prénom"), 80, required=True)
    last_name = _line(_l("Nom"), 80, required=True)
    email = StringField(
        _l("E-mail"),
        filters=[clean_line],
        validators=[
            _NEEDED,
            Length(max=254),
            Email(_l("Ce n’est pas une adresse. Exemple : nom@structure.fr")),
        ],
    )
    job_title = _line(_l("Fonction"), 120)
    phone = _line(_l("Téléphone"), 40)
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

    first_name = _line(_l("Prénom"), 80, required=True)
    last_name = _line(_l("Nom"), 80, required=True)
    email = StringField(
        _l("E-mail"),
        filters=[clean_line],
        validators=[
            _NEEDED,
            Length(max=254),
            Email(_l("Ce n’est pas une adresse. Exemple : nom@structure.fr")),
        ],
    )
    organisation = _line(_l("Structure"), 160, required=True)
    kind = SelectField(_l("Type de structure"))
    town = _line(_l("Ville"), 100)
    department = SelectField(_l("Département"))
    type = SelectField(_l("Type de participant"), coerce=int)
    job_title = _line(_l("Fonction"), 120)
    phone = _line(_l("Téléphone"), 40)
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
    name = _line(_l("Nom"), 160, required=True)
    kind = SelectField(_l("Type de structure"))
    legal_form = SelectField(_l("Forme juridique"))
    siret = _line(_l("SIRET"), 20)
    department = SelectField(_l("Département"))
    town = _line(_l("Ville"), 100)
    size = SelectField(_l("Effectif"))
    website = _line(_l("Site web"), 300)
    pitch = TextAreaField(_l("Présentation"), filters=[clean_text], validators=[Optional(), Length(max=400)])
    sectors = SelectMultipleField(_l("Secteurs"))
    networks = SelectMultipleField(_l("Réseaux"))
    labels = SelectMultipleField(_l("Labels"))
    prestas = SelectMultipleField(_l("Types de prestation"))
    offers = TextAreaField(_l("Offres"), filters=[clean_text], validators=[Optional(), Length(max=2000)])
    needs = TextAreaField(_l("Besoins"), filters=[clean_text], validators=[Optional(), Length(max=2000)])

    def offer(self) -> OrganisationForm:
        """Fill the lists from the vocabulary in the reader's language."""
        here, book = i18n.locale_code(), vocabulary.packaged()
        none = [("", str(_l("Non précisé")))]
        self.kind.choices = choices(none + book.choices("kinds", here))
        self.legal_form.choices = choices(none + book.choices("legal_forms", here))
        departments = [(code, f"{code} {name}") for code, name in book.choices("departements", here)]
        self.department.choices = choices(none + departments)
        self.size.choices = choices(none + book.choices("sizes", here))
        self.sectors.choices = choices(book.choices("sectors", here))
        self.networks.choices = choices(book.choices("networks", here))
        self.labels.choices = choices(book.choices("labels", here))
        self.prestas.choices = choices(book.choices("prestas", here))
        return self

    def sheet(self, version: str) -> StructureSheet:
        """What was typed into the page that `version` was shown on."""
        terms = {kind: tuple(self[name].data or ()) for kind, name in _LISTS.items()}
        return StructureSheet(
            name=self.name.data or "",
            kind=self.kind.data or "",
            legal_form=self.legal_form.data or "",
            siret=self.siret.data or "",
            department=self.department.data or "",
            town=self.town.data or "",
            size=self.size.data or "",
            website=self.website.data or "",
            pitch=self.pitch.data or "",
            terms=terms,
            offers=self.offers.data or "",
            needs=self.needs.data or "",
            version=version,
        )


def organisation_data(sheet: StructureSheet) -> dict[str, Any]:
    """The stored sheet as the form's data."""
    return sheet_data(sheet, _LISTS)
