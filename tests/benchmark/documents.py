"""How fast and how big documents are: `python -m tests.benchmark.documents [people]`, about a minute for 250.

Bars (dependencies handbook §0), for two quiet cores: D1 2,000 badges in 12 s and 250 MB a worker, D2 1,000 tagged
agendas in 45 s and their print file in 60 s more, 300 MB a worker, D3 a warm agenda in 150 ms, D4 2,000 calendars
of 12 events in 5 s of CPU. A busy machine stretches time but hardly CPU, so a bar is judged by CPU: how many things
are made in the CPU of a fixed loop, timed just before and after.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pikepdf

from exports import agendas, badges, fonts, ical
from exports.document import Document
from exports.pool import Pool, Renderer, Setup
from exports.rows import Agenda, AgendaRow, Badge
from tests.exports import samples

TEMPLATES = Path(__file__).parents[2] / "templates"
REFERENCE = 0.55  # CPU seconds of the loop on a quiet machine of 2024, for which the bars are meant
CORES = 2
FIRST_NAMES = ("Claire", "Youssef", "Marie-Hélène", "Noé", "Aminata", "Sophie", "Jean-Christophe", "Élise")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def reference() -> float:
    """CPU seconds of a fixed loop: about 0.55 on a quiet machine of 2024."""
    started, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number * number % 7
    return time.process_time() - started


@dataclass(frozen=True, slots=True)
class Bar:
    """`count` things in `seconds` of two quiet cores (`cores`), at most `peak_mb` a worker; 0: no such bar."""

    name: str
    count: int
    seconds: float
    peak_mb: int = 0
    cores: int = CORES

    @property
    def a_loop(self) -> float:
        """How many of them fit in the CPU of the reference loop."""
        return REFERENCE * self.count / (self.seconds * self.cores)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of `count` things: `cpu_s` without the start of the children."""

    count: int
    wall_s: float
    cpu_s: float
    pages: int = 0
    peak_mb: float = 0.0


