"""Refusals of the organiser pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n
from salon.wording.base import Message

_SHOWN = 5  # names in a sentence; the rest is counted


def clock_words(value: time) -> str:
    """A wall clock in the reader's way."""
    return i18n.clock(datetime.combine(date(2000, 1, 1), value, UTC))


def listed(words: Sequence[str]) -> str:
    """« T01, T02 et 3 autres » in the reader's language."""
    shown = [*words[:_SHOWN]]
    if more := len(words) - len(shown):
        shown.append(ngettext("%(num)s autre", "%(num)s autres", more))
    return str(format_list(shown, locale=i18n.locale_code()))


def _day_outside(first: date, last: date) -> str:
    if first == last:
        return _(
            "L’édition n’a qu’un jour, le %(day)s. Changez d’abord les dates de l’édition.",
            day=i18n.long_date(first),
        )
    return _(
        "L’édition va du %(first)s au %(last)s. Choisissez un de ces jours.",
        first=i18n.long_date(first),
        last=i18n.long_date(last),
    )


def _left_outside(days: Sequence[date]) -> str:
    return _(
        "Des plages de rendez-vous sont prévues hors de ces dates : %(days)s. Déplacez-les d’abord.",
        days=listed([i18n.long_date(day) for day in days]),
    )


def _slots_in_use(slots: int, placements: int, absences: int) -> str:
    return _(
        "Des créneaux déjà utilisés disparaîtraient (%(placements)s rendez-vous placés, "
        "%(absences)s indisponibilités). Confirmez pour continuer.",
        placements=placements,
        absences=absences,
    )


def _type_in_use(count: int) -> str:
    return ngettext(
        "%(num)s personne est inscrite sous ce type. Changez d’abord son type, "
        "ou fermez ce type à l’inscription.",
        "%(num)s personnes sont inscrites sous ce type. Changez d’abord leur type, "
        "ou fermez ce type à l’inscription.",
        count,
    )


def _question_answered(count: int) -> str:
    return ngettext(
        "%(num)s personne a répondu à cette question. Archivez-la : sa réponse reste lisible.",
        "%(num)s personnes ont répondu à cette question. Archivez-la : leurs réponses restent lisibles.",
        count,
    )


def _logo_too_large(width: int, height: int) -> str:
    if not width:
        return _("Cette image a trop de points. Choisissez-en une de 16 millions de points au plus.")
    return _(
        "Cette image mesure %(width)s × %(height)s points. "
        "Choisissez-en une de 16 millions de points au plus.",
        width=width,
        height=height,
    )


EDITION: dict[str, Message] = {
    "days_in_order": lambda: _("Le dernier jour vient avant le premier. Corrigez l’un des deux."),
    "too_many_days": lambda limit: _("Une édition dure au plus %(limit)s jours.", limit=limit),
    "day_out_of_reach": lambda first, last: _(
        "Choisissez une date entre %(first)s et %(last)s.", first=first, last=last
    ),
    "retention_length": lambda least, most: _(
        "Écrivez un nombre de %(least)s à %(most)s.", least=least, most=most
    ),
    "unknown_zone": lambda: _("Ce fuseau horaire est inconnu. Choisissez-en un de la liste."),
    "languages_needed": lambda: _("Choisissez au moins une langue : français, anglais ou les deux."),
    "not_a_colour": lambda: _("Ce n’est pas une couleur. Exemple : #6B2A55"),
    "sessions_left_outside": _left_outside,
    "wishes_between": lambda: _("Le nombre de vœux va de 1 à 100."),
    "closes_before_opening": lambda: _("Cette clôture vient avant l’ouverture. Corrigez l’une des deux."),
    "published_before_wishes_close": lambda: _(
        "Le planning serait publié avant la clôture des vœux. Choisissez une date plus tardive."
    ),
    "phase_not_open": lambda: _("Cette phase n’est pas ouverte : il n’y a rien à clore."),
}

PROGRAMME: dict[str, Message] = {
    "day_outside": _day_outside,
    "ends_before_start": lambda: _("La fin vient avant le début. Corrigez l’une des deux heures."),
    "hour_missing": lambda: _(
        "Cette heure n’existe pas ce jour-là : les horloges passent à l’heure d’été. "
        "Choisissez une heure avant ou après."
    ),
    "no_room_for_a_slot": lambda: _(
        "Aucun rendez-vous de cette durée ne tient dans la plage. "
        "Allongez la plage ou raccourcissez les rendez-vous."
    ),
    "sessions_overlap": lambda starts, ends: _(
        "Cette plage chevauche celle de %(starts)s à %(ends)s. Changez l’heure de l’une des deux.",
        starts=clock_words(starts),
        ends=clock_words(ends),
    ),
    "too_many_slots": lambda limit: _(
        "Une édition compte au plus %(limit)s créneaux. Raccourcissez la plage.", limit=limit
    ),
    "slots_in_use": _slots_in_use,
    "settings_run_active": lambda number: _(
        "Le calcul n° %(number)s est en cours : attendez sa fin ou arrêtez-le avant de changer ce réglage.",
        number=number,
    ),
}

