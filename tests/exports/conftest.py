"""The fonts, built once a machine, and the printers every test shares."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from jinja2 import Environment
from pypdf import PdfReader

from exports import fonts
from exports.chunks import HandPress
from exports.document import environment
from exports.fonts import FontSet
from exports.worker import Setup
from tests.conftest import font_dir

__all__ = ["font_dir"]

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="session")
def fontset(font_dir: Path) -> FontSet:
    return fonts.build(font_dir)


@pytest.fixture(scope="session")
def env() -> Environment:
    return environment(TEMPLATES, locale="fr")


@pytest.fixture(scope="session")
def press(env: Environment, fontset: FontSet) -> HandPress:
    return HandPress(env, fontset)


@pytest.fixture(scope="session")
def setup(font_dir: Path, fontset: FontSet) -> Setup:
    return Setup(TEMPLATES, font_dir, "fr")


def texts(content: bytes) -> list[str]:
    """The text of each page, spaces evened out."""
    pages = PdfReader(BytesIO(content)).pages
    return [
        " ".join(page.extract_text().replace("\u00a0", " ").replace("\u202f", " ").split()) for page in pages
    ]
