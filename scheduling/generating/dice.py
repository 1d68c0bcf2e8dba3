"""The few draws the generator needs, all from `random()`, which Python promises to keep."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Seeded chance; every instance with one seed throws the same."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - instances, not secrets

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def below(self, count: int) -> int:
        return int(self._random.random() * count)

    def popularity(self) -> float:
        """min(8, Pareto 1.3), by inversion."""
        return min(8.0, float((1.0 - self._random.random()) ** (-1 / 1.3)))

    def weighted(self, weights: Sequence[float]) -> int:
        """A place, as likely as its weight."""
        point = self._random.random() * sum(weights)
        for number, weight in enumerate(weights):
            point -= weight
            if point < 0:
                return number
        return len(weights) - 1

    def one_of(self, things: Sequence[T], weights: Sequence[float]) -> T:
        """A thing, as likely as its weight."""
        return things[self.weighted(weights)]

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """`count` different places of the things, in the order drawn; all of them if there are fewer."""
        left = list(things)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]
