"""Inline one Bootstrap icon at a time: the whole sprite (1.1 MB) never leaves the server."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from markupsafe import Markup

_SYMBOL = re.compile(
    r'<symbol class="[^"]*" viewBox="(?P<box>[^"]+)" id="(?P<name>[^"]+)">(?P<body>.*?)</symbol>', re.DOTALL
)


class UnknownIcon(LookupError):
    """Raised when a template asks for a name that Bootstrap Icons does not have."""


@lru_cache(maxsize=1)
def _sprite() -> dict[str, tuple[str, str]]:
    """Each icon's view box and drawing, by name, read once from the copy Bootstrap-Flask ships."""
    source = files("flask_bootstrap") / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg"
    text = source.read_text(encoding="utf-8")
    return {found["name"]: (found["box"], found["body"]) for found in _SYMBOL.finditer(text)}


@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> Markup:
    """The drawing of a Bootstrap icon, hidden from readers: a word or an aria-label stands beside it.

    Raises
    ------
    UnknownIcon
        The name is not one of Bootstrap Icons'.
    """
    try:
        box, body = _sprite()[name]
    except KeyError:
        raise UnknownIcon(f"Bootstrap Icons has no icon named {name!r}") from None
    head = Markup('<svg class="icon{}" viewBox="{}" aria-hidden="true" focusable="false">').format(
        f" {classes}" if classes else "", box
    )
    return head + Markup(body) + Markup("</svg>")  # noqa: S704 - the package's own drawing
