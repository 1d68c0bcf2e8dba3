"""An edition: begun, described, dated."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional, Regexp

from salon.forms.base import SalonForm, clean_line
from salon.forms.fields import choices, day, instant, line, mail_address, moment, wall, whole
from salon.models import Edition
from salon.services.editions import Identity, NewEdition, Phases

_USUAL_ZONES = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion",
    "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "Europe/Brussels", "Europe/Zurich",
    "Europe/Luxembourg", "Europe/London", "Europe/Madrid", "Europe/Rome", "Europe/Berlin",
    "America/Toronto", "Africa/Casablanca", "Africa/Dakar", "Africa/Tunis", "UTC",
)  # fmt: skip


@cache
def zones() -> tuple[str, ...]:
    """The usual zones first, then every other of the IANA list by name."""
    known = available_timezones()
    usual = [zone for zone in _USUAL_ZONES if zone in known]
    regions = (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    others = sorted(z for z in known - set(usual) if z.split("/")[0] in regions)
    return (*usual, *others)


class _WithZone(SalonForm):
    def offer(self) -> None:
        """Fill the list of zones; one stored under an older name stays offered."""
        field: Any = self["timezone"]
        listed = zones()
        extra = [field.data] if field.data and field.data not in listed and not self.is_submitted() else []
        field.choices = choices((zone, zone.replace("_", " ")) for zone in (*extra, *listed))


class NewEditionForm(_WithZone):
    """What it takes to begin; everything else has a default."""

    name = line(_l("Nom de l’édition"), 120, required=True)
    place = line(_l("Lieu"), 200)
    first_day = day(_l("Premier jour"))
    last_day = day(_l("Dernier jour"))
    timezone = SelectField(_l("Fuseau horaire"), default="Europe/Paris")

    def value(self) -> NewEdition:
        return NewEdition(
            name=self.name.data or "",
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            place=self.place.data or "",
            timezone=self.timezone.data,
        )


class DuplicateForm(SalonForm):
    """A past edition held again."""

    name = line(_l("Nom de la nouvelle édition"), 120, required=True)
    first_day = day(_l("Premier jour"))


class IdentityForm(_WithZone):
    """The first step; field names are `Edition`'s columns."""

    version = HiddenField()
    name = line(_l("Nom"), 120, required=True)
    subtitle = line(_l("Sous-titre"), 200)
    place = line(_l("Lieu"), 200)
    address = line(_l("Adresse"), 300)
    first_day = day(_l("Premier jour"))
    last_day = day(_l("Dernier jour"))
    timezone = SelectField(_l("Fuseau horaire"))
    languages = SelectMultipleField(
        _l("Langues de l’édition"),
        choices=choices([("fr", "Français"), ("en", "English")]),
        validators=[InputRequired(_l("Choisissez au moins une langue."))],
    )
    contact_email = mail_address(_l("Adresse de contact"), required=False)
    contact_phone = line(_l("Téléphone de contact"), 40)
    accent = StringField(
        _l("Couleur d’accent"),
        filters=[clean_line],
        validators=[
            Optional(),
            Regexp(r"#[0-9A-Fa-f]{6}\Z", message=_l("Écrivez la couleur ainsi : #6B2A55")),
        ],
    )

    @staticmethod
    def data_of(edition: Edition) -> dict[str, Any]:
        """The stored values, by field."""
        names = ("version", *Identity.__dataclass_fields__)
        return {name: getattr(edition, name) for name in names}

    def value(self) -> Identity:
        texts = {
            name: self[name].data or ""
            for name in ("name", "subtitle", "place", "address", "contact_email", "contact_phone")
        }
        return Identity(
            **texts,
            timezone=self.timezone.data,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            languages=list(self.languages.data or []),
            accent=(self.accent.data or "").upper() or None,
        )


class LogoForm(SalonForm):
    """A picture."""

    logo = FileField(_l("Logo"), validators=[FileRequired(_l("Choisissez une image."))])


class PhasesForm(SalonForm):
    """The date line; moments are on the edition's wall clock."""

    version = HiddenField()
    registration_opens_at = moment(_l("Ouverture des inscriptions"))
    registration_closes_at = moment(_l("Clôture des inscriptions"))
    wishes_open_at = moment(_l("Ouverture des vœux"))
    wishes_close_at = moment(_l("Clôture des vœux"))
    publication_at = moment(_l("Publication du planning"))
    max_wishes = whole(_l("Nombre de vœux par personne"), 1, 100, required=True)

    MOMENTS = (
        "registration_opens_at", "registration_closes_at",
        "wishes_open_at", "wishes_close_at", "publication_at",
    )  # fmt: skip

    @classmethod
    def data_of(cls, edition: Edition) -> dict[str, Any]:
        """The stored values, by field."""
        shown = {name: wall(getattr(edition, name), edition.timezone) for name in cls.MOMENTS}
        return {"version": edition.version, "max_wishes": edition.max_wishes, **shown}

    def value(self, edition: Edition) -> Phases:
        """Instants; a field that shows the stored minute keeps the stored second."""
        moments = {name: self._instant(edition, name) for name in self.MOMENTS}
        return Phases(**moments, max_wishes=self.max_wishes.data)

    def _instant(self, edition: Edition, name: str) -> Any:
        typed, stored = self[name].data, getattr(edition, name)
        shown = wall(stored, edition.timezone)
        same = shown is not None and typed == shown.replace(second=0, microsecond=0)
        return stored if same else instant(typed, edition.timezone)
