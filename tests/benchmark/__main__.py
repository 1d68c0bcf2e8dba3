"""Speed of the pages and documents that matter: `python -m tests.benchmark`, or `make bench`; about three minutes.

Fixed work, 16 connections, on the demo fair of 250 people. Each line gives requests a second, the slow tail, and
what one request costs the server in CPU; the ratio is /health's CPU over the page's in the same run, so that neither
a busy machine nor the client, which shares its two cores, moves it much. Bars: security handbook §4, P1 to P5.
Documents follow (`documents`).
"""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmark import documents
from tests.benchmark.documents import reference, say
from tests.benchmark.fair import Attendee, Fair, served
from tests.visitor import Visitor

CONNECTIONS = 16
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    fine: frozenset[int] = frozenset({200})
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one page under fixed work."""

    rate: float  # requests a second
    p50_ms: float
    p95_ms: float
    cpu_ms: float  # the server's, a request
    errors: int


def main() -> int:
    """Print the table; 1 when a ratio misses its bar or an answer was wrong."""
    say(f"reference loop {reference():.2f} s (0.55 on a quiet machine)")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), _free_port(), CONNECTIONS) as fair:
        missed = _pages(fair)
    say(f"reference loop {reference():.2f} s")
    printed = documents.main()
    return 0 if printed and not missed else 1


def _pages(fair: Fair) -> bool:
    health = measure(fair, "/health", 3000, lambda _n: Request("/health"))
    rows = [
        ("P1 agenda page", 480, 0.05, _agenda(fair)),
        ("P2 catalogue search", 320, 0.02, _search(fair)),
        ("P3 wish saved", 320, 0.015, _wish(fair)),
        ("P5 calendar feed", 480, 0.05, _feed(fair)),
        ("P5 calendar feed, unchanged", 960, 0.15, _unchanged(fair)),
    ]
    missed = False
    for name, count, bar, ask in rows:
        found = measure(fair, name, count, ask)
        ratio = health.cpu_ms / found.cpu_ms
        missed |= ratio < bar or found.errors > 0
        say(f"    ratio to /health {ratio:.3f}, bar {bar}: {'reached' if ratio >= bar else 'MISSED'}")
    return missed


def _agenda(fair: Fair) -> Callable[[int], Request]:
    return lambda n: _as(fair.readers[n], f"/e/{fair.readers[n].slug}/me/agenda")


def _search(fair: Fair) -> Callable[[int], Request]:
    return lambda n: _as(fair.wishers[n], f"/e/{fair.wishers[n].slug}/me/catalogue?q=atelier&sort=name")


def _feed(fair: Fair) -> Callable[[int], Request]:
    return lambda n: Request(f"/cal/{fair.readers[n].feed}.ics")


def _unchanged(fair: Fair) -> Callable[[int], Request]:
    tags = [_tag(fair.port, f"/cal/{one.feed}.ics") for one in fair.readers]
    return lambda n: Request(
        f"/cal/{fair.readers[n].feed}.ics", frozenset({304}), headers={"If-None-Match": tags[n]}
    )


def _wish(fair: Fair) -> Callable[[int], Request]:
    """Each person says yes and no in turn to the structure they like best."""
    bodies = [_wish_bodies(fair.port, one) for one in fair.wishers]
    turns = [0] * len(bodies)

    def ask(n: int) -> Request:
        turns[n] += 1
        one = fair.wishers[n]
        cookies, pair = bodies[n]
        path = f"/e/{one.slug}/me/wishes/{one.wished}"
        return Request(path, frozenset({303}), pair[turns[n] % 2], _cookie(cookies))

    return ask


def _wish_bodies(port: int, one: Attendee) -> tuple[dict[str, str], list[str]]:
    visitor = Visitor(port, one.cookies)
    token = visitor.tokens(f"/e/{one.slug}/me/wishes")["csrf_token"]
    values = [{"csrf_token": token, "version": "0", "level": level} for level in ("meet", "no_thanks")]
    return visitor.cookies, [urlencode(one) for one in values]


def _as(one: Attendee, path: str) -> Request:
    return Request(path, headers=_cookie(one.cookies))


def _cookie(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def _tag(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    tag = connection.getresponse().headers["ETag"]
    connection.close()
    return str(tag)


# Measuring --------------------------------------------------------------------------------------------------


def measure(fair: Fair, name: str, count: int, ask: Callable[[int], Request]) -> Figures:
    """`count` requests, shared by the connections, after a warm-up; person n has connection n."""
    _spent(fair.port, CONNECTIONS, ask)
    cpu, started = server_cpu(fair.master), time.perf_counter()
    spent, errors = _spent(fair.port, count, ask)
    wall = time.perf_counter() - started
    cpu = server_cpu(fair.master) - cpu
    tail = statistics.quantiles(spent, n=20)
    found = Figures(count / wall, statistics.median(spent) * 1e3, tail[18] * 1e3, cpu / count * 1e3, errors)
    say(
        f"{name}: {count} in {wall:.1f} s = {found.rate:.0f}/s, median {found.p50_ms:.0f} ms,"
        f" p95 {found.p95_ms:.0f} ms, server CPU {found.cpu_ms:.2f} ms each, {errors} errors"
    )
    return found


def _spent(port: int, count: int, ask: Callable[[int], Request]) -> tuple[list[float], int]:
    """Seconds of each request, and how many answers were not the right one."""
    spent: list[float] = []
    wrong: list[int] = []

    def connection(n: int) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _turn in range(count // CONNECTIONS):
            request = ask(n)
            headers = dict(request.headers)
            if request.body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            started = time.perf_counter()
            link.request("POST" if request.body is not None else "GET", request.path, request.body, headers)
            answer = link.getresponse()
            answer.read()
            spent.append(time.perf_counter() - started)
            if answer.status not in request.fine:
                wrong.append(answer.status)
        link.close()

    threads = [threading.Thread(target=connection, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spent, len(wrong) + count // CONNECTIONS * CONNECTIONS - len(spent)


def server_cpu(master: int) -> float:
    """CPU seconds that the web server's processes have used so far."""
    total = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(folder.name) == master or int(fields[1]) == master:
            total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
