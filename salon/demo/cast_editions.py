"""The three editions: how big each is, when it is, and how its rows come together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from salon.demo.cast_calendar import (
    CHANGEOVER_MIN,
    SLOT_MIN,
    ZONE,
    ZonePlan,
    moment,
    programme,
    sessions,
    tables,
    thursday_from,
)
from salon.demo.cast_data import deal, dice, lead_keys
from salon.demo.cast_people import Headcount
from salon.demo.cast_rules import Quarrels, exclusions, mandatory, unavailability
from salon.demo.cast_wishes import MAX_WISHES, Fair, Zeal, no_thanks, wishes
from salon.demo.rows import DelegateRow, EditionRow, OrganisationRow, RegistrationRow, TypeRuleRow

TYPE_RULES = (
    TypeRuleRow("supplier", "buyer"),
    TypeRuleRow("supplier", "supplier"),
    TypeRuleRow("partner", "supplier"),
    TypeRuleRow("partner", "buyer"),
)
FIRST_STANDS = ("blanchisserie-belle-etoile", "numeris-solidaire")  # S1 and S2, as on the pictures
TAGLINE = "Rencontres d’affaires de l’économie sociale et solidaire"


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """What is decided for an edition before any row is drawn."""

    key: str
    group: Literal["main", "second", "past"]
    name: str
    tagline: str
    venue: str
    town: str
    departement: str
    day: date
    opens: date
    wishes_open: date
    wishes_close: date
    headcount: Headcount
    pending: int
    zeal: Zeal
    quarrels: Quarrels
    promises: int
    min_meetings: int
    zones: tuple[ZonePlan, ...]


def plans(today: date) -> tuple[EditionPlan, EditionPlan, EditionPlan]:
    """The main edition in about ten weeks, the one whose wishing ends in ten days, last year's."""
    main_day = thursday_from(today + timedelta(days=70))
    return (
        _main(today, main_day),
        _open(today, thursday_from(today + timedelta(days=52))),
        _past(thursday_from(main_day - timedelta(days=364))),
    )


def _main(today: date, day: date) -> EditionPlan:
    return EditionPlan(
        key="passerelles",
        group="main",
        name=f"Passerelles {day.year}",
        tagline=TAGLINE,
        venue="Halle des Docks",
        town="Brévenne",
        departement="44",
        day=day,
        opens=today - timedelta(days=62),
        wishes_open=today - timedelta(days=24),
        wishes_close=today - timedelta(days=3),
        headcount=Headcount(suppliers=156, buyers=90, partners=4, trios=8),
        pending=4,
        zeal=Zeal(full=0.87, begun=0.1, leads=10),
        quarrels=Quarrels(total=25, on_wishes=6),
        promises=12,
        min_meetings=4,
        zones=(
            ZonePlan("Zone Loire", "T", 40, 20, stands=False),
            ZonePlan("Zone Erdre", "T", 30, 0, stands=False),
            ZonePlan("Zone Sillon", "S", 30, 10, stands=True),
        ),
    )


def _open(today: date, day: date) -> EditionPlan:
    return EditionPlan(
        key="rencontres-reemploi",
        group="second",
        name=f"Rencontres du réemploi {day.year}",
        tagline="Une journée pour la filière du réemploi et de l’économie circulaire",
        venue="La Criée",
        town="Kerval",
        departement="56",
        day=day,
        opens=today - timedelta(days=40),
        wishes_open=today - timedelta(days=11),
        wishes_close=today + timedelta(days=10),
        headcount=Headcount(suppliers=58, buyers=28, partners=4, trios=2),
        pending=3,
        zeal=Zeal(full=0.3, begun=0.3, leads=6),
        quarrels=Quarrels(total=6, on_wishes=2),
        promises=0,
        min_meetings=3,
        zones=(
            ZonePlan("Grande halle", "T", 28, 12, stands=False),
            ZonePlan("Mezzanine", "S", 8, 0, stands=True),
        ),
    )


def _past(day: date) -> EditionPlan:
    return EditionPlan(
        key="passerelles-precedente",
        group="past",
        name=f"Passerelles {day.year}",
        tagline=TAGLINE,
        venue="Halle des Docks",
        town="Brévenne",
        departement="44",
        day=day,
        opens=day - timedelta(days=100),
        wishes_open=day - timedelta(days=40),
        wishes_close=day - timedelta(days=14),
        headcount=Headcount(suppliers=36, buyers=19, partners=1, trios=0),
        pending=0,
        zeal=Zeal(full=0.55, begun=0.4, leads=10),
        quarrels=Quarrels(total=5, on_wishes=1),
        promises=2,
        min_meetings=3,
        zones=(ZonePlan("Zone Loire", "T", 24, 10, stands=False),),
    )


