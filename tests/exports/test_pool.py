"""The renderer in a child: fast again after a failure, killed when slow, closed to the network."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from exports import agendas, badges
from exports.chunks import HandPress
from exports.pool import Pool, Renderer, RenderFailed, RenderTimeout
from exports.worker import Setup
from tests.exports import failing, samples
from tests.exports.conftest import texts


@pytest.fixture(scope="module")
def renderer(setup: Setup) -> Iterator[Renderer]:
    with Renderer(setup) as running:
        yield running


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_document_made_away_is_the_one_made_here(renderer: Renderer, press: HandPress) -> None:
    away = renderer.document(agendas.pdf, samples.agenda(2), brand=samples.BRAND)
    assert away == agendas.pdf(samples.agenda(2), press.env, brand=samples.BRAND, fonts=press.fonts)
    assert 0 < renderer.peak_kb < 300 * 1024


def test_the_child_lives_on_between_documents(renderer: Renderer) -> None:
    assert renderer.part(failing.pid, 1, {}) == renderer.part(failing.pid, 2, {})


def test_a_stray_print_does_no_harm(renderer: Renderer) -> None:
    assert renderer.part(failing.prints, 1, {}) == b"ok"
    assert renderer.part(failing.fine, "après", {}) == b"'apr\xc3\xa8s'"


@pytest.mark.parametrize(
    ("part", "kind"),
    [(failing.dies, "killed"), (failing.raises, "ValueError"), (failing.greedy, "MemoryError")],
)
def test_a_failure_is_named_and_the_next_document_works(renderer: Renderer, part: object, kind: str) -> None:
    with pytest.raises(RenderFailed) as caught:
        renderer.part(part, "Zoé", {})  # type: ignore[arg-type]
    assert caught.value.kind == kind
    assert renderer.part(failing.fine, 1, {}) == b"1"


def test_a_slow_document_is_killed_in_time(setup: Setup) -> None:
    with Renderer(setup, seconds=1.0) as impatient:
        child = int(impatient.part(failing.pid, 0, {}))
        started = time.monotonic()
        with pytest.raises(RenderTimeout):
            impatient.part(failing.slow, 1, {})
        assert time.monotonic() - started < 5 and not _alive(child)
        assert impatient.part(failing.fine, 1, {}) == b"1"


def test_the_child_is_recycled_and_leaves_nothing(
    setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Renderer(setup, recycle_after=2) as short:
        pids = [short.part(failing.pid, n, {}) for n in range(3)]
        assert pids[0] == pids[1] != pids[2]
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == [] and not _alive(int(pids[2]))


def test_memory_is_limited(renderer: Renderer) -> None:
    assert int(renderer.part(failing.limit, 0, {})) == 1 << 30


def test_the_network_is_out_of_reach(renderer: Renderer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()[:2]
        socket.create_connection(address, timeout=2).close()  # control: from here it answers
        said = renderer.part(failing.connects, address, {})
    if not renderer.isolated:
        pytest.skip("this system does not let a process leave its network")
    assert said != b"connected"


def test_a_pile_comes_back_in_order_with_progress(
    setup: Setup, press: HandPress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(badges, "CHUNK_PAGES", 1)
    people = [samples.badge(i % 4, 1, last_name=f"Nom{i:02}") for i in range(10)]
    steps: list[tuple[int, int]] = []
    pool = Pool(setup)
    document = badges.bulk(
        people, pool, brand=samples.BRAND, on_progress=lambda done, of: steps.append((done, of))
    )
    assert texts(document.content) == texts(badges.bulk(people, press, brand=samples.BRAND).content)
    assert steps[-1] == (3, 3) and [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert len(pool.peaks_kb) == 2


def test_singles_come_back_in_order(setup: Setup) -> None:
    people = [samples.agenda(1, person=f"Personne {i}", floor=None) for i in range(4)]
    made = Pool(setup).documents(agendas.pdf, people, {"brand": samples.BRAND})
    assert [f"Personne {i}" in texts(d.content)[0] for i, d in enumerate(made)] == [True] * 4


def test_stopping_from_the_progress_stops_the_children(setup: Setup) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, of: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        Pool(setup).run(failing.fine, [[n] for n in range(6)], {}, stop)
    with pytest.raises(RenderFailed, match="pas de page"):
        Pool(setup).run(failing.raises, [[1], [2]], {})
