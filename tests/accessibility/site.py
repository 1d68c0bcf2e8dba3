"""A real server on the world's fair, and real browsers signed in as its people."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright
from werkzeug.serving import make_server

from salon import create_app
from salon.extensions import db
from salon.models import Account
from salon.services import sessions
from salon.web import SalonFlask
from tests.conftest import make_settings
from tests.world import World


@dataclass(slots=True)
class Site:
    """A running application."""

    app: SalonFlask
    world: World
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cookie(self, actor: str) -> str:
        """The session cookie of a person of the world."""
        if actor not in self.cookies:
            self.cookies[actor] = self._signed_in(actor)
        return self.cookies[actor]

    def _signed_in(self, actor: str) -> str:
        with self.app.app_context():
            account = db.session.get_one(Account, self.world.accounts[actor])
            secret = sessions.open_session(db.session, datetime.now(UTC), account, strong=True)  # type: ignore[arg-type]
            db.session.commit()
            db.session.remove()
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        return str(serializer.dumps({"sid": secret}))

    def context(
        self, browser: Browser, actor: str, *, width: int, locale: str = "fr", **options: Any
    ) -> BrowserContext:
        """A browser window of that width, signed in as that person; `anonymous` is nobody."""
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=locale, reduced_motion="reduce", **options
        )
        if actor != "anonymous":
            name = self.app.config["SESSION_COOKIE_NAME"]
            context.add_cookies([{"name": name, "value": self.cookie(actor), "url": self.base}])
        return context


@contextmanager
def running(world_file: tuple[Path, World], folder: Path, fonts: Path) -> Iterator[Site]:
    """The application on a copy of the world, served by a thread on a free port."""
    path, world = world_file
    shutil.copy(path, folder / "salon.sqlite")
    (folder / "fonts").symlink_to(fonts)
    settings = make_settings(folder, f"sqlite:///{folder / 'salon.sqlite'}")
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(app, world, server.server_port)
    finally:
        server.shutdown()
        thread.join(timeout=10)
        with app.app_context():
            db.engine.dispose()


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium, or the one that the variable names."""
    found = os.environ.get("SALON_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])


class Complaints:
    """What a page says to its console: errors, refused styles and scripts, failed requests."""

    def __init__(self, page: Page) -> None:
        self.heard: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(f"console: {message.text[:300]}")

    def taken(self) -> list[str]:
        heard, self.heard = self.heard, []
        return heard
