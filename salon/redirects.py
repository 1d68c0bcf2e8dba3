"""Where to go next, when the address to go to came from outside: this site only."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_local(target: str) -> bool:
    """A path of this site: one leading slash, no scheme, no host, nothing a browser would read as one."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return False
    if any(ord(c) <= 0x20 or ord(c) == 0x7F for c in target):
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def local_or(target: str | None, fallback: str) -> str:
    """The target when it is a path of this site, else the fallback."""
    return target if target and is_local(target) else fallback
