"""Two structures, or two people, chosen by name among those of the edition."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length, Optional

from salon.forms.base import clean_line
from salon.forms.worded import WordedForm

_NEEDED = DataRequired(_l("Choisissez un nom de la liste."))


class ExclusionForm(WordedForm):
    """Two structures that must never meet."""

    first = StringField(_l("Une structure"), filters=[clean_line], validators=[_NEEDED, Length(max=200)])
    second = StringField(_l("L’autre structure"), filters=[clean_line], validators=[_NEEDED, Length(max=200)])
    reason = StringField(_l("Raison"), filters=[clean_line], validators=[Optional(), Length(max=300)])


class MandatoryForm(WordedForm):
    """Two people who must meet."""

    first = StringField(_l("Une personne"), filters=[clean_line], validators=[_NEEDED, Length(max=350)])
    second = StringField(_l("L’autre personne"), filters=[clean_line], validators=[_NEEDED, Length(max=350)])
    reason = StringField(_l("Raison"), filters=[clean_line], validators=[Optional(), Length(max=300)])
