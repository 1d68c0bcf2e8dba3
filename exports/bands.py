"""The coloured band of a participant type: colour, letter, word and a pattern which survives a grey print."""

from __future__ import annotations

from exports import colours
from exports.rows import Pattern, TypeBand

LETTER_SHARE = 0.195  # of the band's width: 18 of 93 mm


def letter_cell(band: TypeBand) -> str:
    """The colour behind the letter: darker than the band, or lighter on very dark and on bright hues."""
    light = colours.luminance(band.hue)
    if light < 0.015:
        return colours.mixed(band.hue, "#FFFFFF", 0.2)
    if light > 0.75:
        return colours.mixed(band.hue, colours.INK, 0.12)
    return (
        colours.mixed(band.hue, "#FFFFFF", 0.35) if light > 0.35 else colours.mixed(band.hue, "#000000", 0.2)
    )


def pattern_width(pattern: Pattern, height: float) -> float:
    """How much of the band's right end the pattern takes, in mm; ≤ 26 as designed for a band 18 high."""
    shares = {Pattern.HATCH: 26 / 18, Pattern.DOTS: 25 / 18, Pattern.BARS: 12 / 18}
    return shares.get(pattern, 0.0) * height


def svg(band: TypeBand, width: float, height: float, *, radius: float = 3.0, letter: float = 18.0) -> bytes:
    """The band of `width` × `height` mm without its words; units are mm."""
    outlined = band.pattern is Pattern.OUTLINE
    inset = 0.25 if outlined else 0.0
    size = f'width="{width - 2 * inset:g}" height="{height - 2 * inset:g}"'
    box = f'x="{inset}" y="{inset}" {size} rx="{radius:g}"'
    edge = f'<rect {box} fill="none" stroke="{colours.INK}" stroke-width="0.5"/>' if outlined else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}"><rect {box} fill="{band.hue}"/>'
        f'<path fill="{letter_cell(band)}" d="{_letter_path(letter, height, radius, inset)}"/>'
        f"{_pattern(band, width, height, radius)}{edge}</svg>"
    ).encode()


def _letter_path(letter: float, height: float, radius: float, inset: float) -> str:
    """The left end: rounded on the band's side, straight on the other."""
    top, bottom, left = inset, height - inset, inset
    return (
        f"M{letter:g} {top:g}V{bottom:g}H{left + radius:g}Q{left:g} {bottom:g} {left:g} {bottom - radius:g}"
        f"V{top + radius:g}Q{left:g} {top:g} {left + radius:g} {top:g}z"
    )


def _pattern(band: TypeBand, width: float, height: float, radius: float) -> str:
    drawers = {Pattern.HATCH: _hatch, Pattern.DOTS: _dots, Pattern.BARS: _bars}
    drawer = drawers.get(band.pattern)
    return drawer(band.text_colour, width, height, radius) if drawer else ""


def _hatch(colour: str, width: float, height: float, radius: float) -> str:
    """Oblique strokes, cut to stay inside the band (no clip path: some printers drop them)."""
    step, start, end = height / 4.5, width - pattern_width(Pattern.HATCH, height), width - radius * 0.3
    parts: list[str] = []
    x = start
    while x < end + height:
        low_x, high_x = max(start, x - height), min(x, end)
        if low_x < high_x:  # the stroke y = x - t runs from bottom left to top right
            parts.append(f"M{low_x:.2f} {x - low_x:.2f}L{high_x:.2f} {x - high_x:.2f}")
        x += step
    inner = "".join(parts)
    thick = f'stroke-width="{height * 0.085:.2f}"'
    return f'<path d="{inner}" stroke="{colour}" stroke-opacity=".4" {thick} fill="none"/>'


def _dots(colour: str, width: float, height: float, radius: float) -> str:
    start, step, size = width - pattern_width(Pattern.DOTS, height), height / 4.5, height * 0.047
    dots = "".join(
        f"M{start + step * (i + 0.5):.2f} {step * (j + 0.75):.2f}h.01" for i in range(6) for j in range(4)
    )
    return f'<path d="{dots}" stroke="{colour}" stroke-width="{2 * size:.2f}" stroke-linecap="round"/>'


def _bars(colour: str, width: float, height: float, radius: float) -> str:
    start, step = width - pattern_width(Pattern.BARS, height), height * 0.2
    bars = "".join(f"M{start + step * i:.2f} .5v{height - 1:.2f}" for i in range(3))
    thick = f'stroke-width="{height * 0.06:.2f}"'
    return f'<path d="{bars}" stroke="{colour}" stroke-opacity=".55" {thick}/>'
