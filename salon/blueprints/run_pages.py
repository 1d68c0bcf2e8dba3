"""What the run pages show, made from a run's figures: charts, events, criteria, clashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_percent
from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from exports import charts
from salon import i18n
from salon.models import Edition, SolverRun
from salon.queries.runs import LiveRun, Point
from salon.services.planning_presets import order_of
from salon.services.planning_problem import Bridge
from salon.shell.context import _number as number
from salon.wording import plan_words
from scheduling import io

MAX_EVENTS = 6
STEPS = ("data", "first", "improve", "verify", "done")


def percent(share: float | None) -> str:
    """`0,02 %`; two digits under one per cent, so that a small gap is not shown as none."""
    if share is None:
        return "–"
    pattern = "#,##0.00 %" if abs(share) < 0.01 else "#,##0.0 %"
    text = format_percent(share, format=pattern if i18n.locale_code() == "fr" else pattern.replace(" ", ""),
                          locale=i18n.locale_code())  # fmt: skip
    return str(text).replace("\u00a0", "\u202f")


def duration(seconds: float | None) -> str:
    """`30 s`, `2 min 05 s`."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 60:
        return _("%(s)s s", s=whole)
    return _("%(m)s min %(s)s s", m=whole // 60, s=f"{whole % 60:02d}")


# The curve --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, its sentence and its values as a table."""

    svg: Markup
    sentence: str
    rows: list[tuple[str, str, str]]


def curve(points: Sequence[Point], limit_s: int) -> Chart:
    """Plan and bound over time."""
    sentence = _curve_sentence(points)
    words = charts.ProgressWords(
        title=_("Progression"),
        summary=sentence,
        plan=_("Plan"),
        bound=_("Borne"),
        seconds=_("s"),
        cut_axis=_("L’échelle commence à %(start)s.", start="%(start)s"),
        locale=i18n.locale_code(),
    )
    trace = [charts.TracePoint(point.seconds, point.incumbent, point.bound) for point in points]
    rows = [(duration(p.seconds), number(p.incumbent), number(p.bound)) for p in points]
    svg = charts.for_every_card(
        lambda width, ident: charts.progress(
            trace, limit_seconds=limit_s, words=words, ident=ident, width=width
        ),
        "progress",
    )
    return Chart(svg, sentence, rows)


def _curve_sentence(points: Sequence[Point]) -> str:
    last = points[-1] if points else None
    if last is None or last.incumbent is None:
        return _("Pas encore de plan complet.")
    if last.bound is None:
        return _("Le plan vaut %(plan)s ; aucune borne n’est prouvée.", plan=number(last.incumbent))
    if last.bound == last.incumbent:
        return _("Le plan vaut %(plan)s et aucun ne peut valoir plus.", plan=number(last.incumbent))
    return _(
        "Le plan vaut %(plan)s ; aucun plan ne peut dépasser %(bound)s.",
        plan=number(last.incumbent),
        bound=number(last.bound),
    )


def events(run: LiveRun) -> list[tuple[str, str]]:
    """What happened, the latest first: `(time, sentence)`."""
    found: list[tuple[str, str]] = []
    before: Point | None = None
    for point in run.points:
        if point.incumbent is not None and (before is None or before.incumbent is None):
            sentence = ngettext(
                "Premier plan complet : %(num)s rendez-vous",
                "Premier plan complet : %(num)s rendez-vous",
                point.meetings,
            )
            found.append((duration(point.seconds), sentence))
        elif before is not None and point.incumbent is not None and point.incumbent > (before.incumbent or 0):
            found.append((duration(point.seconds), _gain(point)))
        elif point.bound is not None and before is not None and before.bound is None:
            found.append((duration(point.seconds), _("Borne prouvée : %(bound)s", bound=number(point.bound))))
        before = point
    return found[::-1][:MAX_EVENTS]


def _gain(point: Point) -> str:
    return ngettext(
        "%(num)s rendez-vous, valeur %(value)s",
        "%(num)s rendez-vous, valeur %(value)s",
        point.meetings,
        value=number(point.incumbent),
    )


def steps(run: LiveRun) -> list[tuple[str, str]]:
    """The five steps with their state."""
    at = STEPS.index(run.step) if run.step in STEPS else 0
    broken = not run.is_active and bool(run.error)
    states = [
        "done" if n < at or run.step == "done" else "current" if n == at else "coming" for n in range(5)
    ]
    if broken:
        states[at] = "failed"
    return [(plan_words.STEPS[name](), state) for name, state in zip(STEPS, states, strict=True)]


# The certificate --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of the certificate."""

    rank: int | None  # None: reported, not optimised
    name: str
    title: str
    fact: str
    value: str
    bound: str
    gap: float | None
    is_optimal: bool
    is_proven: bool
    proof: str


_PROOFS = {
    "linear relaxation, duals evaluated exactly": lambda: _("relaxation linéaire, prix évalués exactement"),
    "linear relaxation, duals evaluated exactly, given the terms ranked before": lambda: _(
        "relaxation linéaire, prix évalués exactement, à critères précédents égaux"
    ),
    "nobody called a meeting a must": lambda: _("personne n’a de rendez-vous à ne pas manquer"),
    "exhaustive search, given the terms ranked before": lambda: _(
        "recherche exhaustive, à critères précédents égaux"
    ),
    "no plan can have fewer than none": lambda: _("on ne peut pas descendre sous zéro"),
}


def terms(run: SolverRun) -> list[Criterion]:
    """Every term in the organiser's order; a run that was broken off has values and no bound."""
    stored = run.result or {}
    summary = stored.get("summary")
    if not summary:
        return []
    proven = {term["name"]: term for term in stored.get("terms", ())}
    order = order_of(run.weights)
    names = [*order, *(name for name in plan_words.TERMS if name not in order and name in summary["terms"])]
    return [
        _criterion(str(name), n + 1 if n < len(order) else None, proven.get(str(name), {}), summary)
        for n, name in enumerate(names)
    ]


def _criterion(name: str, rank: int | None, term: Mapping[str, Any], summary: Mapping[str, Any]) -> Criterion:
    value, bound = summary["terms"][name], term.get("bound")
    return Criterion(
        rank=rank,
        name=name,
        title=plan_words.TERMS[name](),
        fact=_fact(name, value, summary),
        value=_figure(name, value),
        bound="–" if bound is None else _figure(name, bound),
        gap=term.get("gap") if bound is not None else None,
        is_optimal=bound is not None and bound == value,
        is_proven=bound is not None,
        proof=_PROOFS[term["proof"]]() if term.get("proof") in _PROOFS else "",
    )


def _figure(name: str, value: int) -> str:
    return percent(value / 1000) if name == "fairness" else number(value)


def _fact(name: str, value: int, summary: Mapping[str, Any]) -> str:
    people = max(1, summary["people"])
    if name == "must_meets":
        held, asked = summary["wishes"]["must"]
        return ngettext(
            "%(held)s vœu servi sur %(num)s", "%(held)s vœux servis sur %(num)s", asked, held=held
        )
    if name == "min_shortfall":
        short = len(summary["below"])
        return ngettext("%(num)s personne concernée", "%(num)s personnes concernées", short)
    if name == "fairness":
        return _("part de leurs vœux obtenue par le dixième le moins bien servi")
    if name in ("breaks", "table_moves"):
        return _("%(mean)s par personne", mean=_mean(value / people))
    return _("plus haut est mieux")


def _mean(value: float) -> str:
    return f"{value:.1f}".replace(".", "," if i18n.locale_code() == "fr" else ".")


def bars(summary: Mapping[str, Any] | None) -> Chart | None:
    """How many people have how many meetings; those under some minimum are counted apart, by name."""
    if not summary or not summary["distribution"]:
        return None
    counted = dict(summary["distribution"])
    span = range(min(counted), max(counted) + 1)
    below = sum(n < _least_minimum(summary) for n in span)
    sentence = _(
        "Médiane %(median)s rendez-vous par personne, indice de Gini %(gini)s.",
        median=number(summary["median"]),
        gini=f"{summary['gini']:.2f}".replace(".", "," if i18n.locale_code() == "fr" else "."),
    )
    words = charts.BarWords(
        _("Répartition"), sentence, _("rendez-vous par personne"), locale=i18n.locale_code()
    )
    heights = [(str(n), counted.get(n, 0)) for n in span]
    svg = charts.for_every_card(
        lambda width, ident: charts.distribution(heights, below=below, words=words, ident=ident, width=width),
        "distribution",
    )
    rows = [(str(n), number(counted.get(n, 0)), "") for n in span]
    return Chart(svg, sentence, rows)


def _least_minimum(summary: Mapping[str, Any]) -> int:
    """The lowest minimum somebody misses, or 0: every bar under it holds people below their minimum."""
    return int(min([minimum for _who, _held, minimum in summary["below"]], default=0))


_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "exclusions": ("exclusions.index",),
    "mandatory": ("mandatory.index",),
    "pins": ("plan.index",),
    "types": ("settings.types",),
    "hard_minimum": ("settings.types",),
    "maximum": ("settings.types",),
    "maximum_per_day": ("settings.types",),
    "availability": ("registrations.index",),
    "no_thanks": ("wishes.index",),
    "table_once": ("room.index",),
    "stand": ("room.index",),
    "step_free": ("room.index",),
    "person_once": ("settings.days",),
}


def clashes(rules: Iterable[str], edition: Edition) -> list[tuple[str, str]]:
    """The rules that cannot all hold, each with the page where it can be loosened, if there is one."""
    found = []
    for rule in rules:
        known = [page for page in _SETTINGS.get(rule, ()) if page in current_app.view_functions]
        found.append((plan_words.RULES[rule](), url_for(known[0], edition=edition.slug) if known else ""))
    return found


def unpaired(bridge: Bridge) -> list[tuple[str, int]]:
    """Wishes that no run can serve, by reason in words."""
    reasons = Counter(one.reason for one in bridge.asked if one.reason is not None)
    return [(plan_words.REASONS[reason](), count) for reason, count in reasons.most_common()]


def replay_file(run: SolverRun) -> str:
    """Problem, settings and answer as one JSON object for `python -m scheduling`."""
    answer = {key: value for key, value in (run.result or {}).items() if key not in ("bridge", "summary")}
    content = {
        "problem": io.decode(run.problem),
        "settings": {
            "seed": run.seed, "time_limit": run.time_limit_s, "workers": run.workers,
            "versions": run.versions,
        },
        "answer": answer,
        "meetings": None if run.partial is None else io.decode(run.partial),
    }  # fmt: skip
    return io.encode(content)
