"""The edition's translated texts and its own questions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField

from salon.enums import QuestionKind
from salon.forms.base import SalonForm
from salon.forms.fields import by_language, choices, line, prose, spread
from salon.models import Edition, Question
from salon.services import stamps
from salon.services.editions import TEXT_KEYS
from salon.services.questions import QuestionInput

_LONG = 4000


class TextsForm(SalonForm):
    """Each text in French and in English; see `TEXT_KEYS`."""

    version = HiddenField()
    about_fr = prose(_l("Présentation, en français"), _LONG)
    about_en = prose(_l("Présentation, en anglais"), _LONG)
    how_to_fr = prose(_l("Comment participer, en français"), _LONG)
    how_to_en = prose(_l("Comment participer, en anglais"), _LONG)
    access_fr = prose(_l("Venir, en français"), _LONG)
    access_en = prose(_l("Venir, en anglais"), _LONG)
    after_registration_fr = prose(_l("Après l’inscription, en français"), _LONG)
    after_registration_en = prose(_l("Après l’inscription, en anglais"), _LONG)
    practical_fr = prose(_l("Bon à savoir, en français"), _LONG)
    practical_en = prose(_l("Bon à savoir, en anglais"), _LONG)
    controller_fr = prose(_l("Qui organise, en français"), _LONG)
    controller_en = prose(_l("Qui organise, en anglais"), _LONG)
    retention_fr = prose(_l("Durée de conservation, en plus, en français"), _LONG)
    retention_en = prose(_l("Durée de conservation, en plus, en anglais"), _LONG)
    privacy_fr = prose(_l("Données personnelles, en français"), _LONG)
    privacy_en = prose(_l("Données personnelles, en anglais"), _LONG)

    @staticmethod
    def data_of(edition: Edition) -> dict[str, Any]:
        """The stored values, by field."""
        data: dict[str, Any] = {"version": edition.version}
        for key in TEXT_KEYS:
            data.update(spread(edition.texts.get(key, {}), key))
        return data

    def value(self) -> dict[str, dict[str, str]]:
        return {key: by_language(self, key) for key in TEXT_KEYS}


class QuestionForm(SalonForm):
    """One question; choices are typed one a line, the same number in each language or in French only."""

    version = HiddenField()

    kind = SelectField(
        _l("Sorte de réponse"),
        choices=choices(
            [
                (QuestionKind.TEXT.value, _l("Une ligne de texte")),
                (QuestionKind.LONG_TEXT.value, _l("Un texte de plusieurs lignes")),
                (QuestionKind.CHOICE.value, _l("Un choix dans une liste")),
                (QuestionKind.CHOICES.value, _l("Plusieurs choix dans une liste")),
                (QuestionKind.YES_NO.value, _l("Oui ou non")),
            ]
        ),
    )
    label_fr = line(_l("Question en français"), 300, required=True)
    label_en = line(_l("Question en anglais"), 300)
    help_fr = line(_l("Aide en français"), 300)
    help_en = line(_l("Aide en anglais"), 300)
    choices_fr = prose(_l("Choix en français, un par ligne"), _LONG)
    choices_en = prose(_l("Choix en anglais, un par ligne"), _LONG)
    required = BooleanField(_l("Réponse nécessaire"))
    purpose = line(_l("À quoi sert la réponse"), 300)

    @staticmethod
    def data_of(row: Question) -> dict[str, Any]:
        """The stored values, by field."""
        listed = {
            f"choices_{code}": "\n".join(choice.get(code, "") for choice in row.choices).rstrip("\n")
            for code in ("fr", "en")
        }
        texts = {**spread(row.label, "label"), **spread(row.help, "help"), **listed}
        return {
            "version": stamps.of_row(row),
            "kind": row.kind.value,
            "required": row.required,
            "purpose": row.purpose,
            **texts,
        }

    def value(self) -> QuestionInput:
        return QuestionInput(
            QuestionKind(self.kind.data),
            by_language(self, "label"),
            by_language(self, "help"),
            self._choices(),
            bool(self.required.data),
            self.purpose.data or "",
        )

    def _choices(self) -> tuple[dict[str, str], ...]:
        """Lines paired by their place; a line without French takes no place."""
        french = _lines(self.choices_fr.data)
        english = _lines(self.choices_en.data)
        paired = zip(french, [*english, *[""] * len(french)], strict=False)
        return tuple({"fr": fr, "en": en} if en else {"fr": fr} for fr, en in paired)


def _lines(text: str | None) -> list[str]:
    return [one.strip()[:200] for one in (text or "").split("\n") if one.strip()]
