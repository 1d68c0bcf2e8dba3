"""A plan under construction: which candidate is held when, out of which pool; every step keeps all rules."""

from __future__ import annotations

from scheduling.solvers.index import Index

PINNED = -1  # the pool of a pinned meeting, whose table is already off the pools' capacity


class State:
    """Mutable plan over an `Index`; `place` and `remove` are constant time, `fits` tells what is legal.

    Pinned meetings are placed on construction and never removed.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        num_people, num_slots, num_pools = len(index.people), index.num_slots, len(index.pools)
        self.at: list[tuple[int, int] | None] = [None] * len(index.candidates)
        self.agenda: list[list[int]] = [[-1] * num_slots for _ in range(num_people)]
        self.held = [0] * num_people
        self.per_day: list[dict[int, int]] = [dict.fromkeys(set(index.day), 0) for _ in range(num_people)]
        self.used = [[0] * num_slots for _ in range(num_pools)]
        self.used_step_free = [[0] * num_slots for _ in range(num_pools)]
        self.sides = [0] * len(index.side_limits)
        for number, candidate in enumerate(index.candidates):
            if candidate.pin is not None:
                self.place(number, candidate.pin[0], PINNED)

    def copy(self) -> State:
        twin = State.__new__(State)
        twin.index = self.index
        twin.at = self.at.copy()
        twin.agenda = [row.copy() for row in self.agenda]
        twin.held = self.held.copy()
        twin.per_day = [days.copy() for days in self.per_day]
        twin.used = [row.copy() for row in self.used]
        twin.used_step_free = [row.copy() for row in self.used_step_free]
        twin.sides = self.sides.copy()
        return twin

    def fits(self, number: int, slot: int, pool: int) -> bool:
        """True when the meeting, not held now, may be placed there (one of its options)."""
        index, candidate = self.index, self.index.candidates[number]
        if self.sides[candidate.sides] >= index.side_limits[candidate.sides]:
            return False
        for person in (candidate.a, candidate.b):
            limits = index.people[person]
            if self.agenda[person][slot] >= 0 or self.held[person] >= limits.max:
                return False
            if self.per_day[person][index.day[slot]] >= limits.max_per_day:
                return False
        return self._room(candidate.step_free, slot, pool)

    def _room(self, step_free: bool, slot: int, pool: int) -> bool:
        places = self.index.pools[pool]
        if self.used[pool][slot] >= places.capacity[slot]:
            return False
        return not step_free or self.used_step_free[pool][slot] < places.step_free[slot]

    def place(self, number: int, slot: int, pool: int) -> None:
        self._count(number, slot, pool, 1)
        self.at[number] = (slot, pool)
        candidate = self.index.candidates[number]
        self.agenda[candidate.a][slot] = self.agenda[candidate.b][slot] = number

    def remove(self, number: int) -> None:
        placed = self.at[number]
        assert placed is not None
        slot, pool = placed
        self._count(number, slot, pool, -1)
        self.at[number] = None
        candidate = self.index.candidates[number]
        self.agenda[candidate.a][slot] = self.agenda[candidate.b][slot] = -1

    def _count(self, number: int, slot: int, pool: int, step: int) -> None:
        candidate = self.index.candidates[number]
        self.sides[candidate.sides] += step
        for person in (candidate.a, candidate.b):
            self.held[person] += step
            self.per_day[person][self.index.day[slot]] += step
        if pool != PINNED:
            self.used[pool][slot] += step
            self.used_step_free[pool][slot] += step * candidate.step_free

    def held_numbers(self) -> list[int]:
        return [number for number, placed in enumerate(self.at) if placed is not None]
