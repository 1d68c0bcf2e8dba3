"""The extensions, unbound; `create_app` binds them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from babel.numbers import format_decimal
from flask_babel import Babel, Domain, get_locale
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from salon.models import Base


class Sentences(Domain):
    """Sentences whose counted number is written as the reader writes numbers: `1 704 tables`.

    Catalogues are kept by language: a page asks for a hundred sentences.
    """

    def __init__(self) -> None:
        super().__init__(domain="messages")
        self._catalogues: dict[str, Any] = {}

    def get_translations(self) -> Any:
        locale = get_locale()
        if locale is None:
            return super().get_translations()
        found = self._catalogues.get(locale.language)
        if found is None:
            found = self._catalogues[locale.language] = super().get_translations()
        return found

    def ngettext(self, singular: str, plural: str, num: int, **variables: object) -> str:
        said: str = self.get_translations().ungettext(singular, plural, num)
        return said % {"num": format_decimal(num, locale=get_locale() or "fr"), **variables}


class Languages(Babel):
    """Flask-Babel with those sentences."""

    @cached_property
    def domain_instance(self) -> Sentences:
        return Sentences()


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
babel = Languages()
csrf = CSRFProtect()
bootstrap = Bootstrap5()
