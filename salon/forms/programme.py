"""Sessions and items of the programme."""

from __future__ import annotations

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from salon.clockwork import Stretch
from salon.forms.base import SalonForm
from salon.forms.fields import by_language, clock, day, line, spread, whole
from salon.models import MeetingSession, ProgrammeItem
from salon.services import stamps
from salon.services.programme import ItemInput


class SessionForm(SalonForm):
    """A stretch of one day cut into slots."""

    version = HiddenField()

    day = day(_l("Jour"))
    starts = clock(_l("Début"), default=time(9, 0))
    ends = clock(_l("Fin"), default=time(12, 20))
    slot_min = whole(_l("Durée d’un rendez-vous, en minutes"), 5, 240, required=True, default=20)
    changeover_min = whole(_l("Battement, en minutes"), 0, 120, required=True, default=5)
    label = line(_l("Nom de la plage"), 80)
    confirmed = BooleanField(_l("Supprimer quand même ces créneaux"))  # asked once the loss is known

    @staticmethod
    def data_of(row: MeetingSession) -> dict[str, Any]:
        """The stored values, by field."""
        stored = {name: getattr(row, name) for name in Stretch.__dataclass_fields__}
        return {"version": stamps.of_row(row), **stored}

    def value(self) -> Stretch:
        return Stretch(
            self.day.data,
            self.starts.data,
            self.ends.data,
            self.slot_min.data,
            self.changeover_min.data,
            self.label.data or "",
        )


class ItemForm(SalonForm):
    """A welcome, a talk, a lunch."""

    version = HiddenField()

    title_fr = line(_l("Intitulé en français"), 120, required=True)
    title_en = line(_l("Intitulé en anglais"), 120)
    day = day(_l("Jour"))
    starts = clock(_l("Début"))
    ends = clock(_l("Fin"))
    place = line(_l("Lieu"), 120)
    on_agendas = BooleanField(_l("Montrer sur les agendas"), default=True)

    @staticmethod
    def data_of(row: ProgrammeItem, zone: str) -> dict[str, Any]:
        """The stored values, by field."""
        start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (row.starts_at, row.ends_at))
        return {
            "version": stamps.of_row(row),
            **spread(row.title, "title"),
            "day": start.date(),
            "starts": start.time(),
            "ends": end.time(),
            "place": row.place,
            "on_agendas": row.on_agendas,
        }

    def value(self) -> ItemInput:
        return ItemInput(
            by_language(self, "title"),
            self.day.data,
            self.starts.data,
            self.ends.data,
            self.place.data or "",
            bool(self.on_agendas.data),
        )
