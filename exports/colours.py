"""Colours of an edition and of a participant type, checked before they enter a document."""

from __future__ import annotations

import re

BRAND, INK, MUTED, CONTROL, BORDER, SUNKEN, PAPER, SAFFRON = (
    "#6B2A55", "#241C22", "#5F555B", "#857A75", "#DCD5CF", "#F2EEEA", "#FAF8F6", "#E3A12C",
)  # fmt: skip

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def checked(colour: str) -> str:
    """`colour` if it is `#rrggbb`; raises ValueError otherwise: nothing else may enter a stylesheet."""
    if not _HEX.fullmatch(colour):
        raise ValueError(f"Not a colour like #6B2A55: {colour!r}")
    return colour


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    channels = (int(checked(colour)[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_on(background: str) -> str:
    """White or ink, whichever reads better on `background`."""
    return "#FFFFFF" if contrast("#FFFFFF", background) >= contrast(INK, background) else INK


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of `other` mixed in."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def accent_for_text(accent: str) -> str:
    """`accent` darkened until small text in it reads on white (4.5)."""
    colour = checked(accent)
    while contrast(colour, "#FFFFFF") < 4.5:
        colour = mixed(colour, "#000000", 0.15)
    return colour
