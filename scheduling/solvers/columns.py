"""Builds the columns of a model: every meeting somebody asks for, at each start and pool that rules leave."""

from __future__ import annotations

from itertools import repeat

from scheduling.problem import Id, Meeting, Pair, Participant, meeting_key
from scheduling.scoring import Forbidden
from scheduling.solvers.model import NO_POOL, Line, Model, Wish
from scheduling.solvers.pools import Pool


def fill(model: Model, rank: dict[Id, int]) -> None:
    """The model has its wishes, lines and columns, and the rows that count places; `rank` numbers people."""
    _Columns(model, rank).build()


class _Columns:
    def __init__(self, model: Model, rank: dict[Id, int]) -> None:
        self.model, self.problem, self.rank = model, model.problem, rank
        self.forbidden = Forbidden(model.problem)
        self.pool_of = {pool.organisation: number for number, pool in enumerate(model.pools)}
        self.slots_of: dict[int, tuple[int, ...]] = {}
        self.open = [tuple(_mask(pool.room(need)) for need in (False, True)) for pool in model.pools]
        self.places = [self._place_rows(pool) for pool in model.pools]
        self.table_rank = {table.id: number for number, table in enumerate(self.problem.tables)}

    def build(self) -> None:
        wished = {pair.key: pair for pair in self.problem.pairs}
        mandatory = {meeting_key(*meeting) for meeting in self.problem.mandatory}
        pins = {pin.key: pin for pin in self.problem.pins}
        for key in sorted({*wished, *mandatory, *pins}):
            if key in pins:
                place = (self.problem.slot_rank(pins[key].slot), self.table_rank[pins[key].table])
                self._pinned(key, wished.get(key), place)
            elif not self._wish(key, wished.get(key), key in mandatory) and key in mandatory:
                self.model.hopeless.append(key)

    def _wish(self, key: Meeting, pair: Pair | None, mandatory: bool) -> bool:
        """Adds the wish when any column is left for it."""
        people = [self.problem.participant(one) for one in key]
        team = tuple(self.rank[one] for one in key)
        if self.forbidden.meeting(*key):
            return False
        need = any(person.step_free for person in people)
        lines = [(pool, self._starts(team, pool, need)) for pool in self._pools(people, need)]
        lines = [(pool, starts) for pool, starts in lines if starts]
        if lines:
            self._begin(Wish(key, team, *_worth(pair), mandatory, need))
            for pool, starts in lines:
                self._line(team, pool, starts, self.places[pool][need])
            self._end(len(lines))
        return bool(lines)

    def _pinned(self, key: Meeting, pair: Pair | None, place: tuple[int, int]) -> None:
        team = tuple(self.rank[one] for one in key)
        need = any(self.problem.participant(one).step_free for one in key)
        self._begin(Wish(key, team, *_worth(pair), True, need, place))
        self._line(team, NO_POOL, 1 << place[0], [()] * self.model.num_slots)
        self._end(1)

    def _begin(self, wish: Wish) -> None:
        self.model.wishes.append(wish)

    def _end(self, lines: int) -> None:
        last = len(self.model.lines)
        self.model.lines_of.append(range(last - lines, last))

    def _line(self, team: tuple[int, ...], pool: int, starts: int, rows: list[tuple[int, ...]]) -> None:
        model, slots = self.model, self._slots(starts)
        wish, line = len(model.wishes) - 1, len(model.lines)
        model.lines.append(Line(wish, team, pool, model.num_columns, starts))
        model.wish.extend(repeat(wish, len(slots)))
        model.line.extend(repeat(line, len(slots)))
        model.start.extend(slots)
        model.mask.extend([1 << slot for slot in slots])
        model.team.extend(repeat(team, len(slots)))
        model.rows.extend([rows[slot] for slot in slots])

    def _slots(self, mask: int) -> tuple[int, ...]:
        """The set bits, remembered: many lines share their mask."""
        if mask not in self.slots_of:
            self.slots_of[mask] = tuple(slot for slot in range(mask.bit_length()) if mask >> slot & 1)
        return self.slots_of[mask]

    def _starts(self, team: tuple[int, ...], pool: int, need: bool) -> int:
        starts = self.open[pool][need]
        for person in team:
            starts &= self.model.free[person]
        return starts

    def _pools(self, people: list[Participant], need: bool) -> list[int]:
        """The usable stands of either side, or the ordinary tables when there is none."""
        stands = sorted({self.pool_of.get(person.organisation, -1) for person in people} - {-1})
        usable = [pool for pool in stands if self._usable(self.model.pools[pool], need)]
        return usable or ([self.pool_of[None]] if None in self.pool_of else [])

    def _usable(self, pool: Pool, need: bool) -> bool:
        tables = (self.problem.tables[table] for table in pool.tables)
        return any((table.step_free or not need) and table.available != () for table in tables)

    def _place_rows(self, pool: Pool) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        """Rows per slot for a meeting without and with need of a step-free place."""
        anywhere: list[tuple[int, ...]] = [(self.model.row("table_once", most),) for most in pool.capacity]
        if not any(person.step_free for person in self.problem.participants):
            return anywhere, anywhere
        step_free: list[tuple[int, ...]] = [(self.model.row("step_free", most),) for most in pool.step_free]
        return anywhere, [one + two for one, two in zip(anywhere, step_free, strict=True)]


def _mask(room: tuple[int, ...]) -> int:
    return sum(1 << slot for slot, places in enumerate(room) if places > 0)


def _worth(pair: Pair | None) -> tuple[int, bool]:
    return (pair.value, pair.is_must) if pair else (0, False)
