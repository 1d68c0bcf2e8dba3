"""A person joins the team, or changes role in it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import RadioField

from salon.enums import Role
from salon.forms.base import SalonForm
from salon.forms.fields import choices, mail_address

ROLES = choices(
    [
        (Role.OWNER.value, _l("Propriétaire")),
        (Role.ORGANISER.value, _l("Organisation")),
        (Role.DESK.value, lazy_pgettext("rôle", "Accueil")),
        (Role.READ_ONLY.value, _l("Lecture seule")),
    ]
)


class RoleForm(SalonForm):
    """Another role."""

    role = RadioField(_l("Rôle"), choices=ROLES)

    def value(self) -> Role:
        return Role(self.role.data)


class InviteForm(SalonForm):
    """An address and a role."""

    email = mail_address(_l("E-mail"))
    role = RadioField(_l("Rôle"), choices=ROLES, default=Role.ORGANISER.value)

    def value(self) -> Role:
        return Role(self.role.data)
