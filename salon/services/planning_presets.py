"""What the organiser wants most, as an order of the engine's terms: each strictly before the next.

Fewest gaps keeps must meets and value first: ranked before them, breaks would rather empty the agendas; added
to them with weights, they came out worse than ranked (250 delegates, 20 s: 85 breaks against 66).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from salon.enums import RunPreset
from scheduling.problem import TermName, Weights

T = TermName
MOST_MEETINGS = (T.MUST_MEETS, T.VALUE, T.MIN_SHORTFALL, T.FAIRNESS, T.BREAKS, T.TABLE_MOVES)
FAIREST = (T.MUST_MEETS, T.MIN_SHORTFALL, T.FAIRNESS, T.VALUE, T.BREAKS, T.TABLE_MOVES)
FEWEST_GAPS = (T.MUST_MEETS, T.VALUE, T.BREAKS, T.TABLE_MOVES, T.MIN_SHORTFALL, T.FAIRNESS)


@dataclass(frozen=True, slots=True)
class Choice:
    """A preset with, for a custom one, the organiser's order of the terms."""

    preset: RunPreset
    order: tuple[TermName, ...] = ()


def weights(choice: Choice) -> Weights:
    """The weights of a choice; a custom order that leaves terms out gets them at its end."""
    if choice.preset is RunPreset.FEWEST_GAPS:
        return Weights(FEWEST_GAPS)
    if choice.preset is RunPreset.FAIREST:
        return Weights(FAIREST)
    if choice.preset is RunPreset.CUSTOM:
        return Weights((*choice.order, *(name for name in MOST_MEETINGS if name not in choice.order)))
    return Weights(MOST_MEETINGS)


def as_json(chosen: Weights) -> dict[str, Any]:
    """The weights as a run stores them."""
    return {"order": list(chosen.order), "mode": str(chosen.mode), "weights": dict(chosen.weights)}


def order_of(stored: Mapping[str, Any]) -> tuple[TermName, ...]:
    """The terms of a stored run in the organiser's order."""
    return tuple(TermName(name) for name in stored["order"])
