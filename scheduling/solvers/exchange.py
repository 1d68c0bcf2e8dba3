"""Search by exchange: hold one more wish, giving up another where its people are full, and refill the rest.

Each trial is undone unless the plan stays as good; with the linear relaxation as start this reaches the
proven bound of benchmark fairs in a fraction of a second.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from scheduling.solvers import kempe
from scheduling.solvers.state import State
from scheduling.solvers.tally import Tally

GIVE_UP_FREE = 0.2  # chance to give a meeting up though there is a free slot
NOISE = 2.0  # how much worse than the cheapest a meeting given up may be, in value


class Exchange:
    """Trials on a state, among the wishes in `likely` (those that a better plan may hold)."""

    def __init__(self, state: State, likely: Sequence[int], dice: random.Random) -> None:
        self.state, self.model, self.dice = state, state.model, dice
        self.likely = list(likely)
        self.is_likely = bytearray(len(state.model.wishes))
        for wish in self.likely:
            self.is_likely[wish] = True
        self.tally = Tally(state)
        self.standing = self.tally.standing(state)
        self.of_person: list[list[int]] = [[] for _ in self.model.free]
        for number in range(len(self.model.wishes)):
            teams = {self.model.lines[line].team for line in self.model.lines_of[number]}
            for person in {person for team in teams for person in team}:
                self.of_person[person].append(number)
        state.log.clear()

    def step(self) -> bool:
        """One trial; True when the plan is better than before."""
        wish = self._unheld()
        if wish is None:
            return False
        touched = self._make_place(wish)
        kempe.insert(self.state, wish)
        self._refill(touched, wish)
        return self.judge()

    def _unheld(self) -> int | None:
        held, likely = self.state.held, self.likely
        for _ in range(50):
            if likely and held[wish := self.dice.choice(likely)] < 0:
                return wish
        return None

    def _make_place(self, wish: int) -> set[int]:
        """People without a free slot give up one meeting each; gives everybody concerned."""
        state, touched = self.state, set()
        lines = self.model.lines_of[wish]
        team = self.model.lines[self.dice.choice(lines)].team
        for person in team:
            touched.add(person)
            if not state.free[person] or self.dice.random() < GIVE_UP_FREE:
                column = self._cheapest(person)
                if column >= 0:
                    touched.update(self.model.team[column])
                    state.take(column)
        return touched

    def _cheapest(self, person: int) -> int:
        """A movable meeting of a person that gives little, or -1."""
        best, least = -1, float("inf")
        for column in self.state.agenda[person]:
            if column >= 0 and self.state.movable(column):
                worth = self.model.wishes[self.model.wish[column]].value + NOISE * self.dice.random()
                if worth < least:
                    best, least = column, worth
        return best

    def _refill(self, touched: set[int], wish: int) -> None:
        state, wishes = self.state, self.model.wishes
        near = {
            one
            for person in touched
            if state.free[person]
            for one in self.of_person[person]
            if state.held[one] < 0 and self.is_likely[one]
        }
        near.discard(wish)
        for one in sorted(near, key=lambda n: (-wishes[n].mandatory, -wishes[n].value, self.dice.random())):
            kempe.insert(state, one)

    def judge(self) -> bool:
        """Keeps the trial when the plan stands no lower, else undoes it."""
        log = self.state.log
        self.tally.count(log)
        standing = self.tally.standing(self.state)
        if standing < self.standing:
            self.tally.count(log, back=True)
            self.state.undo()
            return False
        better, self.standing = standing > self.standing, standing
        log.clear()
        return better
