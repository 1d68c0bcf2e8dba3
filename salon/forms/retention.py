"""How long an edition knows its people."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from salon.forms.base import SalonForm
from salon.forms.fields import whole
from salon.keeping import MAX_MONTHS, MIN_MONTHS
from salon.models import Edition


class RetentionForm(SalonForm):
    """In months after the last day."""

    version = HiddenField()
    months = whole(_l("Mois après le dernier jour"), MIN_MONTHS, MAX_MONTHS, required=True)

    @staticmethod
    def data_of(edition: Edition) -> dict[str, Any]:
        """The stored value, by field."""
        return {"version": edition.version, "months": edition.retention_months}
