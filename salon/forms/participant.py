"""What attendees type on their own pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from salon import i18n, vocabulary
from salon.enums import ConsentPurpose, TermKind
from salon.forms.base import SalonForm
from salon.forms.fields import choices, line, prose, whole
from salon.forms.registration import QuestionsForm, typed
from salon.forms.structure import ColleagueFields, PersonFields, StructureFields, address, sheet_data
from salon.services.availability import MAX_MEETINGS, Limits
from salon.services.profile import OfferInput
from salon.structures import StructureSheet
from salon.wording import consents

_TERMS = {
    TermKind.SECTOR: "sectors",
    TermKind.NETWORK: "networks",
    TermKind.LABEL: "labels",
    TermKind.LANGUAGE: "structure_languages",
    TermKind.PRESTA: "prestas",
    TermKind.OFFERED_SECTOR: "offered_sectors",
    TermKind.NEEDED_SECTOR: "needed_sectors",
}


class ProfileForm(QuestionsForm, PersonFields):
    """One's own sheet."""

    version = HiddenField()

    def started(self, answers: dict[int, dict[str, Any]]) -> None:
        """Show the stored answers."""
        for row, field in self.question_fields():
            field.data = typed(row, answers.get(row.id))


class StructureForm(SalonForm, StructureFields):
    """The organisation's sheet, with what it offers and needs here."""

    version = HiddenField()
    offers = prose(_l("Ce que vous offrez"), 2000)
    needs = prose(_l("Ce que vous cherchez"), 2000)
    offered_sectors = SelectMultipleField(_l("Secteurs de votre offre"))
    needed_sectors = SelectMultipleField(_l("Secteurs que vous cherchez"))

    def offer_lists(self) -> StructureForm:
        """Fill the lists."""
        self.offer_structure()
        sectors = choices(vocabulary.packaged().choices("sectors", i18n.locale_code()))
        self.offered_sectors.choices = self.needed_sectors.choices = sectors
        return self

    def offer(self) -> OfferInput:
        """What was typed of offers and needs."""
        return OfferInput(
            self.offers.data or "",
            self.needs.data or "",
            tuple(self.offered_sectors.data or ()),
            tuple(self.needed_sectors.data or ()),
        )


def structure_data(sheet: StructureSheet) -> dict[str, Any]:
    """The stored sheet as the form's data."""
    return sheet_data(sheet, _TERMS) | {"organisation": sheet.name}


class ColleagueForm(SalonForm, ColleagueFields):
    """A colleague to add: here the three are needed."""

    first_name = line(_l("Prénom"), 80, required=True)
    last_name = line(_l("Nom"), 80, required=True)
    email = address(_l("Adresse e-mail"))


class AvailabilityForm(SalonForm):
    """One's own limits; the slots are boxes beside it, read by the view."""

    fingerprint = HiddenField()
    max_meetings = whole(_l("Rendez-vous au plus"), 1, MAX_MEETINGS)
    stays_put = BooleanField(_l("Je préfère rester à la même table"))
    step_free = BooleanField(_l("Il me faut une table de plain-pied"))
    interpreter = SelectField(_l("Interprète"), validators=[Optional()])

    def offer(self) -> AvailabilityForm:
        """Fill the list of interpreters."""
        here, book = i18n.locale_code(), vocabulary.packaged()
        needs = [
            (need.code, book.label("access_needs", need.code, here))
            for need in book.access_needs
            if need.resource == "interpreter"
        ]
        self.interpreter.choices = choices([("", str(_l("Aucun"))), *needs])
        return self

    def limits(self) -> Limits:
        """What was typed."""
        return Limits(
            self.max_meetings.data,
            bool(self.stays_put.data),
            bool(self.step_free.data),
            self.interpreter.data or "",
        )


class ConsentsForm(SalonForm):
    """Each consent apart."""

    consent_directory = BooleanField()
    consent_partners = BooleanField()
    consent_photo = BooleanField()
    consent_newsletter = BooleanField()
    consent_survey = BooleanField()

    def wanted(self) -> frozenset[ConsentPurpose]:
        return frozenset(one for one in ConsentPurpose if self[f"consent_{one.value}"].data)

    def boxes(self) -> list[tuple[Any, str]]:
        """Each box with the text that it agrees to."""
        return [(self[f"consent_{one.value}"], text()) for one, text in consents.TEXTS.items()]


class ExportForm(SalonForm):
    """In which shape one's data are handed over."""

    shape = RadioField(
        _l("Format"),
        choices=[SelectChoice("zip", _l("ZIP, à ouvrir avec un tableur")), SelectChoice("json", "JSON")],
        default="zip",
    )
