"""The extensions, unbound; `create_app` binds them."""

from __future__ import annotations

from functools import cached_property

from babel.numbers import format_decimal
from flask_babel import Babel, Domain, get_locale
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from salon.models import Base


class Sentences(Domain):
    """Sentences whose counted number is written as the reader writes numbers: `1 704 tables`."""

    def ngettext(self, singular: str, plural: str, num: int, **variables: object) -> str:
        said: str = self.get_translations().ungettext(singular, plural, num)
        return said % {"num": format_decimal(num, locale=get_locale() or "fr"), **variables}


class Languages(Babel):
    """Flask-Babel with those sentences."""

    @cached_property
    def domain_instance(self) -> Sentences:
        return Sentences(domain=self.domain)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
babel = Languages()
csrf = CSRFProtect()
bootstrap = Bootstrap5()
