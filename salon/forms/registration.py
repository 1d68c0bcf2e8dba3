"""The public registration form: structure, person, colleagues, the organiser's questions, consents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from salon import i18n
from salon.enums import ConsentPurpose, QuestionKind
from salon.forms.base import SalonForm, clean_line, clean_text
from salon.forms.fields import choices
from salon.forms.structure import ColleagueFields, PersonFields, StructureFields, address
from salon.keys import email_key
from salon.queries.public_form import QuestionRow
from salon.services.registration_inputs import MAX_COLLEAGUES, Application, PersonInput
from salon.wording import consents

_ANSWER = InputRequired(_l("Répondez à cette question."))


class QuestionsForm(SalonForm):
    """A form that also asks the organiser's questions; make the class with `asking`."""

    questions: Sequence[QuestionRow] = ()

    def question_fields(self) -> list[tuple[QuestionRow, Field]]:
        """Each question with its field, in order."""
        return [(row, self[f"question_{row.id}"]) for row in self.questions]

    def answers(self) -> dict[int, dict[str, Any]]:
        """The answers that were given, as stored."""
        found = {row.id: _stored(row, field.data) for row, field in self.question_fields()}
        return {number: value for number, value in found.items() if value is not None}


def asking(form: type[QuestionsForm], rows: Iterable[QuestionRow]) -> type[QuestionsForm]:
    """The form's class with a field for each question."""
    kept = tuple(rows)
    fields = {f"question_{row.id}": _field(row) for row in kept}
    return type(form.__name__, (form,), {**fields, "questions": kept})


def _field(row: QuestionRow) -> Field:
    needed: list[Any] = [_ANSWER if row.required else Optional()]
    label = i18n.pick(row.label)
    if row.kind is QuestionKind.LONG_TEXT:
        return TextAreaField(label, filters=[clean_text], validators=[*needed, Length(max=2000)])
    if row.kind is QuestionKind.YES_NO:
        return RadioField(
            label, choices=choices([("yes", str(_l("Oui"))), ("no", str(_l("Non")))]), validators=needed
        )
    listed = choices((str(i), i18n.pick(choice)) for i, choice in enumerate(row.choices))
    if row.kind is QuestionKind.CHOICE:
        return RadioField(label, choices=listed, validators=needed)
    if row.kind is QuestionKind.CHOICES:
        return SelectMultipleField(label, choices=listed, validators=needed)
    return StringField(label, filters=[clean_line], validators=[*needed, Length(max=300)])


def _stored(row: QuestionRow, data: Any) -> dict[str, Any] | None:
    if not data:
        return None
    if row.kind is QuestionKind.CHOICE:
        return {"choices": [int(data)]}
    if row.kind is QuestionKind.CHOICES:
        return {"choices": [int(index) for index in data]}
    return {"text": data}


def typed(row: QuestionRow, value: dict[str, Any] | None) -> Any:
    """A stored answer as its field shows it."""
    if not value:
        return [] if row.kind is QuestionKind.CHOICES else ""
    if row.kind is QuestionKind.CHOICES:
        return [str(index) for index in value.get("choices", ())]
    if row.kind is QuestionKind.CHOICE:
        return next((str(index) for index in value.get("choices", ())), "")
    return value.get("text", "")


class RegistrationForm(QuestionsForm, StructureFields, PersonFields):
    """One page in sections; consents are apart and start unticked."""

    type = RadioField(
        _l("Vous venez comme"),
        coerce=int,
        validators=[InputRequired(_l("Dites comment vous venez."))],
        validate_choice=False,  # one that closed meanwhile is refused by the service, in its words
    )
    email = address(_l("Adresse e-mail"))
    colleagues = FieldList(FormField(ColleagueFields), min_entries=1, max_entries=MAX_COLLEAGUES)
    consent_directory = BooleanField()
    consent_partners = BooleanField()
    consent_photo = BooleanField()
    consent_newsletter = BooleanField()
    consent_survey = BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fields in the order of the page, which is that of the list of errors."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Field] = {field.name: field for field in self}
        first = ["type", *(field.name for field in PersonFields()), "email"]
        self._fields = {name: fields[name] for name in [*first, *fields]}  # a name keeps its first place

    def offer(self, types: Iterable[tuple[int, str]]) -> RegistrationForm:
        """Fill the lists: the open types, the vocabulary."""
        self.type.choices = choices(types)
        self.offer_structure()
        self.offer_person()
        return self

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Also: nobody is there twice."""
        fine = super().validate(*args, **kwargs)
        seen = {email_key(self.email.data or "")}
        for entry in self.colleagues:
            address = entry.form.email
            key = email_key(address.data or "")
            if address.data and key in seen:
                address.errors = [*address.errors, str(_l("Cette adresse est déjà sur cette page."))]
                fine = False
            seen.add(key)
        return fine

    def application(self) -> Application:
        """Everything that was typed."""
        return Application(
            type_id=self.type.data,
            structure=self.structure(),
            person=self.person(self.email.data or ""),
            colleagues=tuple(self._colleagues()),
            answers=self.answers(),
            consents=self.consents(),
            wording=consents.wording(i18n.locale_code()),
        )

    def _colleagues(self) -> Iterable[PersonInput]:
        for entry in self.colleagues:
            if not entry.form.is_blank:
                yield entry.form.person(self.locale.data)

    def consents(self) -> frozenset[ConsentPurpose]:
        """Those that were ticked."""
        return frozenset(one for one in ConsentPurpose if self[f"consent_{one.value}"].data)

    def consent_fields(self) -> list[tuple[Field, str]]:
        """Each box with the text that it agrees to."""
        return [(self[f"consent_{one.value}"], text()) for one, text in consents.TEXTS.items()]
