"""What every form shares: the token that makes it count once, and refusals set beside their field."""

from __future__ import annotations

import secrets
from typing import Any

from flask import request
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField

from salon.errors import DomainError
from salon.wording import describe


def clean_line(value: Any) -> Any:
    """One line without control characters or doubled spaces; None stays None."""
    if not isinstance(value, str):
        return value
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def clean_text(value: Any) -> Any:
    """Several lines, without control characters but for the line ends."""
    if not isinstance(value, str):
        return value
    lines = ("".join(c for c in line if c.isprintable()) for line in value.replace("\r\n", "\n").split("\n"))
    return "\n".join(line.rstrip() for line in lines).strip()


class SalonForm(FlaskForm):
    """A form with its CSRF token and its `once` key (see `salon.web`); render both with `form.hidden_tag()`."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What the browser posted; a form is never filled from JSON, whose values have any shape."""
            return None if request.is_json else super().wrap_formdata(form, formdata)

    once = HiddenField(default=lambda: secrets.token_urlsafe(18))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """As FlaskForm's; messages given as lazy strings become words, which templates tell from lists."""
        valid = super().validate(*args, **kwargs)
        for field in self:
            if isinstance(field.errors, list | tuple):
                field.errors = [str(one) if isinstance(one, LazyString) else one for one in field.errors]
        return bool(valid)

    def refuse(self, error: DomainError) -> None:
        """Show a service's refusal beside the field it names, else above the form."""
        field = self._fields.get(error.field) if error.field else None
        message = describe(error)
        if isinstance(field, Field):
            field.errors = [*field.errors, message]
        else:
            self.form_errors: list[str] = [*(self.form_errors or ()), message]

    @property
    def is_refused(self) -> bool:
        return bool(self.errors)
