"""Forms of the planning pages: order a run, place a meeting, publish."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from salon.enums import ReleaseStage, RunPreset
from salon.errors import Invalid
from salon.forms.base import SalonForm, clean_line, clean_text
from salon.numbers import is_number, read_number
from salon.services.planning import MAX_SEED, TIME_LIMITS_S
from salon.services.planning_presets import MOST_MEETINGS, Choice
from salon.services.releases import MAX_NOTE
from salon.wording import plan_words
from scheduling.problem import TermName

PRESETS = (RunPreset.MOST_MEETINGS, RunPreset.FAIREST, RunPreset.FEWEST_GAPS)
_RANKS = [SelectChoice(str(n), str(n)) for n in range(1, len(MOST_MEETINGS) + 1)]


def _rank_field(position: int, name: TermName) -> SelectField:
    return SelectField(_sentence(name), choices=_RANKS, default=str(position))


def _sentence(name: TermName) -> Any:
    """The criterion, worded when the form is read."""
    return LazyString(plan_words.AIMS[name])


class RunForm(SalonForm):
    """What the organiser wants most, for how long, and the fine settings."""

    preset = RadioField(_l("Ce qui compte le plus"), default=RunPreset.MOST_MEETINGS.value)
    time_limit_s = RadioField(_l("Durée du calcul"), default=str(TIME_LIMITS_S[0]))
    own_order = BooleanField(_l("Suivre mon propre ordre"))
    seed = IntegerField(
        _l("Graine"),
        default=1,
        validators=[
            InputRequired(_l("La graine est un nombre entier entre 0 et 2 147 483 647.")),
            NumberRange(0, MAX_SEED, _l("La graine est un nombre entier entre 0 et 2 147 483 647.")),
        ],
    )
    rank_must_meets = _rank_field(1, TermName.MUST_MEETS)
    rank_value = _rank_field(2, TermName.VALUE)
    rank_min_shortfall = _rank_field(3, TermName.MIN_SHORTFALL)
    rank_fairness = _rank_field(4, TermName.FAIRNESS)
    rank_breaks = _rank_field(5, TermName.BREAKS)
    rank_table_moves = _rank_field(6, TermName.TABLE_MOVES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preset.choices = [SelectChoice(one.value, plan_words.PRESETS[one]()) for one in PRESETS]
        self.time_limit_s.choices = [SelectChoice(str(s), _duration(s)) for s in TIME_LIMITS_S]

    @property
    def ranks(self) -> list[SelectField]:
        """The six criteria, in the default order."""
        return [self[f"rank_{name}"] for name in MOST_MEETINGS]

    def choice(self) -> Choice:
        """The preset, or the organiser's own order; raises `Invalid` when two criteria share a rank."""
        if not self.own_order.data:
            return Choice(RunPreset(self.preset.data))
        ranked = {int(self[f"rank_{name}"].data): name for name in MOST_MEETINGS}
        if len(ranked) < len(MOST_MEETINGS):
            raise Invalid("bad_order", field="own_order")
        return Choice(RunPreset.CUSTOM, tuple(ranked[rank] for rank in sorted(ranked)))


def _duration(seconds: int) -> str:
    if seconds < 60:
        return _("%(n)s secondes", n=seconds)
    return _("%(n)s minutes", n=seconds // 60)


class PeopleForm(SalonForm):
    """Two people to bring together, each chosen from the list of names; a GET form."""

    class Meta:
        csrf = False

    first = StringField(
        _l("Une personne"), filters=[clean_line], validators=[InputRequired(), Length(max=350)]
    )
    second = StringField(
        _l("L’autre personne"), filters=[clean_line], validators=[InputRequired(), Length(max=350)]
    )


class SpotForm(SalonForm):
    """A place for a meeting, as `slot:table`, and the version of the draft that was read."""

    version = HiddenField(validators=[InputRequired()])
    spot = StringField(_l("Place"), validators=[InputRequired(_l("Choisissez une place.")), Length(max=40)])
    first = HiddenField()
    second = HiddenField()

    def place(self) -> tuple[int, int]:
        """Slot and table; raises `Invalid` for anything else."""
        parts = (self.spot.data or "").split(":")
        if len(parts) != 2 or not all(is_number(part) for part in parts):
            raise Invalid("unknown_spot", field="spot")
        return int(parts[0]), int(parts[1])


class VersionForm(SalonForm):
    """A button that must not act on a draft other than the one shown."""

    version = HiddenField(validators=[InputRequired()])


def version_of(form: SpotForm | VersionForm) -> int:
    """The version posted; anything that is no number is an old page."""
    return read_number(form.version.data)


class PublishForm(SalonForm):
    """What the organiser signs: the fingerprint seen, the warnings accepted, nature and note."""

    fingerprint = HiddenField(validators=[InputRequired()])
    stage = RadioField(_l("Nature"), default=ReleaseStage.PROVISIONAL.value)
    note = TextAreaField(
        _l("Mot aux participants"),
        filters=[clean_text],
        validators=[
            Optional(),
            Length(max=MAX_NOTE, message=_l("Le mot aux participants dépasse 400 caractères.")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage.choices = [SelectChoice(one.value, plan_words.STAGES[one]()) for one in ReleaseStage]
