"""Two charts drawn by the server as inline SVG: no script, no style, classes for pages, colours for paper."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal
from markupsafe import Markup, escape

from exports import colours
from exports.text import one_line

# Presentation attributes lose to any class of the page's stylesheet and serve where there is none (PDF).
_PLAN, _BOUND, _BAD, _GRID = colours.BRAND, "#1F5A94", "#B3261E", colours.BORDER
_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 16, 88, 42
WIDE, NARROW = 480, 290  # px: what the cards of a desk and of a phone hold


def for_every_card(draw: Callable[[int, str], Markup], ident: str) -> Markup:
    """What `draw(width, ident)` draws, wide and narrow: the stylesheet shows the one that fits, words stay 12 px."""
    wide, narrow = draw(WIDE, ident), draw(NARROW, f"{ident}-narrow")
    return Markup('<div class="chart-wide">{}</div><div class="chart-narrow">{}</div>').format(wide, narrow)


@dataclass(frozen=True, slots=True)
class TracePoint:
    """What was known `seconds` after the start: best plan and proven bound, None while there is none."""

    seconds: float
    plan: float | None
    bound: float | None


@dataclass(frozen=True, slots=True)
class ProgressWords:
    """The chart's texts in the reader's language; `summary` says it all in a sentence."""

    title: str
    summary: str
    plan: str
    bound: str
    seconds: str
    cut_axis: str = ""  # « L’échelle commence à %(start)s. »: shown when the axis does not begin at 0
    locale: str = "fr"  # how figures are written


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns seconds and values into pixels."""

    width: int
    height: int
    limit: float
    low: float
    high: float
    step: float

    def x(self, seconds: float) -> float:
        return _LEFT + (self.width - _LEFT - _RIGHT) * min(seconds / self.limit, 1)

    def y(self, value: float) -> float:
        return _TOP + (self.height - _TOP - _BOTTOM) * (self.high - value) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class _Pen:
    """How a line looks: its class, its attributes where there is no stylesheet, a dot at its end."""

    css: str
    stroke: str
    dot: bool = False


_PLAN_PEN = _Pen("chart-plan", f'stroke="{_PLAN}" stroke-width="2.5"', dot=True)
_BOUND_PEN = _Pen("chart-bound", f'stroke="{_BOUND}" stroke-width="2" stroke-dasharray="6 4"')


def progress(
    trace: Sequence[TracePoint],
    *,
    limit_seconds: float,
    words: ProgressWords,
    ident: str = "progress",
    width: int = WIDE,
    height: int = 260,
) -> Markup:
    """Plan (solid, stepped) and bound (dashed) over the run's time; what is still to come is tinted.

    Without a bound there is no line for it; an empty trace gives the frame alone.
    """
    frame = _frame(trace, limit_seconds, width, height)
    now = trace[-1].seconds if trace else 0.0
    rest = frame.x(limit_seconds) - frame.x(now)
    parts = [
        _open(width, height, ident, words.title, words.summary),
        f'<rect class="chart-rest" x="{frame.x(now):.1f}" y="{_TOP}" width="{max(rest, 0):.1f}" '
        f'height="{height - _TOP - _BOTTOM}" fill="{colours.SUNKEN}"/>',
        *_axes(frame, words),
        _line(frame, [(p.seconds, p.bound) for p in trace], now, _BOUND_PEN, words.bound, words.locale),
        _line(frame, [(p.seconds, p.plan) for p in trace], now, _PLAN_PEN, words.plan, words.locale),
        "</svg>",
    ]
    return Markup("".join(parts))  # noqa: S704 - every text in it was escaped


def _frame(trace: Sequence[TracePoint], limit: float, width: int, height: int) -> _Frame:
    """An axis of round figures around all values; from 0 when that costs the curve less than two thirds."""
    values = [v for p in trace for v in (p.plan, p.bound) if v is not None] or [0.0, 1.0]
    low, high = min(values), max(values)
    if 0 <= low <= (high - low) * 2:
        low = 0.0
    step = _round_step(((high - low) or abs(high) or 1.0) / 3)
    start, end = math.floor(low / step) * step, math.ceil(high / step) * step
    seconds = max([limit, *(p.seconds for p in trace), 0.001])
    return _Frame(width, height, seconds, start, max(end, start + step), step)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten which is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * f for f in (1, 2, 2.5, 5, 10) if power * f >= least * 0.999)


def _axes(frame: _Frame, words: ProgressWords) -> list[str]:
    parts = []
    for tick in range(round((frame.high - frame.low) / frame.step) + 1):
        value = frame.low + frame.step * tick
        y = frame.y(value)
        parts.append(
            f'<path class="chart-grid" d="M{_LEFT} {y:.1f}H{frame.x(frame.limit):.1f}" stroke="{_GRID}"/>'
            + _label(_LEFT - 8, y + 4, figure(value, words.locale), "end")
        )
    for step in range(4):
        seconds = frame.limit * step / 3
        parts.append(
            _label(
                frame.x(seconds),
                frame.height - 22,
                f"{figure(seconds, words.locale)} {words.seconds}",
                "middle",
            )
        )
    if frame.low != 0 and words.cut_axis:
        start = figure(frame.low, words.locale)
        parts.append(_label(_LEFT, frame.height - 3, words.cut_axis.replace("%(start)s", start), "start"))
    return parts


