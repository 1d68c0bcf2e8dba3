"""Salon's mark, drawn: two half-discs facing each other across a table, seen from above."""

from __future__ import annotations

from exports import colours

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">'
    f'<rect width="32" height="32" rx="8" fill="{colours.BRAND}"/>'
    '<path fill="#fff" d="M11.2 10v12a6 6 0 0 1 0-12zM20.8 10v12a6 6 0 0 0 0-12z"/>'
    f'<rect x="13" y="6" width="6" height="20" rx="3" fill="{colours.SAFFRON}"/></svg>'
).encode()


def assets(logo: bytes | None) -> dict[str, bytes]:
    """The picture beside the edition's name: the organiser's logo, else Salon's mark."""
    return {"mark.svg": MARK} if logo is None else {"logo.png": logo}


def name(logo: bytes | None) -> str:
    return "mark.svg" if logo is None else "logo.png"
