"""A fictional fair, its people and their days: what tests, benchmark and eyes look at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from exports.rows import (
    Agenda,
    AgendaRow,
    Badge,
    Brand,
    BreakRow,
    DoorRow,
    FloorPlan,
    MeetingStatus,
    Pattern,
    PlanningRow,
    Stage,
    TableSign,
    TypeBand,
    Zone,
)

INFO = (
    "Accueil dès 08 h 30, hall A. Votre badge vous y attend.",
    "Un empêchement ? Prévenez l’accueil ou votre page d’agenda : nous proposerons votre place à quelqu’un.",
    "La page d’agenda fait foi si un rendez-vous change après l’impression.",
)
BRAND = Brand(
    name="Passerelles 2027",
    subtitle="Rencontres d’affaires de l’économie sociale et solidaire",
    place="Halle des Docks, Nantes",
    first_day=date(2027, 3, 11),
    last_day=date(2027, 3, 11),
    timezone="Europe/Paris",
    contact="Point accueil, hall A",
    phone="06 00 00 00 00",
    info=INFO,
)
BUYER = TypeBand("A", "Acheteur", "#1F3F77", "#FFFFFF", Pattern.PLAIN)
EXHIBITOR = TypeBand("E", "Exposant", "#0B7A68", "#FFFFFF", Pattern.HATCH)
PARTNER = TypeBand("P", "Partenaire", "#E3A12C", "#241C22", Pattern.DOTS)
VISITOR = TypeBand("V", "Visiteur", "#EFE7DF", "#241C22", Pattern.OUTLINE)
STAFF = TypeBand("O", "Organisation", "#241C22", "#FFFFFF", Pattern.BARS)
TYPES = (BUYER, EXHIBITOR, PARTNER, VISITOR, STAFF)

FLOOR = FloorPlan(
    zones=(
        Zone("Zone Loire", tuple(f"T{n:02}" for n in range(1, 21))),
        Zone("Zone Erdre", tuple(f"T{n}" for n in range(21, 56))),
    ),
    stands=("S1", "S2", "S3", "S4", "S5"),
    entrance="Entrée",
)

HOSTS = (
    ("Intérim Horizon Ouest", "Lucie Garnier", "responsable d’agence", ("mise à disposition de personnel en restauration et logistique",), ()),
    ("Menuiserie du Sillon", "Aminata Koné", "gérante", ("agencement et mobilier en bois local",), ("locaux d’atelier, 300 m²",)),
    ("Blanchisserie Belle-Étoile", "Youssef Amrani", "directeur commercial", ("entretien du linge hospitalier, livraison sous 48 h",), ()),
    ("Les Ateliers du Clain", "Noé Barreau", "chargé d’affaires", ("conditionnement et sous-traitance industrielle",), ()),
    ("Traiteur La Bonne Heure", "Maëlle Le Goff", "cheffe de projet", ("buffets de saison jusqu’à 600 couverts",), ("cuisine partagée le soir",)),
    ("Numéris Solidaire", "Fatou Diallo", "directrice", ("numérisation d’archives",), ()),
    ("Les Jardins de Kerval", "Simon Auffret", "encadrant technique", ("entretien d’espaces verts, paniers de légumes",), ()),
    ("Papier Libre", "Élise Montreuil", "directrice", ("collecte et recyclage de papier de bureau",), ()),
    ("Coopérative de transport des Mauges et du Haut-Bocage réunis", "Marie-Hélène de Kersaint-Aubry", "présidente du directoire et responsable du développement des filières", ("livraison du dernier kilomètre à vélo, déménagements de bureaux, stockage de mobilier et réemploi sur six sites",), ("flotte de véhicules électriques d’occasion à partager entre plusieurs structures",)),
)  # fmt: skip
TABLES = (
    "T12",
    "T03",
    "S1",
    "T04",
    "T07",
    "S2",
    "T21",
    "T09",
    "T40",
    "T41",
    "T55",
    "T30",
    "S5",
    "T17",
    "T18",
    "T19",
)


def at(hour: int, minute: int, day: int = 11) -> datetime:
    """A moment of the fair, given in Paris winter time (UTC + 1)."""
    return datetime(2027, 3, day, hour - 1, minute, tzinfo=UTC)


def rows(count: int) -> tuple[AgendaRow, ...]:
    """`count` meetings of 20 minutes from 9:20, every 25, with a break after 11:00 and 12:30."""
    made: list[AgendaRow] = []
    moment = at(9, 20) if count < 13 else at(9, 0)
    for index in range(count):
        if index in (4, 8, 12):
            moment += timedelta(minutes=20 if index != 8 else 45)
        name, person, title, offers, needs = HOSTS[index % len(HOSTS)]
        made.append(
            AgendaRow(
                start=moment,
                end=moment + timedelta(minutes=20),
                table=TABLES[index],
                counterpart=name,
                delegate=person,
                job_title=title,
                offers=offers,
                needs=needs,
                badges=("Éligible aux marchés réservés",) if index == 2 else (),
                must=index in (2, 5),
                status=MeetingStatus.MOVED if index == 3 else MeetingStatus.SCHEDULED,
                was="à 10 h 35" if index == 3 else None,
                uid=f"00000000-0000-4000-8000-{index:012}@salon.example",
                sequence=1 if index == 3 else 0,
                changed_at=datetime(2027, 3, 4, 9, 12, tzinfo=UTC),
            )
        )
        moment += timedelta(minutes=25)
    return tuple(made)


def agenda(count: int = 8, **changes: object) -> Agenda:
    """Claire's day with `count` meetings."""
    made = rows(count)
    breaks = tuple(
        BreakRow(made[index].end + timedelta(minutes=2), made[index + 1].start, label)
        for index, label in ((3, "Pause café, hall A"), (7, "Déjeuner, halle B"), (11, "Pause"))
        if index + 1 < count
    )
    facts: dict[str, object] = {
        "person": "Claire Béranger",
        "organisation": "Métropole de Brévenne",
        "job_title": "responsable des achats",
        "type": BUYER,
        "rows": made,
        "breaks": breaks,
        "changeover_min": 5,
        "url": "HTTPS://SALON.EXAMPLE/A/K7QM2XV9",
        "code": "K7QM2XV9",
        "release_number": 2,
        "stage": Stage.FINAL,
        "published_at": datetime(2027, 3, 4, 9, 12, tzinfo=UTC),
        "floor": FLOOR,
    }
    return Agenda(**{**facts, **changes})  # type: ignore[arg-type]


