"""Files that pages fetch: fonts by their three names and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import BASE


@pytest.fixture
def fonts_of_this_machine(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    """The fonts that the tests of documents keep between runs; without a cache they are built here, in 10 s."""
    cache = getattr(pytestconfig, "cache", None)
    if cache is not None:
        (tmp_path / "fonts").symlink_to(cache.mkdir("salon-fonts"))


@pytest.mark.usefixtures("fonts_of_this_machine")
def test_fonts_are_served_though_init_never_ran(client: FlaskClient) -> None:
    for name in ("inter-400", "inter-600", "vollkorn-600"):
        answer = client.get(f"/assets/fonts/{name}.woff2", base_url=BASE)
        assert answer.status_code == 200
        assert answer.data[:4] == b"wOF2"
        assert "immutable" in answer.headers["Cache-Control"]
    for name in ("inter-400.ttf", "..%2Fsalon.sqlite", "none.woff2"):
        assert client.get(f"/assets/fonts/{name}", base_url=BASE).status_code == 404
