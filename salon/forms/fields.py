"""Fields that several pages share: text in each language, moments on the edition's clock, rows of choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, Field, IntegerField, StringField, TextAreaField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
)

from salon.clockwork import to_utc
from salon.forms.base import SalonForm, clean_line, clean_text
from salon.i18n import LOCALES

NEEDED = InputRequired(_l("Complétez cette case."))
WRITTEN = DataRequired(_l("Complétez cette case."))  # blanks are nothing
YEARS = range(2000, 2101)  # beyond, an instant in UTC may not exist for Python or PostgreSQL


def choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """`(value, words)` pairs as WTForms wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


def line(label: Any, most: int, *, required: bool = False, **options: Any) -> StringField:
    """One line of text."""
    first = WRITTEN if required else Optional()
    return StringField(label, filters=[clean_line], validators=[first, Length(max=most)], **options)


def mail_address(label: Any, *, required: bool = True) -> StringField:
    """An e-mail address that an organiser types."""
    words = _l("Ce n’est pas une adresse. Exemple : nom@structure.fr")
    first = WRITTEN if required else Optional()
    return StringField(label, filters=[clean_line], validators=[first, Length(max=254), Email(words)])


def prose(label: Any, most: int, **options: Any) -> TextAreaField:
    """Several lines of text."""
    return TextAreaField(label, filters=[clean_text], validators=[Optional(), Length(max=most)], **options)


def whole(label: Any, least: int, most: int, *, required: bool = False, **options: Any) -> IntegerField:
    """A whole number within bounds."""
    words = _l("Écrivez un nombre de %(least)s à %(most)s.", least=least, most=most)
    first = NEEDED if required else Optional()
    return IntegerField(label, validators=[first, NumberRange(least, most, message=words)], **options)


def _within_reach(form: SalonForm, field: Field) -> None:
    if field.data is not None and field.data.year not in YEARS:
        raise StopValidation(str(_l("Cette année n’est pas possible.")))


def day(label: Any, **options: Any) -> DateField:
    """A day, required."""
    return DateField(label, validators=[NEEDED, _within_reach], **options)


def clock(label: Any, **options: Any) -> TimeField:
    """An hour, required."""
    return TimeField(label, validators=[NEEDED], **options)


def moment(label: Any, **options: Any) -> DateTimeLocalField:
    """A day and an hour on the edition's wall clock, perhaps none; see `instant` and `wall`."""
    return DateTimeLocalField(
        label, format="%Y-%m-%dT%H:%M", validators=[Optional(), _within_reach], **options
    )


def instant(value: datetime | None, zone: str) -> datetime | None:
    """What a `moment` field holds, as an instant."""
    return None if value is None else to_utc(value.date(), value.time(), zone)


def wall(value: datetime | None, zone: str) -> datetime | None:
    """An instant as a `moment` field shows it."""
    return None if value is None else value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def by_language(form: SalonForm, name: str) -> dict[str, str]:
    """The fields `name_fr`, `name_en` as a translated text, empty ones left out."""
    texts = {code: form[f"{name}_{code}"].data or "" for code in LOCALES}
    return {code: text for code, text in texts.items() if text}


def spread(texts: Mapping[str, str], name: str) -> dict[str, str]:
    """A translated text as the data of the fields `name_fr`, `name_en`."""
    return {f"{name}_{code}": texts.get(code, "") for code in LOCALES}
