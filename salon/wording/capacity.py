"""The capacity of an edition in words: what is wished, what the room holds, what to do."""

from __future__ import annotations

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n
from salon.queries.capacity import EXPECTED_PER_PERSON, MARGIN_PERCENT, Capacity, People, Verdict


def _n(value: int) -> str:
    return str(format_decimal(value, locale=i18n.locale_code()))


def title(found: Capacity) -> str:
    """The verdict in two or three words, for the chip."""
    return {
        Verdict.OK: lambda: _("Assez de places"),
        Verdict.TIGHT: lambda: _("Juste"),
        Verdict.SHORT: lambda: _("Trop petit"),
        Verdict.UNKNOWN: lambda: _("À estimer"),
    }[found.verdict]()


def sentence(found: Capacity) -> str:
    """« 250 personnes, 1 700 rendez-vous souhaités : 100 tables × 16 créneaux = 1 600 places. »"""
    values = {
        "people": _n(found.people),
        "wished": _n(found.wished),
        "tables": _n(found.tables),
        "slots": _n(found.slots),
        "places": _n(found.places),
    }
    if found.people_from is People.UNKNOWN:
        return _("%(tables)s tables × %(slots)s créneaux = %(places)s places de rendez-vous.", **values)
    if found.is_estimate:
        return _(
            "%(people)s personnes, environ %(wished)s rendez-vous : "
            "%(tables)s tables × %(slots)s créneaux = %(places)s places.",
            **values,
        )
    return _(
        "%(people)s personnes, %(wished)s rendez-vous souhaités : "
        "%(tables)s tables × %(slots)s créneaux = %(places)s places.",
        **values,
    )


def basis(found: Capacity) -> str:
    """Where the figures come from, when they are not counted."""
    if found.people_from is People.UNKNOWN:
        return _(
            "Personne n’est encore inscrit : indiquez le nombre de places de chaque type "
            "pour savoir si la salle suffit."
        )
    if not found.is_estimate:
        return ""
    if found.people_from is People.PLANNED:
        return _(
            "Estimation : places prévues par type, à raison de %(each)s rendez-vous par personne.",
            each=EXPECTED_PER_PERSON,
        )
    return _(
        "Estimation en attendant les vœux : %(each)s rendez-vous par personne.", each=EXPECTED_PER_PERSON
    )


def advice(found: Capacity) -> str:
    """What to change, or that nothing has to."""
    if not found.slots:
        return _("Il n’y a pas encore de créneau : ajoutez une plage de rendez-vous.")
    if not found.tables:
        return _("Il n’y a pas encore de table : ajoutez-en dans la salle.")
    if found.verdict is Verdict.UNKNOWN:
        return ""
    if found.verdict is Verdict.OK:
        return _(
            "La salle et les horaires suffisent, avec une marge de %(margin)s %% au moins.",
            margin=MARGIN_PERCENT,
        )
    if found.is_short_of_time:
        return ngettext(
            "Ce sont les horaires qui manquent, pas les tables : ajoutez %(num)s créneau.",
            "Ce sont les horaires qui manquent, pas les tables : ajoutez %(num)s créneaux.",
            found.more_slots,
        )
    return ngettext(
        "Ajoutez %(num)s table pour garder %(margin)s %% de marge, ou %(slots)s créneaux.",
        "Ajoutez %(num)s tables pour garder %(margin)s %% de marge, ou %(slots)s créneaux.",
        found.more_tables,
        margin=MARGIN_PERCENT,
        slots=_n(found.more_slots),
    )