ROOM: dict[str, Message] = {
    "range_unreadable": lambda text: _(
        "« %(text)s » ne se lit pas comme une suite de tables. Exemples : T01 à T55, ou A1, A2, A3.",
        text=text,
    ),
    "too_many_tables": lambda limit: _("C’est plus de %(limit)s tables. Réduisez la suite.", limit=limit),
    "label_too_long": lambda label, limit: _(
        "« %(label)s » dépasse %(limit)s caractères : il ne tiendrait pas sur un badge.",
        label=label,
        limit=limit,
    ),
    "labels_repeated": lambda: _("La suite nomme deux fois la même table. Enlevez le doublon."),
    "tables_exist": lambda labels: _(
        "Il y a déjà une table %(labels)s. Choisissez d’autres numéros.", labels=listed(labels)
    ),
    "places_between": lambda: _("Une table a de 2 à 20 chaises."),
    "organisation_not_here": lambda: _("Cette structure ne participe pas à cette édition."),
    "nothing_chosen": lambda: _("Aucune ligne n’était choisie. Cochez-en au moins une."),
}

TYPES: dict[str, Message] = {
    "letter_needed": lambda: _("La lettre est une seule majuscule sans accent, de A à Z."),
    "letter_taken": lambda letter: _(
        "La lettre %(letter)s sert déjà à un autre type. Choisissez-en une autre.", letter=letter
    ),
    "unknown_hue": lambda: _("Cette couleur n’est pas de la liste."),
    "name_needed": lambda: _("Donnez un nom au type."),
    "number_between": lambda least, most: _(
        "Écrivez un nombre de %(least)s à %(most)s.", least=least, most=most
    ),
    "minimum_over_maximum": lambda: _("Le minimum dépasse le maximum. Corrigez l’un des deux."),
    "too_many_types": lambda limit: _("Une édition compte au plus %(limit)s types.", limit=limit),
    "type_in_use": _type_in_use,
    "unknown_type": lambda: _("La matrice nomme un type qui n’existe plus. Rechargez la page."),
}

QUESTIONS: dict[str, Message] = {
    "question_empty": lambda: _("Écrivez la question."),
    "choices_between": lambda least, most: _(
        "Écrivez de %(least)s à %(most)s choix, un par ligne.", least=least, most=most
    ),
    "question_answered": _question_answered,
    "question_answered_kind": lambda: _(
        "Des personnes ont déjà répondu : la sorte de réponse ne peut plus changer. "
        "Archivez cette question et créez-en une autre."
    ),
    "question_answered_choices": lambda: _(
        "Des personnes ont déjà répondu : vous pouvez corriger un choix ou en ajouter à la fin, "
        "pas en enlever."
    ),
    "too_many_questions": lambda limit: _("Une édition pose au plus %(limit)s questions.", limit=limit),
    "question_is_archived": lambda: _("Cette question est archivée. Rétablissez-la d’abord."),
}

LOGO: dict[str, Message] = {
    "logo_too_heavy": lambda limit_mb: _(
        "L’image est vide ou dépasse %(limit)s Mo. Choisissez un fichier plus léger.", limit=limit_mb
    ),
    "logo_too_large": _logo_too_large,
    "logo_unreadable": lambda: _(
        "Ce fichier n’est pas une image lisible. Envoyez un PNG, un JPEG ou un WEBP."
    ),
}

MEMBERS: dict[str, Message] = {
    "already_member": lambda: _("Cette personne fait déjà partie de l’équipe. Changez son rôle ci-dessous."),
    "too_many_members": lambda limit: _("Une équipe compte au plus %(limit)s personnes.", limit=limit),
    "account_disabled": lambda: _("Ce compte est désactivé. Demandez à l’administration de le rétablir."),
    "last_owner": lambda: _(
        "C’est la dernière personne propriétaire de l’édition. Donnez d’abord ce rôle à quelqu’un d’autre."
    ),
}

MESSAGES: dict[str, Message] = {**EDITION, **PROGRAMME, **ROOM, **TYPES, **QUESTIONS, **LOGO, **MEMBERS}
