"""Words for what the engine knows by name: rules, reasons, criteria, states of a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from salon.enums import DraftOrigin, ReleaseReason, ReleaseStage, RunPreset
from salon.i18n import clock

Words = Callable[[], str]

# What each rule demands, as the list behind « Plan vérifié » reads.
RULES: dict[str, Words] = {
    "availability": lambda: _("Chacun est présent à ses rendez-vous."),
    "person_once": lambda: _("Personne n’a deux rendez-vous en même temps."),
    "table_once": lambda: _("Une table n’accueille qu’un rendez-vous à la fois."),
    "interpreter_once": lambda: _("Un interprète n’est qu’à un rendez-vous à la fois."),
    "table_available": lambda: _("Une table ne sert que lorsqu’elle est ouverte."),
    "start_allowed": lambda: _("Un rendez-vous commence à une heure que son vœu permet."),
    "length": lambda: _("Un rendez-vous finit avant la fin de sa session."),
    "stand": lambda: _("Une structure qui a un stand y reçoit ; personne ne s’assoit au stand d’un tiers."),
    "step_free": lambda: _("Une personne qui le demande a une table de plain-pied."),
    "interpreter": lambda: _("Qui n’a pas de langue commune a un interprète qui sert chacun."),
    "precedences": lambda: _("De deux rendez-vous ordonnés, le premier finit avant que le second commence."),
    "walking": lambda: _("Entre deux rendez-vous, il reste le temps de marcher d’une table à l’autre."),
    "rest": lambda: _("Chacun souffle après autant de rendez-vous d’affilée qu’il le veut."),
    "organisations_distinct": lambda: _("Personne ne rencontre sa propre structure."),
    "exclusions": lambda: _("Deux structures exclues ne se rencontrent pas."),
    "no_thanks": lambda: _("Un « non merci » est respecté, d’où qu’il vienne."),
    "types": lambda: _("Seuls les types autorisés à se rencontrer se rencontrent."),
    "forbidden_pairs": lambda: _("Les personnes qui ne doivent pas se rencontrer ne se rencontrent pas."),
    "delegates": lambda: _("Qui remplace un collègue a été désigné pour cela."),
    "pair_once": lambda: _("Deux personnes se rencontrent une fois au plus."),
    "organisation_pair_limit": lambda: _(
        "Deux structures se rencontrent une fois, ou deux si les deux le demandent."
    ),
    "wished_or_mandatory": lambda: _("Aucun rendez-vous que personne n’a souhaité ni rendu obligatoire."),
    "maximum": lambda: _("Personne ne dépasse son maximum de rendez-vous."),
    "maximum_per_day": lambda: _("Personne ne dépasse son maximum par jour."),
    "maximum_per_type": lambda: _("Personne ne dépasse son maximum avec un type de participants."),
    "hard_minimum": lambda: _("Les minimums obligatoires sont atteints."),
    "pins": lambda: _("Les rendez-vous verrouillés restent à leur place."),
    "mandatory": lambda: _("Les rendez-vous obligatoires ont lieu."),
}

# What is wrong when a rule is broken, or would be at a place.
BROKEN: dict[str, Words] = {
    "availability": lambda: _("l’une des deux personnes est absente à ce moment"),
    "person_once": lambda: _("l’une des deux personnes a déjà un rendez-vous"),
    "table_once": lambda: _("la table est déjà prise"),
    "interpreter_once": lambda: _("l’interprète est déjà pris"),
    "start_allowed": lambda: _("le vœu ne permet pas de commencer à ce moment"),
    "length": lambda: _("la session finit avant la fin du rendez-vous"),
    "table_available": lambda: _("la table est fermée à ce moment"),
    "stand": lambda: _("aucune table possible : le stand de la structure est pris ou ne convient pas"),
    "step_free": lambda: _("aucune table de plain-pied n’est libre"),
    "interpreter": lambda: _("il manque un interprète présent qui serve chacun"),
    "precedences": lambda: _("un rendez-vous qui doit suivre commencerait trop tôt"),
    "walking": lambda: _("il ne reste pas le temps de marcher jusqu’à la table suivante"),
    "rest": lambda: _("l’une des personnes n’aurait plus de pause"),
    "organisations_distinct": lambda: _("les deux personnes sont de la même structure"),
    "exclusions": lambda: _("ces deux structures sont exclues l’une de l’autre"),
    "no_thanks": lambda: _("l’une des deux personnes a répondu « non merci »"),
    "types": lambda: _("ces deux types de participants ne se rencontrent pas"),
    "forbidden_pairs": lambda: _("ces personnes ne doivent pas se rencontrer"),
    "delegates": lambda: _("la personne n’est pas désignée pour en remplacer une autre"),
    "pair_once": lambda: _("ces deux personnes se rencontrent déjà"),
    "organisation_pair_limit": lambda: _("ces deux structures se rencontrent déjà"),
    "wished_or_mandatory": lambda: _("personne ne souhaite plus ce rendez-vous"),
    "maximum": lambda: _("l’une des deux personnes a atteint son maximum"),
    "maximum_per_day": lambda: _("l’une des deux personnes a atteint son maximum de la journée"),
    "maximum_per_type": lambda: _("l’une des personnes a atteint son maximum avec ce type"),
    "hard_minimum": lambda: _("un minimum obligatoire n’est pas atteint"),
    "pins": lambda: _("un rendez-vous verrouillé n’est plus à sa place"),
    "mandatory": lambda: _("un rendez-vous obligatoire manque"),
    "absent_person": lambda: _("une personne ne participe plus"),
}

# Why a wish has no meeting; the engine's reasons, then those of wishes that could not even become a pair.
REASONS: dict[str, Words] = {
    "lower_priority": lambda: _("Priorité moindre"),
    "quota_reached": lambda: _("Maximum atteint"),
    "no_thanks": lambda: _("Refus de l’une des parties"),
    "no_common_slot": lambda: _("Aucun créneau commun"),
    "no_table": lambda: _("Aucune table libre"),
    "organisation_pair": lambda: _("Les deux structures se rencontrent déjà"),
    "excluded": lambda: _("Structures exclues l’une de l’autre"),
    "types": lambda: _("Types qui ne se rencontrent pas"),
    "forbidden": lambda: _("Rencontre interdite par l’organisation"),
    "too_long": lambda: _("Pas de temps commun assez long"),
    "start_not_allowed": lambda: _("Jamais ensemble à une heure que le vœu permet"),
    "no_interpreter": lambda: _("Aucun interprète ne convient"),
    "interpreter_busy": lambda: _("Interprète toujours pris"),
    "too_far": lambda: _("Tables trop éloignées l’une de l’autre"),
    "rest": lambda: _("Pause de l’une des personnes"),
    "order": lambda: _("Ordre imposé entre deux rendez-vous"),
    "same_organisation": lambda: _("Même structure"),
    "nobody_there": lambda: _("Personne de cette structure n’est inscrit"),
    "named_absent": lambda: _("La personne demandée n’est pas inscrite"),
}

TERMS: dict[str, Words] = {
    "must_meets": lambda: _("À ne pas manquer"),
    "value": lambda: _("Valeur des vœux"),
    "min_shortfall": lambda: _("Rendez-vous manquants sous les minimums"),
    "fairness": lambda: _("Équité, les moins bien servis"),
    "breaks": lambda: _("Trous dans les agendas"),
    "table_moves": lambda: _("Changements de table"),
    "cross_silo": lambda: _("Rencontres entre réseaux différents"),
    "changes": lambda: _("Changements par rapport au plan de référence"),
    "walking": lambda: _("Minutes de marche"),
}

# The same as sentences, for the order of the criteria.
AIMS: dict[str, Words] = {
    "must_meets": lambda: _("Placer les « à ne pas manquer »"),
    "value": lambda: _("Servir le plus de vœux, les mieux classés d’abord"),
    "min_shortfall": lambda: _("Amener chacun à son minimum"),
    "fairness": lambda: _("Mieux servir ceux qui le sont le moins"),
    "breaks": lambda: _("Éviter les trous dans les agendas"),
    "table_moves": lambda: _("Éviter de changer de table"),
    "cross_silo": lambda: _("Mêler les réseaux"),
    "changes": lambda: _("Changer le moins possible"),
    "walking": lambda: _("Éviter de marcher"),
}

PRESETS: dict[RunPreset, Words] = {
    RunPreset.MOST_MEETINGS: lambda: _("Le plus de rendez-vous"),
    RunPreset.FAIREST: lambda: _("Le plus équitable"),
    RunPreset.FEWEST_GAPS: lambda: _("Le moins de trous"),
    RunPreset.CUSTOM: lambda: _("Réglages fins"),
}

STEPS: dict[str, Words] = {
    "data": lambda: _("Données vérifiées"),
    "first": lambda: _("Premier plan"),
    "improve": lambda: _("Amélioration"),
    "verify": lambda: _("Vérification"),
    "done": lambda: _("Brouillon prêt"),
}

# Why a run has no answer of its own.
RUN_ERRORS: dict[str, Words] = {
    "": lambda: "",
    "killed": lambda: _("Le calcul a été arrêté par la machine."),
    "worker_lost": lambda: _("Le service de calcul s’est arrêté."),
    "timeout": lambda: _("Le calcul n’a pas rendu sa réponse à temps."),
    "deaf": lambda: _("Le calcul n’a pas répondu à la demande d’arrêt."),
    "memory": lambda: _("Le calcul a manqué de mémoire. Réduisez le problème ou agrandissez le serveur."),
    "crashed": lambda: _("Le calcul s’est arrêté sur une erreur du programme."),
    "garbage": lambda: _("Le calcul a rendu une réponse illisible ; elle a été écartée."),
    "bad_problem": lambda: _("Le calcul n’a pas pu lire les données."),
    "unverified": lambda: _("Le plan rendu enfreint des règles ; il a été écarté."),
    "wrong_score": lambda: _("Les chiffres rendus ne sont pas ceux du plan ; il a été écarté."),
    "nothing_found": lambda: _("Aucun plan n’a été trouvé dans le temps accordé. Donnez plus de temps."),
    "not_allowed": lambda: _("La personne qui l’a demandé n’organise plus cette édition."),
    "cancelled_early": lambda: _("Le calcul a été arrêté avant d’avoir un plan."),
}

ORIGINS: dict[DraftOrigin, Words] = {
    DraftOrigin.RUN: lambda: _("Calcul"),
    DraftOrigin.COPY: lambda: _("Copie"),
    DraftOrigin.REPAIR: lambda: _("Réparation"),
    DraftOrigin.REOPENED: lambda: _("Version rouverte"),
    DraftOrigin.MANUAL: lambda: _("À la main"),
}

STAGES: dict[ReleaseStage, Words] = {
    ReleaseStage.PROVISIONAL: lambda: _("Provisoire"),
    ReleaseStage.FINAL: lambda: _("Définitive"),
}

RELEASE_REASONS: dict[ReleaseReason, Words] = {
    ReleaseReason.PUBLICATION: lambda: _("Publication"),
    ReleaseReason.WITHDRAWAL: lambda: _("Désistement"),
}


def was(start: datetime | None, table: str | None) -> str:
    """What follows « était »: the old time, the old table, or both; the time is on the edition's clock."""
    if start is not None and table is not None:
        return _("à %(time)s, table %(table)s", time=clock(start), table=table)
    if start is not None:
        return _("à %(time)s", time=clock(start))
    return _("table %(table)s", table=table)
