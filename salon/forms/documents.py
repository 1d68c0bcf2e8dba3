"""How documents are printed, and one badge printed again."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FloatField, Form, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from exports import badge_sheets
from salon.forms.base import SalonForm
from salon.forms.fields import choices
from salon.services.print_options import MAX_OFFSET_MM, Options
from salon.wording import documents as words

_PLACE = _l("Écrivez la place de la première étiquette libre, à partir de 1.")
_OFFSET = _l("Écrivez un décalage entre −10 et 10 mm.")


class Millimetres(FloatField):
    """A length such as `1,5`, `1.5` or `−0,5`."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        plain = valuelist[0].strip().replace(",", ".").replace("\u2212", "-")
        try:
            self.data = float(plain)
        except ValueError as error:
            self.data = None
            raise ValueError(str(_OFFSET)) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}".replace(".", ",")


def _offset(label: Any) -> Millimetres:
    limits = NumberRange(-MAX_OFFSET_MM, MAX_OFFSET_MM, message=_OFFSET)
    return Millimetres(label, default=0.0, validators=[Optional(), limits])


class PlaceFields(Form):
    """Where a badge falls on its sheet; shared by the pile and the single badge."""

    layout = SelectField(_l("Format des badges"), validators=[InputRequired()])
    start_at = IntegerField(
        _l("Première place libre"), default=1, validators=[Optional(), NumberRange(1, 50, message=_PLACE)]
    )
    offset_x = _offset(_l("Décalage vers la droite, en mm"))
    offset_y = _offset(_l("Décalage vers le bas, en mm"))

    def fill_layouts(self) -> None:
        self.layout.choices = choices(words.layouts().items())


class PrintForm(SalonForm, PlaceFields):
    """Everything that an order lets one choose."""

    order = RadioField(_l("Classés par"), validators=[InputRequired()])
    since = SelectField(_l("Agendas et badges de"), coerce=str)
    paper = RadioField(_l("Plan par créneau sur"), choices=choices([("A3", "A3"), ("A4", "A4")]))
    locale = RadioField(_l("Langue des documents"))
    recto = BooleanField(_l("Chaque agenda commence une feuille (recto verso)"))

    def __init__(self, *args: Any, languages: list[str], releases: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill_layouts()
        self.order.choices = choices((key, word()) for key, word in words.ORDERS.items())
        self.locale.choices = choices((code, words.LANGUAGES[code]()) for code in languages)
        earlier = [number for number in releases if number < max(releases, default=0)]
        self.since.choices = choices([("", words.everybody()), *((str(n), words.since(n)) for n in earlier)])

    def options(self) -> Options:
        return Options(
            layout=self.layout.data, order=self.order.data, recto=bool(self.recto.data),
            paper=self.paper.data, start_at=self.start_at.data or 1, offset_x=self.offset_x.data or 0.0,
            offset_y=self.offset_y.data or 0.0, since=int(self.since.data) if self.since.data else None,
            locale=self.locale.data,
        )  # fmt: skip


class BadgeForm(PlaceFields):
    """One badge on a sheet that may be begun; asked with GET, so it has no token."""

    layout = SelectField(_l("Format"), validators=[InputRequired()])
    start_at = IntegerField(
        _l("Place sur la feuille"), default=1, validators=[Optional(), NumberRange(1, 50, message=_PLACE)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill_layouts()

    @property
    def place(self) -> int:
        """From 0, within the sheet."""
        capacity = badge_sheets.LAYOUTS[self.layout.data].capacity
        return ((self.start_at.data or 1) - 1) % capacity

    @property
    def offset(self) -> tuple[float, float]:
        return self.offset_x.data or 0.0, self.offset_y.data or 0.0


__all__ = ["BadgeForm", "PrintForm"]
