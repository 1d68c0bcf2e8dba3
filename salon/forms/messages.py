"""A sending, from its choice to the button that lets it leave."""

from __future__ import annotations

from wtforms import HiddenField

from salon.forms.base import SalonForm


class SendForm(SalonForm):
    """What was previewed, signed by its fingerprint; the order itself stands in the address."""

    fingerprint = HiddenField()