def main() -> bool:
    """Print the table; whether every bar was reached."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    folder = Path(tempfile.gettempdir()) / "salon-benchmark-fonts"
    fonts.build(folder)
    setup = Setup(TEMPLATES, folder, "fr")
    start_s = _child_cpu(lambda: _started(setup))
    people, pile = [badge(i) for i in range(count)], [agenda(i) for i in range(count)]
    say(f"{count} badges and agendas, {CORES} children which take {start_s:.1f} s of CPU each to start")
    fine = [
        _judged(Bar("D1 badges, 4 on A4", 2000, 12, 250), lambda: _badges(setup, people, start_s), start_s),
        _judged(
            Bar("D2 tagged agendas, a file each", 1000, 45, 300),
            lambda: _files(setup, pile, start_s),
            start_s,
        ),
        _judged(
            Bar("D2 agendas, one print file", 1000, 60, 300), lambda: _pile(setup, pile, start_s), start_s
        ),
        _single(setup),
        _judged(Bar("D4 calendars of 12 events", 2000, 5, cores=1), lambda: _calendars(count), 0),
    ]
    return all(fine)


def _judged(bar: Bar, work: Callable[[], Cost], start_s: float) -> bool:
    before = reference()
    cost = work()
    loop = (before + reference()) / 2
    each = cost.cpu_s / cost.count
    whole = (start_s + bar.count * each / bar.cores) * REFERENCE / loop
    reached = loop / each >= bar.a_loop and cost.peak_mb <= (bar.peak_mb or cost.peak_mb)
    pages = f", {cost.pages / cost.wall_s:.1f} pages/s" if cost.pages else ""
    peak = f", peak {cost.peak_mb:.0f} MB a worker (bar {bar.peak_mb})" if bar.peak_mb else ""
    say(f"{bar.name}: {cost.count} in {cost.wall_s:.1f} s{pages}, CPU {each * 1000:.1f} ms each{peak}")
    say(
        f"    {loop / each:.1f} in a reference loop of {loop:.2f} s, bar {bar.a_loop:.1f}; {bar.count} would take"
        f" {whole:.1f} s on {bar.cores} quiet cores, bar {bar.seconds:g}: {_word(reached)}"
    )
    return reached


def _single(setup: Setup) -> bool:
    """D3 in wall time, for somebody waits for it; judged by the fastest quarter, as a busy machine stretches the rest."""
    with Renderer(setup) as renderer:
        renderer.warm_up()
        spent = []
        for number in range(40):
            started = time.perf_counter()
            renderer.document(agendas.pdf, agenda(number), brand=samples.BRAND)
            spent.append((time.perf_counter() - started) * 1000)
    quarter, middle, _rest = statistics.quantiles(spent, n=4)
    say(
        f"D3 one agenda, warm: median {middle:.0f} ms, worst {max(spent):.0f} ms; fastest quarter within"
        f" {quarter:.0f} ms, bar 150: {_word(quarter <= 150)}"
    )
    return quarter <= 150


def _word(reached: bool) -> str:
    return "reached" if reached else "MISSED"


# The work ---------------------------------------------------------------------------------------------------


def _started(setup: Setup) -> None:
    with Renderer(setup) as renderer:
        renderer.warm_up()


def _badges(setup: Setup, people: Sequence[Badge], start_s: float) -> Cost:
    return _printed(
        setup, len(people), start_s, lambda pool: [badges.bulk(people, pool, brand=samples.BRAND)]
    )


def _pile(setup: Setup, pile: Sequence[Agenda], start_s: float) -> Cost:
    return _printed(setup, len(pile), start_s, lambda pool: [agendas.bulk(pile, pool, brand=samples.BRAND)])


def _files(setup: Setup, pile: Sequence[Agenda], start_s: float) -> Cost:
    options = {"brand": samples.BRAND}
    return _printed(setup, len(pile), start_s, lambda pool: pool.documents(agendas.pdf, pile, options))


def _printed(setup: Setup, count: int, start_s: float, work: Callable[[Pool], list[Document]]) -> Cost:
    made: list[Document] = []
    pool, started, own = Pool(setup, workers=CORES), time.perf_counter(), time.process_time()
    children = _child_cpu(lambda: made.extend(work(pool)))
    wall, own = time.perf_counter() - started, time.process_time() - own
    pages = sum(_pages(document.content) for document in made)
    cpu = max(children + own - len(pool.peaks_kb) * start_s, 0.001)
    return Cost(count, wall, cpu, pages, max(pool.peaks_kb) / 1024)


def _calendars(count: int) -> Cost:
    days = [_rows(number, 12) for number in range(count)]
    wall, started = time.perf_counter(), time.process_time()
    for day in days:
        ical.calendar(day, name="x", timezone="Europe/Paris", organiser="a@b.example")
    return Cost(count, time.perf_counter() - wall, time.process_time() - started)


def _child_cpu(work: Callable[[], None]) -> float:
    """CPU seconds of the children that `work` started and ended."""
    before = os.times()
    work()
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _pages(content: bytes) -> int:
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)


# People, each with names and counterparts of their own, as at a fair of some hundred structures ---------------


def badge(number: int) -> Badge:
    code = _code(number)
    return replace(
        samples.badge(number % 3, 8),
        first_name=FIRST_NAMES[number % 8],
        last_name=f"Béranger-{_letters(number)}",
        agenda=_rows(number, 8),
        code=code,
        url=f"HTTPS://SALON.EXAMPLE/B/{code}",
    )


def agenda(number: int) -> Agenda:
    code = _code(number)
    return replace(
        samples.agenda(8),
        person=f"{FIRST_NAMES[number % 8]} Béranger-{_letters(number)}",
        rows=_rows(number, 8),
        code=code,
        url=f"HTTPS://SALON.EXAMPLE/A/{code}",
    )


def _rows(number: int, count: int) -> tuple[AgendaRow, ...]:
    return tuple(
        replace(row, counterpart=f"{row.counterpart} {(number * 13 + index * 7) % 40}")
        for index, row in enumerate(samples.rows(count))
    )


def _code(number: int) -> str:
    return f"K7QM{number:04}"


def _letters(number: int) -> str:
    """« Aab »: three letters for a number."""
    return "".join(chr(97 + number // 26**place % 26) for place in (2, 1, 0)).capitalize()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
