"""The delegates of each organisation: names, addresses, jobs, languages and access needs."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from salon.demo.cast_data import Cells, deal, dice, lead_keys, slug, table
from salon.demo.cast_organisations import Structure
from salon.demo.rows import DelegateRow, OrganisationRow, Side, StaffRow
from salon.vocabulary import packaged

SPOKEN = {"en": 0.25, "es": 0.06, "ar": 0.04, "pt": 0.03, "de": 0.03, "it": 0.03, "br": 0.01}
STEP_FREE_SHARE = 0.04
SIGN_SHARE = 0.012
INTERPRETED = ("en", "es")  # each is spoken by one person who has no French


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many delegates an edition gets from each side, and how many organisations send three."""

    suppliers: int
    buyers: int
    partners: int
    trios: int

    @property
    def sides(self) -> tuple[tuple[Side, int], ...]:
        return ("supplier", self.suppliers), ("buyer", self.buyers), ("partner", self.partners)


def quotas(seed: int, topic: str, rows: list[OrganisationRow], wanted: Headcount) -> dict[str, int]:
    """Delegates per organisation key: at least one each, the exact total of each side."""
    rng = dice(seed, f"quotas:{topic}")
    leads = Counter(slug(line["organisation"]) for line in table("leads"))
    counts: dict[str, int] = {}
    for side, total in wanted.sides:
        keys = [row.key for row in rows if row.side == side]
        counts |= {key: max(1, leads[key]) for key in keys}
        trios = deal(rng, keys, wanted.trios) if side == "supplier" else []
        counts |= dict.fromkeys(trios, 3)
        alone = [key for key in keys if counts[key] == 1]
        counts |= dict.fromkeys(deal(rng, alone, total - sum(counts[key] for key in keys)), 2)
    return counts


class NamePool:
    """Hands out people whose full name no one else has; first names of both genders in turn."""

    def __init__(self, rng: random.Random, taken: set[str]) -> None:
        self._rng = rng
        self._taken = taken
        self._first = {g: [c["name"] for c in table("first_names") if c["gender"] == g] for g in "fm"}
        self._last = self._cycle()

    def _cycle(self) -> Iterator[str]:
        names = [line["name"] for line in table("last_names")]
        while True:
            yield from self._rng.sample(names, len(names))

    def draw(self) -> tuple[str, str, str]:
        """``(first name, last name, gender)``."""
        gender = self._rng.choice("fm")
        last = next(self._last)
        free = [first for first in self._first[gender] if slug(f"{first} {last}") not in self._taken]
        first = self._rng.choice(free)
        self._taken.add(slug(f"{first} {last}"))
        return first, last, gender


def delegates(seed: int, cast: tuple[Structure, ...], counts: dict[str, int]) -> tuple[DelegateRow, ...]:
    """``counts[key]`` delegates for each organisation, those named in the design pictures first."""
    rng = dice(seed, "people")
    leads: dict[str, list[Cells]] = {}
    for line in table("leads"):
        leads.setdefault(slug(line["organisation"]), []).append(line)
    pool = NamePool(rng, set(lead_keys()))
    titles = table("job_titles")
    return tuple(
        person
        for structure in cast
        for person in _team(rng, structure.row, counts.get(structure.row.key, 0), leads, pool, titles)
    )


def _team(
    rng: random.Random,
    row: OrganisationRow,
    count: int,
    leads: dict[str, list[Cells]],
    pool: NamePool,
    titles: list[Cells],
) -> Iterator[DelegateRow]:
    named = leads.get(row.key, [])[:count]
    used = {line["job_title"] for line in named}
    for line in named:
        yield _person(rng, row, line["first_name"], line["last_name"], line["job_title"])
    for _ in range(count - len(named)):
        first, last, gender = pool.draw()
        title = job_title(rng, row, gender, titles, used)
        used.add(title)
        yield _person(rng, row, first, last, title)


def job_title(
    rng: random.Random, row: OrganisationRow, gender: str, titles: list[Cells], used: set[str]
) -> str:
    """A job that exists in such a structure and that no colleague already has, in the right gender."""
    family = packaged().kind(row.kind).family
    column = "feminine" if gender == "f" else "masculine"
    fitting = [c for c in titles if c["roles"] == family or (c["roles"] == row.side == "supplier")]
    free = [c for c in fitting if not used & {c["masculine"], c["feminine"]}]
    return rng.choice(free)[column]


def _person(rng: random.Random, row: OrganisationRow, first: str, last: str, title: str) -> DelegateRow:
    spoken = [code for code, share in SPOKEN.items() if rng.random() < share]
    return DelegateRow(
        key=slug(f"{first} {last}"),
        organisation=row.key,
        first_name=first,
        last_name=last,
        email=f"{slug(first)}.{slug(last)}@{row.mail_domain}",
        phone=f"06 39 98 {rng.randrange(100):02d} {rng.randrange(100):02d}",  # Arcep's range for fiction
        job_title=title,
        languages=("fr", *spoken),
        access_needs=(),
    )


def with_access_needs(seed: int, topic: str, people: tuple[DelegateRow, ...]) -> tuple[DelegateRow, ...]:
    """The same people, a few needing a step-free table or an interpreter; never the pictures' leads."""
    rng = dice(seed, f"access:{topic}")
    step_free, sign = round(len(people) * STEP_FREE_SHARE), round(len(people) * SIGN_SHARE)
    free = [person.key for person in people if person.key not in lead_keys()]
    drawn = iter(rng.sample(free, step_free + sign + len(INTERPRETED)))
    by_key = {person.key: person for person in people}
    for _ in range(step_free):
        _change(by_key, next(drawn), ("step_free",))
    for _ in range(sign):
        _change(by_key, next(drawn), ("interpreter_lsf",), languages=("fr", "lsf"))
    for language in INTERPRETED:
        _change(by_key, next(drawn), ("interpreter_language",), languages=(language,))
    return tuple(by_key.values())


def _change(
    by_key: dict[str, DelegateRow], key: str, needs: tuple[str, ...], languages: tuple[str, ...] = ()
) -> None:
    person = by_key[key]
    by_key[key] = replace(person, access_needs=needs, languages=languages or person.languages)


def staff() -> tuple[StaffRow, ...]:
    """The organising team of the pictures, and the desk's account."""
    domain = "passerelles.example"
    return (
        StaffRow("Sophie", "Prigent", f"sophie.prigent@{domain}", "Coordination", "owner"),
        StaffRow("Rémi", "Chauvet", f"remi.chauvet@{domain}", "Chargé de planning", "organiser"),
        StaffRow("Nora", "Quilliec", f"accueil@{domain}", "Responsable de l’accueil", "desk"),
    )
