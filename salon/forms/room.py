"""Tables: by range, one by one, many at once."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import Optional

from salon.forms.base import SalonForm
from salon.forms.fields import choices, line, whole
from salon.models import Table
from salon.services import stamps
from salon.services.room import TableInput


class AddTablesForm(SalonForm):
    """A range of tables that are alike."""

    labels = line(_l("Numéros"), 200, required=True)
    zone = line(_l("Zone"), 60)
    places = whole(_l("Chaises par table"), 2, 20, required=True, default=4)
    step_free = BooleanField(_l("Accessibles de plain-pied"), default=True)

    def value(self) -> TableInput:
        return TableInput("", self.zone.data or "", self.places.data, bool(self.step_free.data))


class TableForm(SalonForm):
    """One table, perhaps the stand of an organisation."""

    version = HiddenField()

    label = line(_l("Numéro"), 12, required=True)
    zone = line(_l("Zone"), 60)
    places = whole(_l("Chaises"), 2, 20, required=True)
    step_free = BooleanField(_l("Accessible de plain-pied"))
    organisation = SelectField(_l("Stand fixe de"), coerce=int, default=0, validators=[Optional()])

    def offer(self, organisations: tuple[tuple[int, str], ...]) -> None:
        self.organisation.choices = choices([(0, str(_l("Personne : table partagée"))), *organisations])

    @staticmethod
    def data_of(row: Table) -> dict[str, Any]:
        """The stored values, by field."""
        names = ("label", "zone", "places", "step_free")
        stored = {name: getattr(row, name) for name in names}
        return {"version": stamps.of_row(row), **stored, "organisation": row.organisation_id or 0}

    def value(self) -> TableInput:
        return TableInput(
            self.label.data or "",
            self.zone.data or "",
            self.places.data,
            bool(self.step_free.data),
            self.organisation.data or None,
        )


class BulkTablesForm(SalonForm):
    """What all chosen tables take; an empty field changes nothing."""

    zone = line(_l("Zone"), 60)
    clear_zone = BooleanField(_l("Effacer la zone"))
    places = whole(_l("Chaises par table"), 2, 20)
    step_free = SelectField(
        _l("Plain-pied"),
        choices=choices([("", _l("Ne pas changer")), ("yes", _l("Oui")), ("no", _l("Non"))]),
        validators=[Optional()],
    )

    def changes(self) -> dict[str, Any]:
        """Arguments of `room.change_tables`."""
        zone = "" if self.clear_zone.data else self.zone.data or None
        step_free = {"yes": True, "no": False}.get(self.step_free.data or "")
        return {"zone": zone, "places": self.places.data, "step_free": step_free}
