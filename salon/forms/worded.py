"""Forms whose refusals are plain strings: templates leave out what is not one, lazy translations included."""

from __future__ import annotations

from typing import Any

from salon.forms.base import SalonForm


class WordedForm(SalonForm):
    """A form whose errors are in the reader's language as soon as it is validated."""

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        for field in self:
            field.errors = [str(message) for message in field.errors]
        return valid
