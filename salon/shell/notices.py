"""The three notices of an edition or of the installation: their titles, their addresses, the facts they quote."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from salon import i18n
from salon.config import Settings
from salon.models import Edition

PAGES = ("privacy", "legal", "accessibility")


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What organiser and operator declared; empty where they declared nothing."""

    edition: str
    controller: str  # who answers for the edition's data, as typed
    months: int  # how long people are known after the last day
    retention: str  # what the organiser adds to it
    more: str  # what the organiser adds on personal data
    contact_email: str
    contact_phone: str
    operator: str
    operator_address: str
    operator_email: str


def titles() -> dict[str, str]:
    """Title of each notice by the name in its address."""
    return {
        "privacy": _("Données personnelles"),
        "legal": _("Mentions légales"),
        "accessibility": _("Accessibilité"),
    }


def url(page: str, edition: Edition | None) -> str:
    """The address of a notice: the edition's own, else the installation's."""
    if edition is None:
        return url_for("public.service_notice", page=page)
    return url_for("public.notice", edition=edition.slug, page=page)


def links(edition: Edition | None) -> list[tuple[str, str]]:
    """What stands at the foot of every page."""
    return [(word, url(page, edition)) for page, word in titles().items()]


def facts(edition: Edition | None, settings: Settings) -> NoticeFacts:
    """From the edition's texts and the operator's settings."""
    texts = edition.texts if edition else {}
    return NoticeFacts(
        edition=edition.name if edition else "",
        controller=i18n.pick(texts.get("controller")),
        months=edition.retention_months if edition else 0,
        retention=i18n.pick(texts.get("retention")),
        more=i18n.pick(texts.get("privacy")),
        contact_email=edition.contact_email if edition else "",
        contact_phone=edition.contact_phone if edition else "",
        operator=settings.operator_name,
        operator_address=settings.operator_address,
        operator_email=settings.operator_email,
    )