def badge(index: int = 0, meetings: int = 8, **changes: object) -> Badge:
    """One of a few people, each of another type."""
    people = (
        ("Claire", "Béranger", "Métropole de Brévenne", "Responsable des achats", BUYER),
        ("Youssef", "Amrani", "Blanchisserie Belle-Étoile", "Directeur commercial", EXHIBITOR),
        ("Marie-Hélène", "de Kersaint-Aubry", "Fédération Cap Inclusion Atlantique", "Déléguée régionale", PARTNER),
        ("Sophie", "Prigent", "Passerelles 2027", "Coordination", STAFF),
        ("Jean-Christophe Alexandre", "Ramanantsoa-Rakotomalala du Vivier", "Groupement d’employeurs pour l’insertion et la qualification du Haut-Bocage", "Chargée de mission développement durable et responsabilité sociétale", VISITOR),
    )  # fmt: skip
    first, last, organisation, title, band = people[index % len(people)]
    facts: dict[str, object] = {
        "first_name": first,
        "last_name": last,
        "organisation": organisation,
        "job_title": title,
        "type": band,
        "agenda": rows(meetings) if band is not STAFF else (),
        "url": f"HTTPS://SALON.EXAMPLE/B/K7QM{index:04}",
        "code": f"K7QM{index:04}",
        "release_number": 2,
        "note": ("Point accueil, hall A", "06 00 00 00 00") if band is STAFF else (),
        "floor": FLOOR,
    }
    return Badge(**{**facts, **changes})  # type: ignore[arg-type]


def planning(slots: int = 3, tables: int = 12) -> tuple[PlanningRow, ...]:
    """A full plan: every table busy in every slot."""
    return tuple(
        PlanningRow(
            start=at(9, 0) + timedelta(minutes=25 * slot),
            end=at(9, 20) + timedelta(minutes=25 * slot),
            table=f"T{table:02}",
            zone="Zone Loire" if table <= 20 else "Zone Erdre",
            first_organisation=HOSTS[(slot + table) % len(HOSTS)][0],
            first_person=HOSTS[(slot + table) % len(HOSTS)][1],
            first_type="E",
            second_organisation="Métropole de Brévenne",
            second_person="Claire Béranger",
            second_type="A",
            uid=f"{slot}-{table}",
        )
        for slot in range(slots)
        for table in range(1, tables + 1)
    )


SIGNS = (
    TableSign("T03", "Zone Loire", step_free=True),
    TableSign("S1", "Zone Erdre", holder="Blanchisserie Belle-Étoile"),
)
DOOR = tuple(
    DoorRow(last, first, organisation, letter)
    for last, first, organisation, letter in (
        ("Béranger", "Claire", "Métropole de Brévenne", "A"),
        ("Amrani", "Youssef", "Blanchisserie Belle-Étoile", "E"),
        ("de Kersaint-Aubry", "Marie-Hélène", "Fédération Cap Inclusion Atlantique", "P"),
        ("Éluard", "Zoé", "Papier Libre", "E"),
    )
)
