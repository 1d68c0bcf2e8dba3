"""`repair`: a problem, its published plan and a fault in; the plan with the cheapest changes out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduling import io
from scheduling.commands.common import ANSWER, NOTHING, positive, read_text, say
from scheduling.faults import Absent, Delayed, Late, Refused, SlotLost, TableLost, UnknownThing
from scheduling.fields import Fields, identifier, list_of, whole
from scheduling.problem import InvalidProblem, key_of
from scheduling.repair import Freeze, Prices, Repair
from scheduling.repair_file import late_from, repair_to

if TYPE_CHECKING:
    from scheduling.commands.common import Commands
    from scheduling.faults import Fault

FAULTS = """the fault as JSON, one of
{"absent": 12, "since": 5}, {"table": 3, "since": 5}, {"slot": 7}, {"refused": [1, 2]},
{"session": 2, "minutes": 20, "day": 1, "since": 9, "end_min": 1080},
{"late": {participant as in a problem file}, "pairs": [pairs as in a problem file]}; since, day, end_min and pairs
may be left out"""


def register(commands: Commands) -> None:
    """The command is known with its options."""
    parser = commands.add_parser("repair", help="change a published plan as little as a fault allows")
    parser.add_argument("file", help="problem file (.json)")
    parser.add_argument("plan", help="plan or result file")
    parser.add_argument("fault", help=FAULTS)
    parser.add_argument("--freeze-before", metavar="SLOT", help="nothing that starts earlier changes")
    parser.add_argument("--prices", metavar="JSON", help='such as {"cancel": 10, "move": 3}')
    parser.add_argument("--time-limit", type=positive(float), default=1.5, metavar="SECONDS")
    parser.add_argument("--json", action="store_true", help="print the repair as JSON")
    parser.add_argument("--out", metavar="FILE", help="write the JSON there")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """The changes are printed or written; exit code 3 when some order cannot be kept."""
    problem = io.problem_from(io.decode(read_text(options.file)))
    plan = io.solution_from(io.decode(read_text(options.plan)))
    prices = _prices(options.prices)
    before = None if options.freeze_before is None else identifier(_id(options.freeze_before), "slot")
    if not problem.knows(slot=before):
        raise io.BadInput(f"--freeze-before: slot {before} does not exist")
    from scheduling.solvers.repairing import repair

    try:
        found = repair(
            problem,
            plan,
            _fault(io.decode(options.fault)),
            prices=prices,
            freeze=Freeze(before),
            seconds=float(options.time_limit),
        )
    except (UnknownThing, InvalidProblem) as error:
        raise io.BadInput(f"fault: {error}") from error
    document = io.encode(repair_to(found))
    if options.out:
        Path(options.out).write_text(document + "\n", encoding="utf-8")
    if options.json:
        say(document)
    elif not options.out:
        say(_text(found))
    return NOTHING if found.plan is None else ANSWER


def _id(text: str) -> object:
    return int(text) if text.lstrip("-").isdigit() else text


def _prices(text: str | None) -> Prices:
    if text is None:
        return Prices()
    fields = Fields(io.decode(text), "prices")
    defaults = Prices()
    read = {
        name: fields.get(name, whole, getattr(defaults, name))
        for name in ("cancel", "move", "table", "new", "people", "value", "must", "broken")
    }
    fields.done()
    try:
        return Prices(**read)
    except ValueError as error:
        raise io.BadInput(f"prices: {error}") from error


def _fault(data: object) -> Fault:
    fields = Fields(data, "fault")
    names = set(data) if isinstance(data, dict) else set()
    since: Any = fields.maybe("since", identifier)
    fault: Fault
    if "absent" in names:
        fault = Absent(fields.get("absent", identifier), since)
    elif "table" in names:
        fault = TableLost(fields.get("table", identifier), since)
    elif "slot" in names:
        fault = SlotLost(fields.get("slot", identifier))
    elif "refused" in names:
        fault = Refused(key_of(fields.get("refused", list_of(identifier))))
    elif "late" in names:
        fault = Late(*late_from(fields))
    else:
        day, end = fields.maybe("day", whole), fields.maybe("end_min", whole)
        fault = Delayed(fields.get("session", whole), fields.get("minutes", whole), day, since, end)
    fields.done()
    return fault


def _text(found: Repair) -> str:
    diff = found.diff
    proven = "proven fewest" if found.proven else f"at least {found.bound} in any plan"
    lines = [found.clash] if found.clash else []
    lines.append(
        f"{len(diff.cancelled)} cancelled, {len(diff.moved)} moved, {len(diff.added)} new: "
        f"cost {found.cost}, {found.points} points ({proven}), {found.seconds:.2f} s"
    )
    for verb, meetings in (("cancelled", diff.cancelled), ("new", diff.added)):
        lines += [f"{verb:<10} {_people(one.people)} at {one.slot}, table {one.table}" for one in meetings]
    for change in diff.moved:
        here, there = change.old, change.new
        places = f"{here.slot}, table {here.table} -> {there.slot}, table {there.table}"
        lines.append(f"{'moved':<10} {_people(there.people)}: {places}")
    lines += [f"told: {', '.join(map(str, diff.participants))}"] if diff else []
    return "\n".join(lines)


def _people(people: tuple[object, ...]) -> str:
    return " - ".join(map(str, people))
