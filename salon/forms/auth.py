"""What is typed to sign in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import EmailField, StringField
from wtforms.validators import InputRequired, Length

from salon.forms.base import SalonForm, clean_line


class AddressForm(SalonForm):
    email = EmailField(
        _("Adresse e-mail"),
        filters=[clean_line],
        validators=[InputRequired(_("Écrivez votre adresse e-mail.")), Length(max=254)],
    )


class CodeForm(SalonForm):
    code = StringField(
        _("Code reçu par e-mail"),
        filters=[clean_line],
        validators=[InputRequired(_("Écrivez les huit chiffres du code.")), Length(max=20)],
    )
