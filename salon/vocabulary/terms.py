"""One frozen class per shape of vocabulary entry; a code is a stable slug or an INSEE code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["insertion", "disability", "wider_ess", "public_buyer", "private_buyer", "partner"]
ReservedScope = Literal["", "any", "health_social_culture"]
Resource = Literal["table", "interpreter"]

FAMILIES: tuple[Family, ...] = (
    "insertion",
    "disability",
    "wider_ess",
    "public_buyer",
    "private_buyer",
    "partner",
)
SUPPLIER_FAMILIES: frozenset[Family] = frozenset({"insertion", "disability", "wider_ess"})
BUYER_FAMILIES: frozenset[Family] = frozenset({"public_buyer", "private_buyer"})
RESERVED_SCOPES: tuple[ReservedScope, ...] = ("", "any", "health_social_culture")
RESOURCES: tuple[Resource, ...] = ("table", "interpreter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A code with its words; a retired term still has its label but is no longer offered."""

    code: str
    fr: str
    en: str
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Term):
    """A structure kind with what the law lets a buyer do.

    ``reserved_article`` is the article of the Code de la commande publique by which a contract may be
    reserved to it ("" = none) and ``reserved_scope`` says for which services. ``social_clause``: its hours
    count in a social clause (EITI and SEP are left out by prudence).
    """

    short: str
    family: Family
    reserved_article: str
    reserved_scope: ReservedScope
    social_clause: bool

    @property
    def reserved_any_service(self) -> bool:
        """True when the reservation holds whatever the service bought (the catalogue's chip)."""
        return self.reserved_scope == "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector(Term):
    """A trade; ``group`` is the code of one of the sector groups."""

    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label(Term):
    """A certification; ``official`` ones come from the reference list, the others are declared freely."""

    official: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Departement(Term):
    """A département by INSEE code ("01", "2A", "976"); ``region`` is its region's INSEE code."""

    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Size(Term):
    """A headcount bracket, both ends included; ``headcount_max`` is None for the last one."""

    headcount_min: int
    headcount_max: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Term):
    """An amount bracket ``[eur_min, eur_max)`` in euros; ``eur_max`` is None for the last one."""

    eur_min: int
    eur_max: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(Term):
    """A meeting language with the name its own speakers read."""

    own_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessNeed(Term):
    """What must be there for a person to take part: the need only, never its cause."""

    resource: Resource