def edition(
    seed: int,
    plan: EditionPlan,
    today: date,
    organisations: Mapping[str, OrganisationRow],
    teams: dict[str, list[DelegateRow]],
) -> EditionRow:
    """The plan carried out for the delegates of ``teams`` (organisation key -> its people there)."""
    fair = _fair(seed, plan, today, organisations, teams)
    wished = wishes(seed, plan.key, fair, plan.zeal)
    excluded = exclusions(seed, plan.key, fair, wished, plan.quarrels)
    return EditionRow(
        key=plan.key,
        name=plan.name,
        tagline=plan.tagline,
        venue=plan.venue,
        town=plan.town,
        departement=plan.departement,
        timezone=ZONE,
        languages=("fr", "en"),
        day=plan.day,
        registration_opens_at=moment(plan.opens, "09:00"),
        registration_closes_at=moment(plan.day - timedelta(days=1), "18:00"),
        wishes_open_at=moment(plan.wishes_open, "09:00"),
        wishes_close_at=moment(plan.wishes_close, "18:00"),
        slot_minutes=SLOT_MIN,
        changeover_minutes=CHANGEOVER_MIN,
        max_wishes=MAX_WISHES,
        min_meetings=plan.min_meetings,
        max_meetings=10,
        type_rules=TYPE_RULES,
        sessions=sessions(plan.day),
        programme=programme(plan.day),
        zones=tuple(zone.name for zone in plan.zones),
        tables=tables(plan.zones, _exhibitors(seed, plan, fair)),
        registrations=fair.registrations,
        wishes=wished,
        no_thanks=no_thanks(seed, plan.key, fair, wished),
        exclusions=excluded,
        mandatory=mandatory(seed, plan.key, fair, wished, excluded, plan.promises),
    )


def _fair(
    seed: int,
    plan: EditionPlan,
    today: date,
    organisations: Mapping[str, OrganisationRow],
    teams: dict[str, list[DelegateRow]],
) -> Fair:
    present = {key: organisations[key] for key in teams}
    registrations = _registrations(seed, plan, today, present, teams)
    approved = {r.delegate for r in registrations if r.status == "approved"}
    return Fair(
        organisations=present,
        delegates={person.key: person for team in teams.values() for person in team},
        registrations=registrations,
        rules=TYPE_RULES,
        trades={key: frozenset(row.sectors) for key, row in present.items()},
        senders={key: tuple(p.key for p in team if p.key in approved) for key, team in teams.items()},
        opened_at=moment(plan.wishes_open, "09:00"),
        closed_at=min(moment(plan.wishes_close, "18:00"), moment(today, "06:00")),
    )


def _registrations(
    seed: int,
    plan: EditionPlan,
    today: date,
    present: dict[str, OrganisationRow],
    teams: dict[str, list[DelegateRow]],
) -> tuple[RegistrationRow, ...]:
    """One per person, those who wait for approval being second in their team and the latest to come."""
    rng = dice(seed, f"registrations:{plan.key}")
    people = [person for team in teams.values() for person in team]
    absent = unavailability(seed, plan.key, [person.key for person in people])
    seconds = [team[-1].key for team in teams.values() if len(team) > 1]
    waiting = set(deal(rng, [key for key in seconds if key not in lead_keys()], plan.pending))
    days_open = (min(plan.wishes_close, today) - plan.opens).days - 5
    rows = []
    for person in people:
        late = person.key in waiting
        offset = days_open + rng.randrange(1, 4) if late else int(days_open * rng.betavariate(1.2, 1.6))
        at = _office_hours(plan.opens + timedelta(days=offset), rng.randrange(9 * 60, 19 * 60))
        side = present[person.organisation].side
        rows.append(
            RegistrationRow(person.key, side, "pending" if late else "approved", at, absent[person.key])
        )
    return tuple(sorted(rows, key=lambda row: (row.registered_at, row.delegate)))


def _office_hours(day: date, minute: int) -> datetime:
    return moment(day, f"{minute // 60:02d}:{minute % 60:02d}")


def _exhibitors(seed: int, plan: EditionPlan, fair: Fair) -> list[str]:
    """Hosts of the stands: the pictures' two first, then suppliers drawn among those present."""
    wanted = sum(zone.tables for zone in plan.zones if zone.stands)
    suppliers = [key for key, row in fair.organisations.items() if row.side == "supplier"]
    first = [key for key in FIRST_STANDS if key in suppliers][:wanted]
    others = [key for key in suppliers if key not in first]
    return first + deal(dice(seed, f"stands:{plan.key}"), others, wanted - len(first))