def _line(
    frame: _Frame, points: Sequence[tuple[float, float | None]], now: float, pen: _Pen, name: str, locale: str
) -> str:
    """Steps through the known points up to `now`, named at the end; nothing if nothing is known."""
    known = [(seconds, value) for seconds, value in points if value is not None]
    if not known:
        return ""
    path = f"M{frame.x(known[0][0]):.1f} {frame.y(known[0][1]):.1f}"
    path += "".join(f"H{frame.x(seconds):.1f}V{frame.y(value):.1f}" for seconds, value in known[1:])
    x, y, last = frame.x(now), frame.y(known[-1][1]), known[-1][1]
    end = f'<circle class="{pen.css}-dot" cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_PLAN}"/>' if pen.dot else ""
    below = y + 16 if pen.dot else y - 7  # plan under, bound over: they may nearly touch
    words = _label(x + 8, below, f"{one_line(name)} {figure(last, locale)}", "start", f"{pen.css}-label")
    return f'<path class="{pen.css}" d="{path}H{x:.1f}" fill="none" {pen.stroke}/>{end}{words}'


@dataclass(frozen=True, slots=True)
class BarWords:
    """The texts of a distribution."""

    title: str
    summary: str
    axis: str
    locale: str = "fr"  # how figures are written


_THINNEST, _WIDEST = 8, 44  # px a bar and the space beside it


def distribution(
    counts: Sequence[tuple[str, int]],
    *,
    below: int = 0,
    words: BarWords,
    ident: str = "distribution",
    width: int = WIDE,
    height: int = 220,
) -> Markup:
    """A bar per (label, how many), value on top; the first `below` bars, under the minimum, are marked.

    Many bars grow thinner, to keep within `width` px as long as they can be seen; values and labels that
    would touch another are left out, the highest value last.
    """
    most = max([value for _, value in counts] or [1]) or 1
    step = max(_THINNEST, min(_WIDEST, (width - 24) // max(1, len(counts))))
    gap, drawn = max(2, step // 4), max(24 + step * len(counts), 200)
    middles = [12 + step * index + (step - gap) / 2 for index in range(len(counts))]
    figures = [figure(value, words.locale) for _, value in counts]
    shown = _apart(middles, figures, sorted(range(len(counts)), key=lambda index: -counts[index][1]))
    named = _apart(middles, [label for label, _ in counts], range(len(counts)))
    room = height - 60
    parts = [_open(drawn, height, ident, words.title, words.summary)]
    for index, (label, value) in enumerate(counts):
        middle, tall = middles[index], room * value / most
        css, fill = ("chart-bar chart-bar-bad", _BAD) if index < below else ("chart-bar", _PLAN)
        parts.append(
            f'<rect class="{css}" x="{12 + step * index}" y="{24 + room - tall:.1f}" width="{step - gap}" '
            f'height="{tall:.1f}" fill="{fill}"/>'
        )
        if index in shown:
            parts.append(_label(middle, 18 + room - tall, figures[index], "middle", "chart-value"))
        if index in named:
            parts.append(_label(max(middle, _half(label)), height - 20, label, "middle"))
    parts.append(_label(drawn / 2, height - 3, words.axis, "middle"))
    return Markup("".join(parts) + "</svg>")  # noqa: S704 - every text in it was escaped


def _apart(middles: Sequence[float], texts: Sequence[str], first: Iterable[int]) -> set[int]:
    """Those of the texts, centred at `middles`, that can be read side by side, chosen in the order `first`."""
    kept: set[int] = set()
    for one in first:
        if all(abs(middles[one] - middles[k]) >= _half(texts[one]) + _half(texts[k]) + 3 for k in kept):
            kept.add(one)
    return kept


def _half(label: str) -> float:
    """About half the width of a label of 12 px, in px."""
    return 3.7 * len(label)


def figure(value: float, locale: str = "fr") -> str:
    """« 1 704 » or « 0,5 », as pages of that language print figures."""
    whole = float(value).is_integer() or abs(value) >= 100
    return str(format_decimal(value, "#,##0" if whole else "#,##0.0", locale=locale))


def _open(width: float, height: float, ident: str, title: str, summary: str) -> str:
    name = escape(ident)
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(one_line(title))}</title>'
        f'<desc id="{name}-desc">{escape(one_line(summary))}</desc>'
    )


def _label(x: float, y: float, words: str, anchor: str, css: str = "chart-label") -> str:
    return (
        f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" font-family="Inter, sans-serif" font-size="12" '
        f'text-anchor="{anchor}" fill="{colours.INK}">{escape(one_line(words))}</text>'
    )
