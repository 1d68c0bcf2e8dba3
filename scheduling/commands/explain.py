"""`explain`: why each wish is not served, and the cheapest single change that would serve one."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from scheduling import io
from scheduling.commands.common import ANSWER, NOTHING, positive, read_text, say
from scheduling.explain import reasons
from scheduling.repair_file import diff_to

if TYPE_CHECKING:
    from scheduling.commands.common import Commands
    from scheduling.problem import Problem
    from scheduling.remedy import Remedy
    from scheduling.solution import Solution


def register(commands: Commands) -> None:
    """The command is known with its options."""
    parser = commands.add_parser("explain", help="why wishes are not served, and what would serve them")
    parser.add_argument("file", help="problem file (.json)")
    parser.add_argument("plan", help="plan or result file")
    parser.add_argument("--wish", nargs=2, metavar=("A", "B"), help="the cheapest change for this wish")
    parser.add_argument(
        "--time-limit", type=positive(float), default=1.2, metavar="SECONDS", help="of --wish"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """The reasons, or the change, are printed; exit code 3 when time ran out before one was found."""
    problem = io.problem_from(io.decode(read_text(options.file)))
    plan = io.solution_from(io.decode(read_text(options.plan)))
    if options.wish:
        return _remedy(problem, plan, options)
    found = reasons(problem, plan)
    if options.json:
        say(io.encode([{"wish": list(key), "reason": reason} for key, reason in sorted(found.items())]))
        return ANSWER
    for reason, count in Counter(found.values()).most_common():
        say(f"{reason:<20} {count:>6}")
    for key, reason in sorted(found.items()):
        say(f"{' - '.join(map(str, key)):<20} {reason}")
    return ANSWER


def _remedy(problem: Problem, plan: Solution, options: argparse.Namespace) -> int:
    from scheduling.solvers.remedies import NotAsked, Undecided, remedy

    try:
        wish = tuple(_id(problem, one) for one in options.wish)
        found = remedy(problem, plan, wish, seconds=float(options.time_limit))
    except NotAsked as error:
        raise io.BadInput(f"--wish: {error}") from error
    except Undecided as error:
        say(io.encode({"remedy": None, "proven": False}) if options.json else str(error))
        return NOTHING
    if options.json:
        say(io.encode({"remedy": None if found is None else remedy_to(found), "proven": found is None}))
    else:
        say("No single change serves this wish (proven)." if found is None else _text(found))
    return ANSWER


def _id(problem: Problem, text: str) -> Any:
    """The person's id, a number or text."""
    return next((one.id for one in problem.participants if str(one.id) == text), text)


def remedy_to(found: Remedy) -> dict[str, Any]:
    return {
        "wish": list(found.wish),
        "lever": {"kind": found.lever.kind, "person": found.lever.person, "slot": found.lever.slot},
        "changes": diff_to(found.diff),
        **{name: getattr(found, name) for name in ("cost", "bound", "proven", "seconds")},
    }


def _text(found: Remedy) -> str:
    lever, diff = found.lever, found.diff
    where = [f"person {lever.person}"] * (lever.person is not None)
    where += [f"slot {lever.slot}"] * (lever.slot is not None)
    proven = "proven cheapest" if found.proven else f"at least {found.bound}"
    lines = [f"{' '.join([lever.kind, *where])}: {found.cost} points ({proven}), {found.seconds:.2f} s"]
    for verb, meetings in (("give up", diff.cancelled), ("hold", diff.added)):
        lines += [f"  {verb} {' - '.join(map(str, one.people))} at {one.slot}" for one in meetings]
    for change in diff.moved:
        people = " - ".join(map(str, change.new.people))
        lines.append(f"  move {people}: {change.old.slot} -> {change.new.slot}, table {change.new.table}")
    return "\n".join(lines)
