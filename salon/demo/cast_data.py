"""The written material of the cast, read from the package, and the seeded dice that combine it."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TypeVar

from salon import vocabulary
from salon.demo.rows import Side

ItemT = TypeVar("ItemT")
Cells = dict[str, str]


def table(name: str) -> list[Cells]:
    """The lines of a data file, in file order."""
    text = (resources.files("salon.demo") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), strict=True))


def dice(seed: int, topic: str) -> random.Random:
    """A stream of its own per topic, so that a change in one leaves the others as they were."""
    return random.Random(f"{seed}:{topic}")  # noqa: S311 - a reproducible cast, nothing secret


def deal(rng: random.Random, items: Sequence[ItemT], count: int) -> list[ItemT]:
    """``count`` distinct items, kept in their original order."""
    return [items[i] for i in sorted(rng.sample(range(len(items)), count))]


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens ("L'Étoile & Cie" -> "l-etoile-cie")."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return "-".join(kept.lower().split())


@cache
def lead_keys() -> frozenset[str]:
    """Keys of the delegates who are named in the design pictures."""
    return frozenset(slug(f"{line['first_name']} {line['last_name']}") for line in table("leads"))


def side_of(kind: str) -> Side:
    """On which side of the fair a structure kind stands."""
    family = vocabulary.packaged().kind(kind).family
    if family in vocabulary.SUPPLIER_FAMILIES:
        return "supplier"
    return "buyer" if family in vocabulary.BUYER_FAMILIES else "partner"
