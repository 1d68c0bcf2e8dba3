"""A structure as people describe it: plain values, typed or stored, no row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from salon.enums import TermKind

Terms = Mapping[TermKind, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Structure:
    """What holds in every edition; codes are the vocabulary's."""

    name: str
    kind: str = ""
    legal_form: str = ""
    siret: str = ""
    department: str = ""
    town: str = ""
    size: str = ""
    website: str = ""
    pitch: str = ""
    terms: Terms = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StructureSheet(Structure):
    """A structure and what it offers in one edition; `version` is the one read, and changes with either."""

    offers: str = ""
    needs: str = ""
    version: str = ""
