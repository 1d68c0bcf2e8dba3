"""Refusals and words of the wish list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from salon.enums import Phase, WishLevel
from salon.wording.attendee import day_and_hour
from salon.wording.base import Message

LEVELS: Mapping[WishLevel, tuple[Callable[[], str], str]] = {
    WishLevel.MUST: (lambda: _("À ne pas manquer"), "star-fill"),
    WishLevel.MEET: (lambda: _("Souhaité"), "star"),
    WishLevel.NO_THANKS: (lambda: _("Non merci"), "slash-circle"),
}


def level_choices() -> list[tuple[str, str, str]]:
    """`(value, words, icon)` of each level, the strongest first."""
    return [(level.value, words(), icon) for level, (words, icon) in LEVELS.items()]


def _not_open(state: Phase, moment: datetime | None, **_rest: Any) -> str:
    if state is Phase.CLOSED:
        return _(
            "Les vœux sont clos depuis le %(end)s. Écrivez à l’organisation pour tout changement.",
            end=day_and_hour(moment),
        )
    if state is Phase.COMING:
        return _("Les vœux s’ouvrent le %(start)s. Revenez à ce moment-là.", start=day_and_hour(moment))
    return _("L’organisation n’a pas encore ouvert les vœux.")


def _full(most: int, wishes: int) -> str:
    if wishes == most + 1:
        return ngettext(
            "Vous avez choisi %(num)s structure sur %(num)s. Retirez-en une pour continuer.",
            "Vous avez choisi %(num)s structures sur %(num)s. Retirez-en une pour continuer.",
            most,
        )
    return _(
        "Cette liste compte %(wishes)s vœux, pour %(most)s au plus. Retirez-en pour continuer.",
        wishes=wishes,
        most=most,
    )


def _musts(most: int, **_rest: Any) -> str:
    return ngettext(
        "%(num)s structure au plus peut être « à ne pas manquer ». Passez-en une en « souhaité » pour continuer.",
        "%(num)s structures au plus peuvent être « à ne pas manquer ». Passez-en une en « souhaité » "
        "pour continuer.",
        most,
    )


MESSAGES: dict[str, Message] = {
    "wishes_not_approved": lambda: _(
        "Les vœux s’ouvrent une fois votre inscription validée par l’organisation."
    ),
    "wishes_not_open": _not_open,
    "wishes_changed": lambda: _("Votre liste a changé dans un autre onglet. Choisissez celle à garder."),
    "wishes_full": _full,
    "musts_full": _musts,
    "wishes_too_many": lambda most: _(
        "Une liste compte %(most)s structures au plus, « non merci » compris.", most=most
    ),
    "wish_own_organisation": lambda: _("C’est votre propre structure : vous vous connaissez déjà."),
    "wish_not_meetable": lambda: _(
        "Cette structure ne peut pas vous rencontrer à ce salon. Choisissez-en une autre dans le catalogue."
    ),
    "wish_delegate_unknown": lambda: _(
        "Cette personne n’est plus inscrite. Choisissez-en une autre, ou laissez l’organisation choisir."
    ),
    "wish_refusal_names": lambda: _("Un « non merci » vaut pour toute la structure."),
    "wish_unreadable": lambda: _("Cette liste n’est pas lisible. Rechargez la page et recommencez."),
    "feed_while_acting": lambda: _(
        "Un calendrier privé n’appartient qu’à la personne : revenez à votre compte."
    ),
    "no_feed": lambda: _("Aucun lien de calendrier n’est actif."),
    "nothing_published": lambda: _("Le planning n’est pas encore publié."),
}

# After publication: three gentle words whatever the reason, so that a refusal or an exclusion never shows.
GENTLE: Mapping[str, Callable[[], str]] = {
    "quota_reached": lambda: _("Agenda complet"),
    "no_table": lambda: _("Pas assez de places"),
}


def gentle(reason: str) -> str:
    """What a person reads of a wish that is not served."""
    return GENTLE.get(reason, lambda: _("Non retenu"))()
