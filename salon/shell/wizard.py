"""The seven steps of the set-up wizard, and the capacity of the fair beside each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from salon.extensions import db
from salon.models import Edition
from salon.queries import capacity
from salon.shell.organiser import page_context
from salon.wording import capacity as words

# Endpoint of each step, and the prefixes of endpoints that belong to it.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("settings.identity", ("settings.save_identity", "settings.save_logo", "settings.remove_logo")),
    ("settings.days", ("settings.new_session", "settings.edit_session", "settings.add_session",
                       "settings.save_session", "settings.confirm_delete_session",
                       "settings.delete_session", "settings.new_item", "settings.add_item",
                       "settings.edit_item", "settings.save_item")),
    ("room.index", ("room.",)),
    ("settings.types", ("settings.new_type", "settings.add_type", "settings.edit_type", "settings.save_type",
                        "settings.confirm_delete_type", "settings.delete_type", "settings.save_matrix")),
    ("settings.phases", ("settings.save_phases",)),
    ("settings.texts", ("settings.save_texts", "settings.retention", "settings.save_retention",
                        "settings.new_question", "settings.add_question",
                        "settings.edit_question", "settings.save_question")),
    ("settings.review", ()),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WizardStep:
    """One step as the page shows it; `state` is done, current or coming."""

    number: int
    label: str
    url: str
    state: str


@dataclass(frozen=True, slots=True)
class CapacityHint:
    """The capacity in words; `tone` is one of the chips'."""

    tone: str
    title: str
    sentence: str
    basis: str
    advice: str


def labels() -> tuple[str, ...]:
    """The names of the seven steps."""
    return (
        _("Identité"),
        _("Jours et plages"),
        _("Salle"),
        _("Types et règles"),
        _("Vœux et délais"),
        _("Textes et questions"),
        _("Relecture"),
    )


def wizard_context() -> dict[str, Any]:
    """Register beside the blueprint's pages: the shell's context, the steps and the capacity."""
    edition: Edition | None = g.get("edition")
    if edition is None:
        return {}
    here = current()
    return {
        **page_context(),
        "wizard": steps(edition, here),
        "step_title": labels()[here - 1],
        "step_number": here,
        "next_step_url": url_for(STEPS[here][0], edition=edition.slug) if here < len(STEPS) else None,
        "hint": hint(edition),
    }


def current() -> int:
    """The number of the step that the page belongs to, 1 to 7."""
    endpoint = request.endpoint or ""
    for number, (page, others) in enumerate(STEPS, 1):
        if endpoint == page or endpoint.startswith(others):
            return number
    return 1


def steps(edition: Edition, here: int) -> tuple[WizardStep, ...]:
    """The seven steps, those before the furthest one reached being done."""
    return tuple(
        WizardStep(number, label, url_for(page, edition=edition.slug), _state(edition, number, here))
        for number, (label, (page, _others)) in enumerate(zip(labels(), STEPS, strict=True), 1)
    )


def _state(edition: Edition, number: int, here: int) -> str:
    if number == here:
        return "current"
    return "done" if number < edition.set_up_step or edition.is_public else "coming"


def hint(edition: Edition) -> CapacityHint:
    """The capacity as it stands, in words."""
    found = capacity.of_edition(db.session(), edition)
    return CapacityHint(
        found.verdict.value,
        words.title(found),
        words.sentence(found),
        words.basis(found),
        words.advice(found),
    )


def next_url(edition: Edition, here: int) -> str:
    """The address of the step after, or of the last one."""
    return url_for(STEPS[min(here, len(STEPS) - 1)][0], edition=edition.slug)
