"""How the demo's editions present themselves: addresses, texts in French and English, a colour; all fictional."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, Mapping[str, str]]

_ORGANISER: Texts = {
    "controller": {
        "fr": "Association Passerelles (fictive), loi de 1901\n1 quai des Docks, 44000 Brévenne\n"
        "Directrice de la publication : Sophie Prigent",
        "en": "Association Passerelles (fictional), a French non-profit\n1 quai des Docks, 44000 Brévenne\n"
        "Publication director: Sophie Prigent",
    },
    "practical": {
        "fr": "Vestiaire gratuit, repas compris. Le jour même, appelez le 02 61 91 00 00.",
        "en": "Free cloakroom, lunch included. On the day, call 02 61 91 00 00.",
    },
    "after_registration": {
        "fr": "Complétez votre fiche et vos disponibilités dès maintenant ; les vœux s’ouvrent un mois "
        "avant le salon.",
        "en": "Complete your page and your availability right away; wishes open a month before the fair.",
    },
}


@dataclass(frozen=True, slots=True)
class Face:
    """What an edition says of itself beyond its name, its place and its dates."""

    address: str
    phone: str = "02 61 91 00 00"  # Arcep’s range for fiction
    accent: str | None = None
    texts: Texts = field(default_factory=dict)


_PASSERELLES = Face(
    "1 quai des Docks, 44000 Brévenne",
    texts={
        **_ORGANISER,
        "about": {
            "fr": "Passerelles réunit pour une journée des acheteurs publics et privés et des structures de "
            "l’économie sociale et solidaire. Chacun dit qui il veut rencontrer ; chacun reçoit un agenda "
            "de rendez-vous choisis.\n\nVingt minutes en tête à tête, à une table, avec une personne qui a "
            "envie de vous parler : c’est souvent assez pour commencer.",
            "en": "Passerelles brings together for one day public and private buyers and organisations of "
            "the social economy. People say whom they want to meet; each receives an agenda of chosen "
            "meetings.\n\nTwenty minutes face to face, at a table, with somebody who wants to talk to "
            "you: that is often enough to begin.",
        },
        "how_to": {
            "fr": "Deux personnes par structure au plus. L’entrée est gratuite pour les acheteurs ; "
            "60\u202f€ par exposant, repas compris.",
            "en": "Two people from each organisation at most. Free for buyers; 60 euros for each exhibitor, "
            "lunch included.",
        },
        "access": {
            "fr": "Tram ligne 2, arrêt Docks. Parking quai Est.\nEntrée de plain-pied, ascenseur vers la "
            "mezzanine, boucle magnétique en plénière.",
            "en": "Tram line 2, stop Docks. Car park quai Est.\nStep-free entrance, lift to the mezzanine, "
            "hearing loop in the plenary.",
        },
    },
)

FACES: Mapping[str, Face] = {
    "passerelles": _PASSERELLES,
    "passerelles-precedente": _PASSERELLES,
    "rencontres-reemploi": Face(
        "Quai de la Criée, 56000 Kerval",
        accent="#0B5E6B",
        texts={
            **_ORGANISER,
            "about": {
                "fr": "Collecter, trier, réparer, revendre : une journée pour que les structures du réemploi "
                "et celles qui jettent encore se parlent.\n\nRecycleries, entreprises d’insertion, "
                "collectivités, bailleurs, constructeurs : dites ce que vous avez et ce que vous cherchez.",
                "en": "Collecting, sorting, mending, selling again: one day for those who reuse and those "
                "who still throw away to talk.\n\nReuse centres, work-integration companies, local "
                "authorities, landlords, builders: say what you have and what you look for.",
            },
            "how_to": {
                "fr": "Gratuit, repas compris. Trois personnes par structure au plus.",
                "en": "Free, lunch included. Three people from each organisation at most.",
            },
            "access": {
                "fr": "À dix minutes à pied de la gare. Hall de plain-pied.",
                "en": "Ten minutes on foot from the station. Step-free hall.",
            },
        },
    ),
}

TITLES: Mapping[str, str] = {
    "Accueil café": "Welcome coffee",
    "Plénière d’ouverture": "Opening plenary",
    "Pause café": "Coffee break",
    "Déjeuner": "Lunch",
    "Pause": "Break",
    "Verre de clôture": "Closing drinks",
}


def title(french: str) -> dict[str, str]:
    """A programme item's title in both languages."""
    return {"fr": french, "en": TITLES[french]} if french in TITLES else {"fr": french}
