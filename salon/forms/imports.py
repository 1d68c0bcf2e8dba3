"""An uploaded list of registrations, and what its columns mean."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from salon.enums import DelegateStatus
from salon.forms.registrations import choices
from salon.forms.worded import WordedForm


class UploadForm(WordedForm):
    """The file."""

    file = FileField(_l("Fichier"), validators=[FileRequired(_l("Choisissez un fichier .xlsx ou .csv."))])


class MappingForm(WordedForm):
    """What the file does not say; its columns are read from the request, their number is the file's."""

    type = SelectField(_l("Type des personnes dont la ligne n’en a pas"), coerce=int, validators=[Optional()])
    status = RadioField(_l("Nouvelles inscriptions"), default=DelegateStatus.APPROVED.value)

    def offer(self, types: list[tuple[int, str]]) -> MappingForm:
        self.type.choices = choices([(0, str(_l("Aucun : la ligne doit le dire"))), *types])
        self.status.choices = choices(
            [
                (DelegateStatus.APPROVED.value, str(_l("Validées"))),
                (DelegateStatus.PENDING.value, str(_l("À valider une à une"))),
            ]
        )
        return self


class ApplyForm(WordedForm):
    """The organiser signs the preview that they saw."""

    fingerprint = HiddenField()
