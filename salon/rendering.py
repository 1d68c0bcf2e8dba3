"""PDFs made beside the web server: one child per language, one document at a time, within seconds.

document = rendering.document(agendas.pdf, agenda, locale="fr", brand=brand)
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, current_app

from exports.document import Document
from exports.pool import Pool, Renderer, RenderFailed, Setup
from salon.errors import Busy
from salon.i18n import LOCALES
from salon.resources import template_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

log = structlog.get_logger()
WAIT_S = 20.0  # for one's turn; then the page says to try again
QUEUE = 6  # requests of one process that may wait for a document; the others must still answer pages
_KEY = "salon_renderers"


def setup(app: Flask, locale: str) -> Setup:
    """What a child of this installation needs to print in a language."""
    spoken = locale if locale in LOCALES else LOCALES[0]
    translations = Path(__file__).parent / "translations"
    fonts = Path(app.config["SALON"].instance) / "fonts"
    return Setup(template_dir(), fonts, spoken, translations if translations.is_dir() else None)


def pool(app: Flask, locale: str) -> Pool:
    """Children for a pile, as many as the machine was given for slow work."""
    return Pool(setup(app, locale), workers=max(1, min(4, app.config["SALON"].solver_workers)))


def document(function: Callable[..., Document], subject: Any, *, locale: str, **options: Any) -> Document:
    """`function(subject, env, fonts=…, **options)` made in the child of this process.

    Raises `Busy`: too many are waiting, or the document could not be made (the log says why).
    """
    renderers = _renderers(current_app)
    with renderers.turn():
        try:
            return renderers.of(locale).document(function, subject, **options)
        except RenderFailed as failure:
            log.error("render_failed", kind=failure.kind, detail=str(failure)[:300])
            raise Busy("render_failed") from failure


class _Renderers:
    """The children of one process, started when first needed."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._places = threading.BoundedSemaphore(QUEUE)
        self._turn = threading.Lock()
        self._made: dict[str, Renderer] = {}

    @contextmanager
    def turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy("render_busy")
        try:
            if not self._turn.acquire(timeout=WAIT_S):
                raise Busy("render_busy")
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def of(self, locale: str) -> Renderer:
        wanted = setup(self._app, locale)
        if wanted.locale not in self._made:
            self._made[wanted.locale] = Renderer(wanted)
        return self._made[wanted.locale]

    def close(self) -> None:
        for renderer in self._made.values():
            renderer.close()
        self._made.clear()


def _renderers(app: Flask) -> _Renderers:
    made: _Renderers = app.extensions.setdefault(_KEY, _Renderers(app))
    return made


def close(app: Flask) -> None:
    """No child is left; the next document starts a new one. For tests and for the end of a process."""
    if _KEY in app.extensions:
        app.extensions[_KEY].close()
