"""Fields that describe an organisation and a person, shared by registration and profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    SelectField,
    SelectMultipleField,
    TelField,
    URLField,
)
from wtforms.validators import Email, InputRequired, Length, Optional, StopValidation

from salon import i18n, vocabulary
from salon.enums import TermKind
from salon.errors import Invalid
from salon.forms.base import clean_line
from salon.forms.fields import choices, line, prose
from salon.services.registration_inputs import PersonInput, checked
from salon.structures import Structure, StructureSheet
from salon.wording import describe

_CHOOSE = InputRequired(_l("Choisissez dans la liste."))
_ADDRESS = Email(_l("Cette adresse n’est pas complète. Exemple : nom@structure.fr"))


class AsImported:
    """The value is what an import would take too: one rule for a number, wherever it is typed."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self, form: Form, field: Field) -> None:
        try:
            checked(self.key, field.data or "")
        except Invalid as error:
            raise StopValidation(describe(error)) from error


def address(label: Any, *, required: bool = True) -> EmailField:
    """An e-mail address."""
    first = InputRequired(_l("Complétez cette case.")) if required else Optional()
    return EmailField(label, filters=[clean_line], validators=[first, Length(max=254), _ADDRESS])


def phone(label: Any) -> TelField:
    """A telephone number, perhaps none."""
    return TelField(label, filters=[clean_line], validators=[Optional(), Length(max=40), AsImported("phone")])


def fill(form: Form) -> None:
    """Fill the lists that every form of a structure has, from the vocabulary in the reader's language."""
    here, book = i18n.locale_code(), vocabulary.packaged()
    none = [("", str(_l("Non précisé")))]
    places = [(code, f"{code} {name}") for code, name in book.choices("departements", here)]
    form["kind"].choices = choices(none + book.choices("kinds", here))
    form["legal_form"].choices = choices(none + book.choices("legal_forms", here))
    form["department"].choices = choices(none + places)
    form["size"].choices = choices(none + book.choices("sizes", here))
    for name in ("sectors", "networks", "labels", "prestas"):
        form[name].choices = choices(book.choices(name, here))


def plain(form: Form) -> dict[str, Any]:
    """What was typed into the fields that every form of a structure has, but for its name and lists."""
    names = ("kind", "legal_form", "siret", "department", "town", "size", "website", "pitch")
    return {name: form[name].data or "" for name in names}


class StructureFields(Form):
    """An organisation; `organisation` is its name."""

    organisation = line(_l("Nom de la structure"), 160, required=True)
    kind = SelectField(_l("Type de structure"), validators=[_CHOOSE])
    legal_form = SelectField(_l("Forme juridique"), validators=[Optional()])
    siret = line(_l("SIRET"), 20)
    department = SelectField(_l("Département"), validators=[Optional()])
    town = line(_l("Ville"), 100)
    size = SelectField(_l("Effectif"), validators=[Optional()])
    website = URLField(
        _l("Site web"), filters=[clean_line], validators=[Optional(), Length(max=300), AsImported("website")]
    )
    pitch = prose(_l("Présentation"), 400)
    sectors = SelectMultipleField(_l("Secteurs d’activité"))
    networks = SelectMultipleField(_l("Réseaux"))
    labels = SelectMultipleField(_l("Labels et certifications"))
    structure_languages = SelectMultipleField(_l("Langues de travail"))
    prestas = SelectMultipleField(_l("Ce que vous proposez"))

    def validate_siret(self, field: Field) -> None:
        AsImported("siret")(self, field)

    def offer_structure(self) -> None:
        """Fill the lists from the vocabulary, in the reader's language."""
        fill(self)
        here, book = i18n.locale_code(), vocabulary.packaged()
        self.kind.choices = choices([("", str(_l("Choisir…"))), *book.choices("kinds", here)])
        self.structure_languages.choices = choices(book.choices("languages", here))

    def structure(self) -> Structure:
        """What was typed."""
        return Structure(
            name=self.organisation.data or "",
            **plain(self),
            terms={
                TermKind.SECTOR: tuple(self.sectors.data or ()),
                TermKind.NETWORK: tuple(self.networks.data or ()),
                TermKind.LABEL: tuple(self.labels.data or ()),
                TermKind.LANGUAGE: tuple(self.structure_languages.data or ()),
                TermKind.PRESTA: tuple(self.prestas.data or ()),
            },
        )


def sheet_data(sheet: StructureSheet, lists: Mapping[TermKind, str]) -> dict[str, Any]:
    """The stored sheet as a form's data; `lists` names the field of each list."""
    plain = {one.name: getattr(sheet, one.name) for one in fields(sheet) if one.name != "terms"}
    return plain | {name: list(sheet.terms.get(kind, ())) for kind, name in lists.items()}


class PersonFields(Form):
    """A person, but for the address; needs say what must be there, never why."""

    first_name = line(_l("Prénom"), 80, required=True)
    last_name = line(_l("Nom"), 80, required=True)
    job_title = line(_l("Fonction"), 120)
    phone = phone(_l("Téléphone"))
    locale = SelectField(_l("Langue des messages"))
    spoken = SelectMultipleField(_l("Langues parlées"))
    step_free = BooleanField(_l("Il me faut une table de plain-pied"))
    interpreter = SelectField(_l("Interprète"), validators=[Optional()])

    def offer_person(self) -> None:
        """Fill the lists from the vocabulary, in the reader's language."""
        here, book = i18n.locale_code(), vocabulary.packaged()
        self.locale.choices = choices([("fr", "Français"), ("en", "English")])
        self.spoken.choices = choices(book.choices("languages", here))
        needs = [
            (need.code, book.label("access_needs", need.code, here))
            for need in book.access_needs
            if need.resource == "interpreter"
        ]
        self.interpreter.choices = choices([("", str(_l("Aucun"))), *needs])

    def person(self, email: str) -> PersonInput:
        """What was typed."""
        return PersonInput(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            email=email,
            job_title=self.job_title.data or "",
            phone=self.phone.data or "",
            locale=self.locale.data or "fr",
            languages=tuple(self.spoken.data or ()),
            step_free=bool(self.step_free.data),
            interpreter=self.interpreter.data or "",
        )


class ColleagueFields(Form):
    """A colleague: nothing, or the three that are needed to write to them."""

    first_name = line(_l("Prénom"), 80)
    last_name = line(_l("Nom"), 80)
    email = address(_l("Adresse e-mail"), required=False)
    job_title = line(_l("Fonction"), 120)

    @property
    def is_blank(self) -> bool:
        return not any(field.data for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        """All three or none."""
        fine = super().validate(extra_validators)
        if self.is_blank:
            return fine
        for field in (self.first_name, self.last_name, self.email):
            if not field.data:
                field.errors = [*field.errors, str(_l("Complétez cette case, ou videz toute la ligne."))]
                fine = False
        return fine

    def person(self, locale: str) -> PersonInput:
        """What was typed; messages go in the language of whoever adds them."""
        return PersonInput(
            self.first_name.data or "", self.last_name.data or "", self.email.data or "",
            self.job_title.data or "", locale=locale,
        )  # fmt: skip
