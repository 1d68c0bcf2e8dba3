"""How good a state is while meetings are chosen: the terms of what is held, kept up to date step by step."""

from __future__ import annotations

from collections.abc import Iterable

from scheduling.problem import Mode, TermName
from scheduling.scoring import PER_MILLE, tail
from scheduling.solvers.model import Model
from scheduling.solvers.state import State

CHOSEN = (TermName.MUST_MEETS, TermName.VALUE, TermName.MIN_SHORTFALL, TermName.FAIRNESS)


class Tally:
    """The terms of a state that depend on what is held, not on when."""

    def __init__(self, state: State) -> None:
        self.model: Model = state.model
        self.weights = state.model.problem.weights
        self.order = [TermName(name) for name in self.weights.order if TermName(name) in CHOSEN]
        self.fair = TermName.FAIRNESS in self.order
        self.must = self.value = 0
        self.got = [0] * len(self.model.free)
        self.count(state.columns())

    def count(self, log: Iterable[int], *, back: bool = False) -> None:
        """Follows the steps of a log (columns put, those taken as ~column), or takes them back."""
        wishes, of, got, fair = self.model.wishes, self.model.wish, self.got, self.fair
        for step in log:
            sign = 1 if (step >= 0) != back else -1
            wish = wishes[of[step if step >= 0 else ~step]]
            self.must += sign * wish.must
            self.value += sign * wish.value
            if fair:
                for person in wish.named:
                    got[person] += sign * wish.value

    def terms(self, state: State) -> dict[TermName, int]:
        """The values of the terms in the organiser's order."""
        found = {
            TermName.MUST_MEETS: self.must,
            TermName.VALUE: self.value,
            TermName.MIN_SHORTFALL: state.short,
        }
        if self.fair:
            found[TermName.FAIRNESS] = self.fairness()
        return found

    def standing(self, state: State) -> tuple[int, ...]:
        """Larger is better: what must be held first, then the organiser's terms."""
        return (-state.hard_short, *self._ranked(state))

    def _ranked(self, state: State) -> tuple[int, ...]:
        terms = self.terms(state)
        terms[TermName.MIN_SHORTFALL] = -terms[TermName.MIN_SHORTFALL]
        if self.weights.mode is Mode.LEXICOGRAPHIC:
            return tuple(terms[name] for name in self.order)
        return (sum(self.weights.of(name) * terms[name] for name in self.order),)

    def fairness(self) -> int:
        """As `scoring.fairness`."""
        ceiling = self.model.ceiling
        served = sorted(
            PER_MILLE * value // most for value, most in zip(self.got, ceiling, strict=True) if most > 0
        )
        worst = served[: tail(len(served))]
        return sum(worst) // len(worst) if worst else PER_MILLE
