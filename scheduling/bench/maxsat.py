"""The baseline: the paper's MaxSAT encoding solved by PySAT's RC2, `python -m scheduling.bench.maxsat FILE`.

After Bofill et al., JAIR 74 (2022), section 5: x[m, t], used slots, an end of a hole per idle group as a soft
clause, cardinality networks, and the implied constraints on used slots. PySAT is an optional extra (`bench`).
"""

from __future__ import annotations

import argparse
import importlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scheduling import io
from scheduling.solvers.timetabling.domains import Closed, Domains, domains
from scheduling.timetabling.problem import FAIRNESS, Timetabling
from scheduling.timetabling.reader import read

SOLVER = "cadical153"  # faster on these cases than PySAT's default, Glucose


def require_pysat() -> None:
    """PySAT can be imported. Raises BadInput with the way to install it."""
    try:
        importlib.import_module("pysat.examples.rc2")
    except ImportError as error:
        raise io.BadInput(
            "--baseline rc2: needs PySAT, install the extra: pip install 'salon[bench]'"
        ) from error


@dataclass(slots=True)
class Formula:
    """Clauses being written; a literal is named by what it says. Variable numbers start at 1, as in DIMACS."""

    problem: Timetabling
    open_slots: Domains
    card: Any = field(default_factory=lambda: importlib.import_module("pysat.card"))
    hard: list[list[int]] = field(default_factory=list)
    soft: list[list[int]] = field(default_factory=list)
    names: dict[tuple[object, ...], int] = field(default_factory=dict)
    top: int = 0

    def literal(self, *name: object) -> int:
        """The variable of that name."""
        if name not in self.names:
            self.top += 1
            self.names[name] = self.top
        return self.names[name]

    def count(self, kind: str, literals: list[int], bound: int) -> None:
        """`atmost` or `equals` by a cardinality network."""
        encode = getattr(self.card.CardEnc, kind)
        network = self.card.EncType.cardnetwrk
        written = encode(lits=literals, bound=bound, top_id=self.top, encoding=network)
        self.top = max(self.top, written.nv)
        self.hard.extend(written.clauses)


def encode(problem: Timetabling, open_slots: Domains) -> Formula:
    """H1 to H8 hard, one soft clause per break."""
    formula = Formula(problem, open_slots)
    for number, slots in open_slots.items():
        formula.count("equals", [formula.literal("held", number, slot) for slot in sorted(slots)], 1)
    for person in range(1, problem.num_participants + 1):
        _person(formula, person)
    for slot in range(1, problem.num_slots + 1):
        _tables(formula, slot)
    _order(formula)
    _breaks(formula)
    return formula


def _person(formula: Formula, person: int) -> None:
    numbers = formula.problem.meetings_of[person - 1]
    for slot in range(1, formula.problem.num_slots + 1):
        used = formula.literal("used", person, slot)
        there = [formula.literal("held", n, slot) for n in numbers if slot in formula.open_slots[n]]
        formula.hard += [[-one, -other] for i, one in enumerate(there) for other in there[:i]]
        formula.hard += [[-one, used] for one in there]
        formula.hard.append([*there, -used])
    if numbers:
        slots = range(1, formula.problem.num_slots + 1)
        formula.count("equals", [formula.literal("used", person, slot) for slot in slots], len(numbers))


def _tables(formula: Formula, slot: int) -> None:
    problem = formula.problem
    there = [formula.literal("held", n, slot) for n, slots in formula.open_slots.items() if slot in slots]
    busy = [formula.literal("used", p, slot) for p in range(1, problem.num_participants + 1)]
    for literals, most in ((there, problem.num_tables), (busy, 2 * problem.num_tables)):
        if len(literals) > most:
            formula.count("atmost", literals, most)


def _order(formula: Formula) -> None:
    for number, meeting in enumerate(formula.problem.meetings, start=1):
        for earlier in sorted(meeting.after):
            for slot in sorted(formula.open_slots[number]):
                before = [when for when in sorted(formula.open_slots[earlier]) if when < slot]
                first = [formula.literal("held", earlier, when) for when in before]
                formula.hard.append([-formula.literal("held", number, slot), *first])


def _breaks(formula: Formula) -> None:
    """A break ends where someone meets after an idle slot after an earlier meeting."""
    problem = formula.problem
    ends = {p: _ends(formula, p) for p in range(1, problem.num_participants + 1)}
    formula.soft = [[-end] for own in ends.values() for end in own]
    if problem.fairness < 0:
        return
    if all(ends.values()):
        raise io.BadInput("baseline: fairness is encoded for instances where someone cannot have a break")
    for own in ends.values():
        if len(own) > problem.fairness:
            formula.count("atmost", own, problem.fairness)


def _ends(formula: Formula, person: int) -> list[int]:
    slots = formula.problem.num_slots
    if not 1 < len(formula.problem.meetings_of[person - 1]) < slots:
        return []
    ends = []
    for slot in range(1, slots + 1):
        used, met = formula.literal("used", person, slot), formula.literal("met", person, slot)
        earlier = [formula.literal("met", person, slot - 1)] if slot > 1 else []
        formula.hard += [[-used, met], [-met, used, *earlier], *([-one, met] for one in earlier)]
        if earlier:
            before, end = formula.literal("used", person, slot - 1), formula.literal("end", person, slot)
            formula.hard += [
                [-used, before, -earlier[0], end],
                [-end, used],
                [-end, -before],
                [-end, earlier[0]],
            ]
            ends.append(end)
    return ends


def solve(problem: Timetabling) -> dict[str, object]:
    """The status and the fewest breaks. Raises BadInput without PySAT."""
    require_pysat()
    try:
        formula = encode(problem, domains(problem))
    except Closed:
        return {"status": "infeasible", "objective": None}
    weighted = importlib.import_module("pysat.formula").WCNF()
    weighted.extend(formula.hard)
    weighted.extend(formula.soft, weights=[1] * len(formula.soft))
    rc2 = importlib.import_module("pysat.examples.rc2").RC2
    with rc2(weighted, solver=SOLVER, adapt=True, exhaust=True) as search:
        if search.compute() is None:
            return {"status": "infeasible", "objective": None}
        return {"status": "optimal", "objective": int(search.cost)}


def main() -> int:
    """Prints the answer as JSON; exit code 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m scheduling.bench.maxsat")
    parser.add_argument("file")
    parser.add_argument("--fairness", type=int, default=FAIRNESS)
    options = parser.parse_args()
    try:
        problem = read(Path(options.file).read_text(encoding="utf-8"), fairness=options.fairness)
        sys.stdout.write(io.encode(solve(problem)) + "\n")
    except (io.BadInput, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
