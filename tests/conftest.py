"""Real parts for every test: a migrated database of its own, the real application, a fixed clock."""

from __future__ import annotations

import contextvars
import fcntl
import os
import secrets
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, scoped_session

from salon import create_app
from salon.config import Settings, load_settings
from salon.extensions import db
from salon.models import Account
from salon.services import sessions
from salon.web import SalonFlask
from tests.compiled import Templates, remember_rules
from tests.factories import Factory

NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
SECRET = secrets.token_urlsafe(48)
BASE = "http://127.0.0.1:8000"
SalonFlask.jinja_options = {**SalonFlask.jinja_options, "bytecode_cache": Templates()}
remember_rules()
POSTGRES = os.environ.get("SALON_TEST_DATABASE_URL", "")  # a server URL; each test gets a database of its own


def make_settings(instance: Path, database_url: str, **overrides: object) -> Settings:
    return load_settings(
        instance, secret_key=SECRET, database_url=database_url, queue_url="memory:", testing=True, **overrides
    )


def migrate(settings: Settings) -> None:
    from flask_migrate import upgrade

    app = create_app(settings)
    with app.app_context():
        upgrade()
        db.engine.dispose()


def _on_server(statement: str) -> None:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _database_named(name: str) -> str:
    return POSTGRES.rsplit("/", 1)[0] + "/" + name


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database to copy: a SQLite path, or the name of a PostgreSQL template."""
    folder = tmp_path_factory.mktemp("template")
    if not POSTGRES:
        path = folder / "template.sqlite"
        migrate(make_settings(folder, f"sqlite:///{path}"))
        yield str(path)
        return
    name = f"salon_template_{uuid.uuid4().hex[:8]}"
    _on_server(f"CREATE DATABASE {name}")
    migrate(make_settings(folder, _database_named(name)))
    yield name
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(migrated: str, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database."""
    with fresh_database(migrated, tmp_path) as url:
        yield url


@contextmanager
def fresh_database(migrated: str, folder: Path) -> Iterator[str]:
    """A copy of the template, gone with the block: a file in the folder, or a database of the server."""
    if not POSTGRES:
        path = folder / "salon.sqlite"
        shutil.copy(migrated, path)
        yield f"sqlite:///{path}"
        return
    name = f"salon_test_{uuid.uuid4().hex[:12]}"
    _on_server(f"CREATE DATABASE {name} TEMPLATE {migrated}")
    yield _database_named(name)
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return make_settings(tmp_path, database_url)


@pytest.fixture(scope="session")
def font_dir(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fonts of an instance; kept between runs, for making them takes ten seconds."""
    from exports import fonts

    cache = getattr(pytestconfig, "cache", None)  # absent under -p no:cacheprovider
    folder = Path(cache.mkdir("salon-fonts")) if cache else tmp_path_factory.mktemp("fonts")
    with (folder / "lock").open("w") as lock:  # of several test processes one makes them, the others wait
        fcntl.flock(lock, fcntl.LOCK_EX)
        fonts.build(folder)
    return folder


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A SQLite file with one of everything, and what is in it (see `tests.world`); copy it, never write to it."""
    from tests import world

    return world.built(tmp_path_factory.mktemp("world"))


class Browser(FlaskClient):
    """A client whose requests see nothing of the test's own application context, as in a server."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return contextvars.Context().run(lambda: super(Browser, self).open(*args, **kwargs))


@pytest.fixture
def app(settings: Settings) -> Iterator[SalonFlask]:
    app = create_app(settings)
    app.test_client_class = Browser
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: SalonFlask) -> Iterator[scoped_session[Session]]:
    """The application's own session, inside a context; commit to let a client see what was built."""
    with app.app_context():
        yield db.session  # type: ignore[misc]
        db.session.rollback()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make(session: Session) -> Factory:
    """Builds real rows, flushed."""
    return Factory(session, NOW)


@pytest.fixture
def client(app: SalonFlask) -> FlaskClient:
    """An anonymous browser without CSRF (tests of the token make their own)."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def sign_in(client: FlaskClient, account: Account, *, strong: bool = True) -> None:
    """Open a session for the account in that browser, as the sign-in page would; commits."""
    secret = sessions.open_session(db.session, datetime.now(UTC), account, strong=strong)  # type: ignore[arg-type]
    db.session.commit()
    with client.session_transaction(base_url=BASE) as cookie:  # a cookie belongs to one host
        cookie["sid"] = secret
