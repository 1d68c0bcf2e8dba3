"""A form that is only a button: its tokens and nothing else."""

from __future__ import annotations

from salon.forms.base import SalonForm


class ActionForm(SalonForm):
    """For a POST that carries no field."""
