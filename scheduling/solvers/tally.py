"""How good a state is while meetings are chosen: the terms of what is held, kept up to date step by step."""

from __future__ import annotations

from collections.abc import Iterable

from scheduling.problem import Mode, TermName
from scheduling.scoring import PER_MILLE, SENSES, Sense, tail
from scheduling.solvers.model import Model
from scheduling.solvers.relaxation import LINEAR
from scheduling.solvers.state import State


class Tally:
    """The terms of a state that are linear in what is held."""

    def __init__(self, state: State) -> None:
        self.model: Model = state.model
        self.weights = state.model.problem.weights
        self.order = [TermName(name) for name in self.weights.order if TermName(name) in LINEAR]
        self.fair = True  # to begin with; followed only where it is optimised
        self.silos = TermName.CROSS_SILO in state.model.problem.terms()
        self.further = bool(state.model.crossing or state.model.kept)
        self.must = self.value = self.crossed = self.same = 0
        self.got = [0] * len(self.model.free)
        self.count(state.columns())
        self.fair = TermName.FAIRNESS in self.order

    def count(self, log: Iterable[int], *, back: bool = False) -> None:
        """Follows the steps of a log (columns put, those taken as ~column), or takes them back."""
        wishes, of, got, fair = self.model.wishes, self.model.wish, self.got, self.fair
        for step in log:
            sign = 1 if (step >= 0) != back else -1
            wish = wishes[of[step if step >= 0 else ~step]]
            self.must += sign * wish.must
            self.value += sign * wish.value
            if self.further:
                self._further(step if step >= 0 else ~step, sign)
            if fair:
                for person in wish.named:
                    got[person] += sign * wish.value

    def _further(self, column: int, sign: int) -> None:
        model = self.model
        if model.crossing and model.crossing[model.line[column]]:
            self.crossed += sign
        if column in model.kept:
            self.same += sign

    def terms(self, state: State) -> dict[TermName, int]:
        """The values of the terms in the organiser's order."""
        found = {
            TermName.MUST_MEETS: self.must,
            TermName.VALUE: self.value,
            TermName.MIN_SHORTFALL: state.short,
        }
        if self.fair:
            found[TermName.FAIRNESS] = self.fairness()
        if self.silos:
            found[TermName.CROSS_SILO] = self.crossed
        if self.model.problem.baseline:
            found[TermName.CHANGES] = len(self.model.problem.baseline) - self.same
        return found

    def standing(self, state: State) -> tuple[int, ...]:
        """Larger is better: what must be held first, then the organiser's terms."""
        return (-state.hard_short, *self._ranked(state))

    def _ranked(self, state: State) -> tuple[int, ...]:
        terms = self.terms(state)
        signed = [terms.get(name, 0) * (1 if SENSES[name] is Sense.MAX else -1) for name in self.order]
        if self.weights.mode is Mode.LEXICOGRAPHIC:
            return tuple(signed)
        return (sum(self.weights.of(name) * one for name, one in zip(self.order, signed, strict=True)),)

    def fairness(self) -> int:
        """As `scoring.fairness`."""
        ceiling = self.model.ceiling
        served = sorted(
            PER_MILLE * value // most for value, most in zip(self.got, ceiling, strict=True) if most > 0
        )
        worst = served[: tail(len(served))]
        return sum(worst) // len(worst) if worst else PER_MILLE
