"""A plan under construction: which column holds each wish; every step can be undone."""

from __future__ import annotations

from scheduling.solvers.model import Model


class State:
    """Mutable plan over a `Model`; `put` and `take` are quick, `fits` tells what is legal.

    `mark` and `undo` go back to an earlier plan: `log` holds the columns put, and those taken as ~column.
    `short` counts what is missing to the lows of the rows, `hard_short` to those that must be reached, with
    the mandatory meetings not held. Pinned meetings are put on construction and never taken.
    """

    __slots__ = ("_lows", "agenda", "free", "hard_short", "held", "left", "log", "model", "short")

    def __init__(self, model: Model, *, pinned: bool = True) -> None:
        self.model = model
        self.free = model.free.copy()
        self.agenda = [[-1] * model.num_slots for _ in model.free]
        self.held = [-1] * len(model.wishes)
        self.left = model.capacity.copy()
        self.short = sum(model.low)
        self.hard_short = sum(low for low, hard in zip(model.low, model.hard, strict=True) if hard)
        self.hard_short += sum(wish.mandatory for wish in model.wishes) + len(model.hopeless)
        self.log: list[int] = []
        self._lows = any(model.low)
        for number, wish in enumerate(model.wishes):
            if pinned and wish.pinned_table is not None:
                self._pin(number)
        self.log.clear()

    def _pin(self, wish: int) -> None:
        """The pinned meeting is held, with an interpreter who is free if it takes one."""
        columns = self.model.columns(wish)
        self.put(next((column for column in columns if self.fits(column)), columns[0]))

    @classmethod
    def empty(cls, model: Model) -> State:
        """The state that holds nothing, the pinned meetings neither."""
        return cls(model, pinned=False)

    def copy(self) -> State:
        """An independent state with an empty log."""
        twin = State.__new__(State)
        twin.model, twin._lows = self.model, self._lows
        twin.free, twin.held, twin.left = self.free.copy(), self.held.copy(), self.left.copy()
        twin.agenda = [row.copy() for row in self.agenda]
        twin.short, twin.hard_short, twin.log = self.short, self.hard_short, []
        return twin

    def fits(self, column: int) -> bool:
        """True when the column's wish, not held now, may be held so."""
        mask = self.model.mask[column]
        for person in self.model.team[column]:
            if mask & ~self.free[person]:
                return False
        left = self.left
        for row in self.model.rows[column]:
            if left[row] <= 0:
                return False
        heavy = self.model.heavy
        return column not in heavy or all(left[row] >= times for row, times in heavy[column].items())

    def put(self, column: int) -> None:
        self._place(column, column, 1)
        self.log.append(column)

    def take(self, column: int) -> None:
        self._place(column, -1, -1)
        self.log.append(~column)

    def _place(self, column: int, mark: int, step: int) -> None:
        model = self.model
        mask, start = model.mask[column], model.start[column]
        wish = model.wish[column]
        self.held[wish] = mark
        for person in model.team[column]:
            self.free[person] ^= mask
            self.agenda[person][start] = mark
        for row in model.rows[column]:
            self.left[row] -= step
        if self._lows:
            self._count(column, step)
        if model.wishes[wish].mandatory:
            self.hard_short -= step

    def _count(self, column: int, step: int) -> None:
        model = self.model
        for row in model.rows[column]:
            if low := model.low[row]:
                held = model.capacity[row] - self.left[row]
                if held + (step < 0) <= low:
                    self.short -= step
                    self.hard_short -= step * model.hard[row]

    def mark(self) -> int:
        """A point to come back to with `undo`."""
        return len(self.log)

    def undo(self, mark: int = 0) -> None:
        """Everything put and taken since the mark is reversed."""
        log = self.log
        while len(log) > mark:
            step = log.pop()
            if step >= 0:
                self._place(step, -1, -1)
            else:
                self._place(~step, ~step, 1)

    def columns(self) -> list[int]:
        """The columns held, by wish."""
        return [column for column in self.held if column >= 0]

    def movable(self, column: int) -> bool:
        """True unless the meeting is pinned."""
        return self.model.wishes[self.model.wish[column]].pinned_table is None
