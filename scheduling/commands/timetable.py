"""What `solve` and `verify` do with a published `.dzn` file."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduling import io, supervision
from scheduling.commands.clock import seconds_since_start
from scheduling.commands.common import ANSWER, NOTHING, VIOLATIONS, read_text, say
from scheduling.result import Progress
from scheduling.timetabling import files, report
from scheduling.timetabling.answer import Answer, Status
from scheduling.timetabling.problem import FAIRNESS, Slots, Timetabling
from scheduling.timetabling.reader import read
from scheduling.timetabling.verifier import violations

MARGIN_SECONDS, MARGIN_SHARE = (
    0.25,
    0.02,
)  # kept back for the last look, the answer and the end of the process
LEAST_SECONDS = 0.05


def is_timetable(name: str) -> bool:
    """Whether the file is a published instance, told by its name."""
    return name.lower().endswith(files.SUFFIX)


def read_problem(options: argparse.Namespace) -> Timetabling:
    """The instance with the asked fairness. Raises scheduling.io.BadInput."""
    return read(read_text(options.file), fairness=FAIRNESS if options.fairness is None else options.fairness)


def solve(options: argparse.Namespace) -> int:
    """The answer is printed or written; exit code 3 when neither plan nor proof was found."""
    problem = read_problem(options)
    start = None
    if options.start:
        start = files.slots_from(io.decode(read_text(options.start)))
        if broken := violations(problem, start):
            raise io.BadInput(f"{options.start}: {broken[0].rule}: {broken[0].text}")
    answer = _run(problem, start, options)
    document = io.encode(files.answer_to(answer))
    if options.out:
        Path(options.out).write_text(document + "\n", encoding="utf-8")
    if options.json:
        say(document)
    elif not options.out:
        say(report.table(problem, answer))
    return _leave(NOTHING if answer.status is Status.UNKNOWN else ANSWER)


def _run(problem: Timetabling, start: Slots | None, options: argparse.Namespace) -> Answer:
    from scheduling.solvers.timetabling.solve import Limits
    from scheduling.solvers.timetabling.solve import solve as race

    shows = options.progress or not (options.json or options.out)
    stream = sys.stderr if options.progress else None
    closed = supervision.stop_when_closed(sys.stdin) if options.supervised else None
    with _signals() as stopped, supervision.silent_output(), supervision.Reporter(stream) as reporter:
        tell = _teller(problem, reporter if options.progress else None) if shows else None
        return race(
            problem,
            limits=Limits(_seconds(options.time_limit), options.deterministic),
            workers=options.workers,
            seed=options.seed,
            start=start,
            on_change=tell,
            should_stop=lambda: stopped() or (closed is not None and closed()),
        )


def _seconds(limit: float) -> float:
    """What is left of the limit for the race, so that the process ends within it."""
    return max(LEAST_SECONDS, limit - seconds_since_start() - MARGIN_SECONDS - MARGIN_SHARE * limit)


def _teller(
    problem: Timetabling, reporter: supervision.Reporter | None
) -> Callable[[float, int | None, int | None], None]:
    """Progress as JSON lines for a supervisor, as a sentence for people."""

    def tell(elapsed: float, incumbent: int | None, bound: int | None) -> None:
        if reporter is None:
            best = "none" if incumbent is None else f"{incumbent} breaks"
            sys.stderr.write(f"{elapsed:6.1f} s  best plan: {best}, at least {bound} needed\n")
            return
        meetings = 0 if incumbent is None else len(problem.meetings)
        reporter.tell(Progress(elapsed, "search", incumbent, bound, _gap(incumbent, bound), meetings))

    return tell


def _gap(incumbent: int | None, bound: int | None) -> float | None:
    if incumbent is None or bound is None:
        return None
    return (incumbent - bound) / max(1, incumbent)


@contextmanager
def _signals() -> Iterator[Callable[[], bool]]:
    """An interrupt or a termination ends the race, and the best plan is printed."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    kept = {name: signal.signal(name, lambda *_: asked.set()) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for name, handler in kept.items():
            signal.signal(name, handler)


def _leave(code: int) -> int:
    """Ends the process at once if a solver has not noticed yet that the race is over."""
    from scheduling.solvers.timetabling.racer import Racer

    if any(isinstance(thread, Racer) for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def verify(options: argparse.Namespace) -> int:
    """The broken rules are printed; exit code 1 when there is one."""
    problem = read_problem(options)
    data = io.decode(read_text(options.plan))
    slots = files.slots_from(data)
    found = (*violations(problem, slots), *files.miscount(data, problem, slots))
    if options.json:
        say(io.encode([{"rule": one.rule, "text": one.text} for one in found]))
    else:
        say(report.broken_rules(found))
    return VIOLATIONS if found else ANSWER
