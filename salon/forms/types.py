"""A participant type."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField

from salon.forms.base import SalonForm
from salon.forms.fields import by_language, choices, instant, line, moment, spread, wall, whole
from salon.models import ParticipantType
from salon.services import stamps
from salon.services.types import TypeInput

_PLAIN = (
    "code", "hue", "capacity", "has_waiting_list", "approves_itself", "is_open", "min_meetings",
    "max_meetings", "max_per_day", "minimum_is_hard",
)  # fmt: skip


class TypeForm(SalonForm):
    """Its signs, its places, its quotas."""

    version = HiddenField()

    name_fr = line(_l("Nom en français"), 60, required=True)
    name_en = line(_l("Nom en anglais"), 60)
    code = line(_l("Lettre"), 1, required=True)
    hue = RadioField(
        _l("Couleur"),
        choices=choices(
            [
                ("A", _l("Bleu nuit")),
                ("E", _l("Vert sapin")),
                ("P", _l("Safran")),
                ("V", _l("Sable")),
                ("O", _l("Encre")),
            ]
        ),
        default="A",
    )
    is_open = BooleanField(_l("Ouvert à l’inscription en ligne"), default=True)
    approves_itself = BooleanField(_l("Valider sans relecture"))
    capacity = whole(_l("Nombre de places"), 1, 100_000)
    has_waiting_list = BooleanField(_l("Liste d’attente quand c’est complet"), default=True)
    closes_at = moment(_l("Clôture propre à ce type"))
    min_meetings = whole(_l("Minimum de rendez-vous"), 0, 200, required=True, default=0)
    max_meetings = whole(_l("Maximum de rendez-vous"), 1, 200)
    max_per_day = whole(_l("Maximum par jour"), 1, 200)
    minimum_is_hard = BooleanField(_l("Ce minimum est impératif"))

    @staticmethod
    def data_of(row: ParticipantType, zone: str) -> dict[str, Any]:
        """The stored values, by field."""
        plain = {name: getattr(row, name) for name in _PLAIN}
        return {
            "version": stamps.of_row(row),
            **plain,
            **spread(row.name, "name"),
            "closes_at": wall(row.closes_at, zone),
        }

    def value(self, zone: str) -> TypeInput:
        plain = {name: self[name].data for name in _PLAIN}
        plain["code"] = (self.code.data or "").upper()
        return TypeInput(
            **plain, name=by_language(self, "name"), closes_at=instant(self.closes_at.data, zone)
        )
