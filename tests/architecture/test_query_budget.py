"""No page asks the store more than fifteen questions, those that compute a plan's problem included."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from salon import create_app
from salon.extensions import db
from tests.accessibility.site import Site
from tests.accessibility.test_pages import pages
from tests.conftest import BASE, Browser, make_settings
from tests.world import World

MOST = 15


@pytest.fixture(scope="module")
def site(world_file: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path, world = world_file
    folder = tmp_path_factory.mktemp("budget")
    shutil.copy(path, folder / "salon.sqlite")
    app = create_app(make_settings(folder, f"sqlite:///{folder / 'salon.sqlite'}"))
    app.test_client_class = Browser
    yield Site(app, world, 8000)
    with app.app_context():
        db.engine.dispose()


def costs(site: Site) -> dict[str, int]:
    """Statements that each page sends, by endpoint."""
    seen: list[str] = []
    with site.app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    client, found = site.app.test_client(use_cookies=False), {}
    for page in pages(site):
        name = site.app.config["SESSION_COOKIE_NAME"]
        headers = {} if page.actor == "anonymous" else {"Cookie": f"{name}={site.cookie(page.actor)}"}
        seen.clear()
        client.get(page.path, headers=headers, base_url=BASE)
        found[page.endpoint] = sum(
            not one.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")) for one in seen
        )
    return found


def over(found: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in found.items() if count > MOST}


def test_every_page_keeps_to_its_budget(site: Site) -> None:
    found = costs(site)
    assert len(found) > 90
    assert over(found) == {}
    assert {"releases.preview", "plan.meeting", "runs.new"} <= found.keys()


def test_control_one_statement_more_is_noticed() -> None:
    assert over({"public.home": MOST + 1, "releases.preview": MOST}) == {"public.home": MOST + 1}
