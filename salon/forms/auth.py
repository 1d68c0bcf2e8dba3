"""What is typed to sign in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import EmailField, RadioField, StringField
from wtforms.fields import SelectChoice
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


class SecondFactorForm(SalonForm):
    code = StringField(
        _("Code de votre application, ou code de secours"),
        filters=[clean_line],
        validators=[
            InputRequired(_("Écrivez le code à six chiffres ou un code de secours.")),
            Length(max=30),
        ],
    )


class TotpForm(SalonForm):
    """The first code of an application that was just set up."""

    code = StringField(
        _("Code affiché par l’application"),
        filters=[clean_line],
        validators=[InputRequired(_("Écrivez les six chiffres du code.")), Length(max=12)],
    )


class PreferencesForm(SalonForm):
    name = StringField(_("Nom affiché"), filters=[clean_line], validators=[Length(max=200)])
    locale = RadioField(_("Langue"), choices=[SelectChoice("fr", "Français"), SelectChoice("en", "English")])
