"""An organiser's accent colour, turned into a palette that stays readable."""

from __future__ import annotations

import re

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
DEFAULT = "#6B2A55"
_WHITE, _INK = "#FFFFFF", "#241C22"
MIN_CONTRAST = 4.5

Rgb = tuple[float, float, float]


def is_colour(text: str) -> bool:
    """`#RRGGBB`."""
    return bool(_HEX.fullmatch(text))


def contrast(left: str, right: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    high, low = sorted((_luminance(left), _luminance(right)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str) -> str:
    """The colour, darkened until it can be text on white."""
    shade = colour
    while contrast(shade, _WHITE) < MIN_CONTRAST:
        shade = _mix(shade, "#000000", 0.08)
    return shade


def theme_css(accent: str | None) -> str:
    """The custom properties of the brand for light and dark; unknown colours fall back to our own."""
    base = readable(accent) if accent and is_colour(accent) else DEFAULT
    light = _properties(base, _mix(base, "#000000", 0.2), _mix(base, _WHITE, 0.9), _WHITE)
    pale = _mix(base, _WHITE, 0.6)
    dark = _properties(pale, _mix(pale, _WHITE, 0.4), _mix(base, "#1A1518", 0.6), _INK)
    return (
        f":root{{{light}}}\n[data-bs-theme=dark]{{{dark}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-bs-theme]){{{dark}}}}}\n"
    )


def _properties(brand: str, hover: str, soft: str, on: str) -> str:
    return f"--brand:{brand};--brand-hover:{hover};--brand-soft:{soft};--on-brand:{on}"


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _mix(colour: str, other: str, share: float) -> str:
    mixed = (
        round(255 * (a * (1 - share) + b * share)) for a, b in zip(_rgb(colour), _rgb(other), strict=True)
    )
    return "#" + "".join(f"{part:02X}" for part in mixed)
