"""Room for one more meeting: alternating chains of two starts (Kempe chains), as in colouring edges.

Where two people share no free slot, one of them being busy at `s1`, that meeting moves to `s2`, what it
meets there moves to `s1`, and so on. In fairs without absences this always succeeds (König, Vizing); with
them it does for nearly every meeting the linear relaxation wants.
"""

from __future__ import annotations

from collections.abc import Iterator

from scheduling.solvers.state import State

LONGEST = 60  # meetings moved for one; longer chains hardly ever end well
MOST_FAILURES = 12  # chains that a row refused, for one wish: then rows are what keeps it out


def insert(state: State, wish: int) -> bool:
    """The wish is held, others being moved in time if need be; False when nothing helps."""
    return possible(state, wish) and (place(state, wish) or make_room(state, wish))


def possible(state: State, wish: int) -> bool:
    """False when moving meetings in time could not help: a quota or somebody's agenda is full."""
    model = state.model
    if any(state.left[row] <= 0 for row in model.shared[wish]):
        return False
    lines = model.lines_of[wish]
    return len(lines) > 1 or all(state.free[person] for person in model.lines[lines[0]].team)


def place(state: State, wish: int) -> bool:
    """The wish is held where it fits and most is left of the scarcest row; False when it fits nowhere."""
    best, most, free = -1, 0, state.free
    for mask, team, columns in state.model.choices(wish):
        if any(mask & ~free[person] for person in team):
            continue
        for column in columns:
            room = _room(state, column)
            if room > most:
                best, most = column, room
    if best >= 0:
        state.put(best)
    return best >= 0


def _room(state: State, column: int) -> int:
    """What is left of the scarcest row of a column; 0 when it does not fit."""
    left, least = state.left, 1_000_000
    for row in state.model.rows[column]:
        if left[row] < least:
            least = left[row]
            if least <= 0:
                return 0
    return least if column not in state.model.heavy or state.fits(column) else 0


def make_room(state: State, wish: int) -> bool:
    """The wish is held at a start where some of its people were busy, their meetings being moved."""
    left = MOST_FAILURES
    for column, busy in _crowded(state, wish):
        start, team, others = state.model.start[column], state.model.team[column], -1
        for person in busy:
            others &= state.free[person]
        for other in _bits(others):
            moves = chain(state, busy, start, other, team)
            if moves is None:
                continue
            if _apply(state, moves, column):
                return True
            left -= 1
            if not left:
                return False
    return False


def _crowded(state: State, wish: int) -> Iterator[tuple[int, list[int]]]:
    """Per team and start one column, that with most places left, where some of the team are free and some
    have a meeting to move."""
    free = state.free
    for mask, team, columns in state.model.choices(wish):
        if mask & (mask - 1):
            continue
        busy = [person for person in team if mask & ~free[person]]
        if busy and len(busy) < len(team):
            yield (
                max(columns, key=lambda column: _room(state, column)) if len(columns) > 1 else columns[0],
                busy,
            )


def chain(state: State, busy: list[int], start: int, other: int, team: tuple[int, ...]) -> list[int] | None:
    """The columns to change over between the two starts so that `busy` are free at `start`, in pairs
    (old, new); None when one of them cannot move or a member of the team would be met at `start`."""
    agenda = state.agenda
    return _closure(state, [(agenda[person][start], other) for person in busy], start, other, team)


def flip(state: State, column: int, to: int) -> list[int] | None:
    """The columns to change over so that `column` is held at `to`, in pairs (old, new), or None."""
    return _closure(state, [(column, to)], state.model.start[column], to, ())


def _closure(
    state: State, todo: list[tuple[int, int]], start: int, other: int, team: tuple[int, ...]
) -> list[int] | None:
    model, agenda, free = state.model, state.agenda, state.free
    moves: list[int] = []
    seen: set[int] = set()
    while todo:
        column, to = todo.pop()
        if column in seen:
            continue
        if column < 0 or len(seen) >= LONGEST or model.mask[column] & (model.mask[column] - 1):
            return None  # a longer meeting is in the way
        new = model.twin(column, to)
        if new < 0:
            return None
        seen.add(column)
        moves += (column, new)
        for person in model.team[column]:
            if to == start and person in team:
                return None
            if not free[person] >> to & 1:
                todo.append((agenda[person][to], start + other - to))
    return moves


def _apply(state: State, moves: list[int], column: int) -> bool:
    """The meetings are moved and the column is put, or nothing happens."""
    mark = state.mark()
    if shift(state, moves) and state.fits(column):
        state.put(column)
        return True
    state.undo(mark)
    return False


def shift(state: State, moves: list[int]) -> bool:
    """The old columns are replaced by the new; False, half done, when a row is full."""
    for old in moves[::2]:
        state.take(old)
    for new in moves[1::2]:
        if not state.fits(new):
            return False
        state.put(new)
    return True


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
