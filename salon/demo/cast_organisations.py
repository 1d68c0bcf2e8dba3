"""Organisations with their offers and needs."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from salon.demo.cast_data import Cells, dice, side_of, slug, table
from salon.demo.rows import NeedRow, OfferRow, OrganisationRow
from salon.vocabulary import packaged

NO_NETWORK_SHARE = 0.15
SECOND_NETWORK_SHARE = 0.2
LABEL_SHARE = 0.12  # on top of the labels written for the trade
ANONYMOUS_NEED_SHARE = 0.08
REMOTE_GROUPS = {"informatique", "prestations_intellectuelles", "communication", "sous_traitance"}


@dataclass(frozen=True, slots=True)
class Structure:
    """An organisation with what only the generator needs: its editions and a buyer's profile."""

    row: OrganisationRow
    editions: frozenset[str]
    profile: str


def structures(seed: int) -> tuple[Structure, ...]:
    """Suppliers then buyers and partners, in file order, not yet with the sectors of the buyers' needs."""
    rng = dice(seed, "organisations")
    towns = {line["name"]: line["departement"] for line in table("towns")}
    profiles = {line["kind"]: line for line in table("kind_profiles")}
    suppliers = [_supplier(rng, line, towns, profiles[line["kind"]]) for line in table("suppliers")]
    buyers = [_buyer(line, towns) for line in table("buyers")]
    return tuple(suppliers + buyers)


def _supplier(rng: random.Random, line: Cells, towns: dict[str, str], profile: Cells) -> Structure:
    labels = line["labels"].split()
    if rng.random() < LABEL_SHARE:
        labels.append(rng.choice([c for c in ("esus", "iso_9001", "rsei") if c not in labels]))
    row = OrganisationRow(
        key=slug(line["name"]),
        name=line["name"],
        side=side_of(line["kind"]),
        kind=line["kind"],
        legal_form=rng.choice(profile["legal_forms"].split()),
        size=rng.choice(profile["sizes"].split()),
        town=line["town"],
        departement=towns[line["town"]],
        pitch=line["pitch"],
        sectors=tuple(line["sectors"].split()),
        prestas=tuple(line["prestas"].split()),
        networks=_networks(rng, profile["networks"].split()),
        labels=tuple(labels),
        languages=(),
        mail_domain=f"{slug(line['name'])}.example",
    )
    return Structure(row, _editions(line), "")


def _networks(rng: random.Random, likely: list[str]) -> tuple[str, ...]:
    if not likely or rng.random() < NO_NETWORK_SHARE:
        return ()
    wanted = 2 if rng.random() < SECOND_NETWORK_SHARE else 1
    drawn = [rng.choice(likely) for _ in range(wanted)]
    return tuple(dict.fromkeys(drawn))


def _buyer(line: Cells, towns: dict[str, str]) -> Structure:
    row = OrganisationRow(
        key=slug(line["name"]),
        name=line["name"],
        side=side_of(line["kind"]),
        kind=line["kind"],
        legal_form=line["legal_form"],
        size=line["size"],
        town=line["town"],
        departement=towns[line["town"]],
        pitch=line["pitch"],
        sectors=(),
        prestas=(),
        networks=(),
        labels=(),
        languages=(),
        mail_domain=f"{slug(line['name'])}.example",
    )
    return Structure(row, _editions(line), line["profile"])


def _editions(line: Cells) -> frozenset[str]:
    return frozenset({"main", "second"} if line["edition"] == "both" else {line["edition"]})


def offers(seed: int, cast: tuple[Structure, ...]) -> tuple[OfferRow, ...]:
    """One offer per supplier, as written for it, with a range drawn by trade."""
    rng = dice(seed, "offers")
    titles = {slug(line["name"]): line["offer"] for line in table("suppliers")}
    return tuple(_offer(rng, s.row, titles[s.row.key]) for s in cast if s.row.side == "supplier")


def _offer(rng: random.Random, row: OrganisationRow, title: str) -> OfferRow:
    remote = bool(REMOTE_GROUPS & {packaged().group_of(code) for code in row.sectors})
    nationwide = rng.random() < (0.45 if remote else 0.08)
    around = not nationwide and rng.random() < 0.5
    return OfferRow(
        key=f"offer-{row.key}",
        organisation=row.key,
        title=title,
        description=row.pitch,
        sectors=row.sectors,
        prestas=row.prestas,
        nationwide=nationwide,
        departements=() if nationwide or around else _same_region(row.departement),
        radius_km=rng.choice([30, 50, 80, 120]) if around else None,
    )


def _same_region(departement: str) -> tuple[str, ...]:
    book = packaged()
    region = book.region_of(departement)
    return tuple(d.code for d in book.departements if d.region == region)


def needs(seed: int, cast: tuple[Structure, ...], today: date) -> tuple[NeedRow, ...]:
    """Every written need given to one organisation of a fitting profile; no buyer is left without."""
    rng = dice(seed, "needs")
    owners = _owners(rng, [s for s in cast if s.profile])
    return tuple(
        NeedRow(
            key=f"need-{slug(line['title'])}",
            organisation=owner.row.key,
            title=line["title"],
            description=line["description"],
            sectors=tuple(line["sectors"].split()),
            amount=line["amount"],
            departements=_same_region(owner.row.departement),
            include_nationwide=rng.random() < 0.6,
            anonymous=rng.random() < ANONYMOUS_NEED_SHARE,
            deadline=today + timedelta(days=rng.randrange(90, 240)),
        )
        for line, owner in owners
    )


def _owners(rng: random.Random, buyers: list[Structure]) -> list[tuple[Cells, Structure]]:
    """Needs with their owner: scarce profiles are served first, each time the one that has fewest."""
    held: Counter[str] = Counter()
    pairs = []
    lines = table("needs")
    sizes = Counter(b.profile for b in buyers)
    lines.sort(key=lambda line: (len(line["profiles"].split()), line["profiles"]))
    for line in lines:
        fitting = [b for b in buyers if b.profile in line["profiles"].split()]
        fewest = min(held[b.row.key] for b in fitting)
        tied = [b for b in fitting if held[b.row.key] == fewest]
        scarcest = max(sizes[b.profile] for b in tied)
        owner = rng.choice([b for b in tied if sizes[b.profile] == scarcest])
        held[owner.row.key] += 1
        pairs.append((line, owner))
    return pairs
