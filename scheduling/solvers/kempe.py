"""Room for one more meeting: alternating chains of two starts (Kempe chains), as in colouring edges.

Where two people share no free slot, one of them being busy at `s1`, that meeting moves to `s2`, what it
meets there moves to `s1`, and so on. In fairs without absences this always succeeds (König, Vizing); with
them it does for nearly every meeting the linear relaxation wants.
"""

from __future__ import annotations

from collections.abc import Iterator

from scheduling.solvers.state import State

LONGEST = 60  # meetings moved for one; longer chains hardly ever end well


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
    model, best, most = state.model, -1, 0
    left = state.left
    for column in model.columns(wish):
        if state.fits(column):
            room = min((left[row] for row in model.rows[column]), default=1)
            if room > most:
                best, most = column, room
    if best >= 0:
        state.put(best)
    return best >= 0


def make_room(state: State, wish: int) -> bool:
    """The wish is held at a start where some of its people were busy, their meetings being moved."""
    model, free = state.model, state.free
    for column in model.columns(wish):
        mask, team = model.mask[column], model.team[column]
        busy = [person for person in team if mask & ~free[person]]
        if not busy or len(busy) == len(team) or mask & (mask - 1):
            continue
        others = -1
        for person in busy:
            others &= free[person]
        start = model.start[column]
        for other in _bits(others):
            moves = chain(state, busy, start, other, team)
            if moves is not None and _apply(state, moves, column):
                return True
    return False


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
