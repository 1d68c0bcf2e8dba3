"""`replay`: a recorded run is checked, then solved again."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scheduling import io, replay, supervision
from scheduling.commands.common import ANSWER, VIOLATIONS, read_text, say

if TYPE_CHECKING:
    from scheduling.commands.common import Commands
    from scheduling.replay import Replay
    from scheduling.result import Result


def register(commands: Commands) -> None:
    """The command is known with its options."""
    parser = commands.add_parser("replay", help="check a recorded run and solve it again")
    parser.add_argument("file", help="replay file, - for standard input")
    parser.add_argument("--check", action="store_true", help="only check the recorded answer")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """What was found is printed; exit code 1 when the record is wrong or a repeatable run differs."""
    run = replay.from_data(io.decode(read_text(options.file)))
    if wrong := replay.faults(run):
        say("The record is wrong:\n" + "\n".join(wrong))
        return VIOLATIONS
    say("The record is right: no rule is broken, every figure is the plan's." if run.plan else "No plan.")
    if options.check:
        return ANSWER
    result = solved(run)
    same = replay.repeats(run, result)
    say(_comparison(run, result))
    say({True: "The same plan.", False: "ANOTHER PLAN.", None: "No exact repetition was promised."}[same])
    return VIOLATIONS if same is False else ANSWER


def solved(run: Replay) -> Result:
    """The answer of this machine and this release to the recorded problem."""
    from scheduling.solving import solve

    with supervision.silent_output():
        return solve(run.problem, limits=run.limits, workers=run.workers, seed=run.seed, start=run.start)


def _comparison(run: Replay, result: Result) -> str:
    """Each term recorded and now, bounds beside."""
    told = {term["name"]: term for term in run.result.get("terms", ())}
    lines = [f"{'':<14} {'recorded':>19} {'now':>19}"]
    for term in result.terms:
        before = told.get(term.name, {})
        then = _cell(before.get("value"), before.get("bound"))
        lines.append(f"{term.name:<14} {then:>19} {_cell(term.value, term.bound):>19}")
    versions = (run.result.get("versions"), dict(result.versions))
    lines.append("software: " + " | ".join(_versions(one) for one in versions))
    return "\n".join(lines)


def _cell(value: object, bound: object) -> str:
    return f"{value}" if bound is None else f"{value} ({bound})"


def _versions(found: object) -> str:
    return ", ".join(f"{name} {one}" for name, one in found.items()) if isinstance(found, dict) else "unknown"
