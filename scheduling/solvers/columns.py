"""Builds the columns of a model: every meeting somebody asks for, by everyone who could go, at each start,
pool and interpreter that rules leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import repeat

from scheduling.possible import Possible, teams
from scheduling.problem import Id, Interpreter, Meeting, Participant, Pin, key_of
from scheduling.scoring import worth
from scheduling.solvers.model import NO_POOL, Line, Model, Wish
from scheduling.solvers.pools import Helpers, Pool

Rows = list[tuple[int, ...]]

# The rules that columns, masks and the rows of places keep; `rows` posts the others.
KEPT = frozenset(
    {
        "availability",
        "delegates",
        "exclusions",
        "forbidden_pairs",
        "hard_minimum",
        "interpreter",
        "interpreter_once",
        "length",
        "mandatory",
        "no_thanks",
        "organisations_distinct",
        "person_once",
        "pins",
        "stand",
        "start_allowed",
        "step_free",
        "table_available",
        "table_once",
        "types",
        "wished_or_mandatory",
    }
)


def fill(model: Model, rank: dict[Id, int]) -> None:
    """The model has its wishes, lines and columns, and the rows that count places and interpreters; `rank`
    numbers people."""
    _Columns(model, rank).build()


class _Columns:
    def __init__(self, model: Model, rank: dict[Id, int]) -> None:
        self.model, self.problem, self.rank = model, model.problem, rank
        self.possible = Possible(model.problem)
        self.pools_of: dict[Id | None, list[int]] = defaultdict(list)
        for number, pool in enumerate(model.pools):
            self.pools_of[pool.organisation].append(number)
        self.open = [tuple(_mask(pool.room(need)) for need in (False, True)) for pool in model.pools]
        self.places = [self._place_rows(pool) for pool in model.pools]
        self.helpers = [self._helper_rows(one) for one in model.helpers]
        self.helped_by = {one: number for number, group in enumerate(model.helpers) for one in group.members}
        self.everywhere = (1 << model.num_slots) - 1
        self.slots_of: dict[int, tuple[int, ...]] = {}
        self.spans_of: dict[int | None, list[int]] = {None: [1 << slot for slot in range(model.num_slots)]}

    def build(self) -> None:
        mandatory = {key_of(meeting) for meeting in self.problem.mandatory}
        pins = {pin.key: pin for pin in self.problem.pins}
        wished = {wish.key for wish in self.problem.wishes}
        for key in sorted({*wished, *mandatory, *pins}):
            lines = len(self.model.lines)
            if key in pins:
                self._pinned(pins[key])
            else:
                self._asked(key)
            added = range(lines, len(self.model.lines))
            if added:
                self._wish(key, key in mandatory or key in pins, pins.get(key))
                self.model.lines_of.append(added)
            elif key in mandatory:
                self.model.hopeless.append(key)

    def _wish(self, key: Meeting, mandatory: bool, pin: Pin | None) -> None:
        wish = self.problem.wish(key)
        named = tuple(self.rank[one] for one in (wish.people if wish else key))
        value = 0 if wish is None else worth(self.problem, wish)
        must = wish is not None and wish.is_must
        table = None if pin is None else self.model.table_rank[pin.table]
        self.model.wishes.append(Wish(key, named, value, must, mandatory, table))

    def _asked(self, key: Meeting) -> None:
        """A line for each team that may meet, each pool it may use and each interpreter it may have."""
        wish = self.problem.wish(key)
        allowed = self.everywhere
        if wish is not None and wish.available is not None:
            allowed = sum(1 << self.problem.slot_rank(slot) for slot in set(wish.available))
        for team in (key,) if wish is None else teams(wish):
            if self.possible.may_meet(team):
                self._team(key, team, allowed)

    def _team(self, key: Meeting, team: Meeting, allowed: int) -> None:
        people = [self.problem.participant(one) for one in team]
        need = any(person.step_free for person in people)
        free = self._free(team)
        spans = self._spans(self.problem.length_of(key))
        helpers = self.possible.interpreters(team)
        for pool in self._pools(people, need):
            room = free & self.open[pool][need]
            if helpers is None:
                self._line(team, pool, None, _starts(room, spans, allowed), spans, self.places[pool][need])
            for helper in self._groups(helpers or ()):
                present = room & _mask(self.model.helpers[helper].capacity)
                rows = [
                    one + two for one, two in zip(self.places[pool][need], self.helpers[helper], strict=True)
                ]
                self._line(team, pool, helper, _starts(present, spans, allowed), spans, rows)

    def _groups(self, helpers: Iterable[Interpreter]) -> list[int]:
        return sorted({self.helped_by[helper.id] for helper in helpers})

    def _pinned(self, pin: Pin) -> None:
        spans = self._spans(self.problem.length_of(pin.key))
        start = 1 << self.problem.slot_rank(pin.slot)
        helpers = () if pin.interpreter is not None else self.possible.interpreters(pin.people) or ()
        zone = self.problem.table(pin.table).zone
        for helper in self._groups(helpers):
            self._line(pin.people, NO_POOL, helper, start, spans, self.helpers[helper], zone)
        if not helpers:  # a named one is taken off the others already
            self._line(pin.people, NO_POOL, None, start, spans, [()] * self.model.num_slots, zone)

    def _line(
        self,
        people: Meeting,
        pool: int,
        helper: int | None,
        starts: int,
        spans: list[int],
        rows: Rows,
        zone: Id | None = None,
    ) -> None:
        model, slots = self.model, self._slots(starts)
        if not slots:
            return
        team = tuple(self.rank[one] for one in people)
        wish, line = len(model.wishes), len(model.lines)
        where = zone if pool == NO_POOL else model.pools[pool].zone
        model.lines.append(Line(wish, team, pool, model.num_columns, starts, helper, where))
        model.wish.extend(repeat(wish, len(slots)))
        model.line.extend(repeat(line, len(slots)))
        model.start.extend(slots)
        model.mask.extend([spans[slot] for slot in slots])
        model.team.extend(repeat(team, len(slots)))
        if spans is self.spans_of[None]:
            model.rows.extend([rows[slot] for slot in slots])
        else:
            model.rows.extend([sum((rows[one] for one in self._slots(spans[slot])), ()) for slot in slots])

    def _slots(self, mask: int) -> tuple[int, ...]:
        """The set bits, remembered: many lines share their mask."""
        if mask not in self.slots_of:
            self.slots_of[mask] = tuple(slot for slot in range(mask.bit_length()) if mask >> slot & 1)
        return self.slots_of[mask]

    def _spans(self, length: int | None) -> list[int]:
        """The mask of slots taken from each start on, 0 where the session ends before."""
        if length not in self.spans_of:
            spans = [self.problem.covered(slot.id, length) or () for slot in self.problem.slots]
            self.spans_of[length] = [sum(1 << self.problem.slot_rank(one) for one in span) for span in spans]
        return self.spans_of[length]

    def _free(self, team: Meeting) -> int:
        free = self.everywhere
        for one in team:
            free &= self.model.free[self.rank[one]]
        return free

    def _pools(self, people: list[Participant], need: bool) -> list[int]:
        """The usable stands of any side, or the ordinary tables when there is none."""
        sides = sorted({person.organisation for person in people})
        usable = [pool for side in sides for pool in self.pools_of.get(side, ()) if self._usable(pool, need)]
        return usable or self.pools_of.get(None, [])

    def _usable(self, pool: int, need: bool) -> bool:
        tables = (self.problem.tables[table] for table in self.model.pools[pool].tables)
        return any((table.step_free or not need) and table.available != () for table in tables)

    def _place_rows(self, pool: Pool) -> tuple[Rows, Rows]:
        """Rows per slot for a meeting without and with need of a step-free place."""
        anywhere: Rows = [(self.model.row("table_once", most),) for most in pool.capacity]
        if not any(person.step_free for person in self.problem.participants):
            return anywhere, anywhere
        step_free: Rows = [(self.model.row("step_free", most),) for most in pool.step_free]
        return anywhere, [one + two for one, two in zip(anywhere, step_free, strict=True)]

    def _helper_rows(self, group: Helpers) -> Rows:
        return [(self.model.row("interpreter_once", most),) for most in group.capacity]


def _starts(free: int, spans: list[int], allowed: int) -> int:
    """The starts allowed at which the whole span is free."""
    if all(span & (span - 1) == 0 for span in spans) and all(spans):
        return free & allowed
    return sum(1 << slot for slot, span in enumerate(spans) if span and span & ~free == 0) & allowed


def _mask(room: tuple[int, ...]) -> int:
    return sum(1 << slot for slot, places in enumerate(room) if places > 0)
