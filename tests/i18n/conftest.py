"""The committed catalogues, compiled for these tests: they need no `make translations` before."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from salon.web import SalonFlask
from tests.i18n.extraction import stored


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of translations as `pybabel compile` would leave it."""
    folder = tmp_path_factory.mktemp("translations")
    for locale in ("en", "fr"):
        path = folder / locale / "LC_MESSAGES" / "messages.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, stored(locale))
    return folder


@pytest.fixture
def app(app: SalonFlask, compiled: Path) -> SalonFlask:
    """The application, reading those."""
    babel = app.extensions["babel"]
    babel.translation_directories = [str(compiled)]
    with app.app_context():
        babel.instance.domain_instance.cache.clear()
    return app
