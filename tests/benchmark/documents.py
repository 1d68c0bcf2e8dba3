"""How fast and how big documents are: `python -m tests.benchmark.documents [people]`, about two minutes for 250.

Bars (dependencies handbook §0): D1 2,000 badges in 12 s and 250 MB a worker, D2 1,000 tagged agendas in 45 s and
300 MB, D3 a warm agenda in 150 ms, D4 2,000 calendars of 12 events in 5 s of CPU. A fixed loop timed in the same
run says how busy the machine was: trust ratios.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from exports import agendas, badges, fonts, ical
from exports.pool import Pool, Renderer, Setup
from tests.exports import samples

TEMPLATES = Path(__file__).parents[2] / "templates"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def reference() -> float:
    """CPU seconds of a fixed loop: about 0.55 on a quiet machine of 2024."""
    started, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number * number % 7
    return time.process_time() - started


def timed(name: str, count: int, work: Callable[[], Any], pool: Pool | None = None) -> None:
    started = time.perf_counter()
    work()
    wall = time.perf_counter() - started
    peak = f", peak {max(pool.peaks_kb) / 1024:.0f} MB a worker" if pool else ""
    say(f"{name}: {count} in {wall:.1f} s = {count / wall:.1f}/s{peak}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    folder = Path(tempfile.gettempdir()) / "salon-benchmark-fonts"
    fonts.build(folder)
    setup = Setup(TEMPLATES, folder, "fr")
    say(f"reference loop {reference():.2f} s")
    with Renderer(setup) as renderer:
        renderer.warm_up()
        spent = []
        for _ in range(20):
            started = time.perf_counter()
            renderer.document(agendas.pdf, samples.agenda(8), brand=samples.BRAND)
            spent.append(time.perf_counter() - started)
        say(
            f"D3 warm tagged agenda: median {statistics.median(spent) * 1000:.0f} ms, worst {max(spent) * 1000:.0f} ms"
        )
    pool = Pool(setup)
    people = [samples.badge(i, 8) for i in range(count)]
    timed("D1 badges, 4 on A4", count, lambda: badges.bulk(people, pool, brand=samples.BRAND), pool)
    pile = [samples.agenda(8, code=f"K{i}") for i in range(count)]
    timed(
        "D2 tagged agendas, one file each",
        count,
        lambda: pool.documents(agendas.pdf, pile, {"brand": samples.BRAND}),
        pool,
    )
    timed("D2 agendas in one print file", count, lambda: agendas.bulk(pile, pool, brand=samples.BRAND), pool)
    rows = samples.rows(12)
    calendar = {"name": "x", "timezone": "Europe/Paris", "organiser": "a@b.example"}
    timed("D4 calendars of 12 events", count, lambda: [ical.calendar(rows, **calendar) for _ in range(count)])
    say(f"reference loop {reference():.2f} s")


if __name__ == "__main__":
    main()
