"""What a run is worth, as a table of the terminal; in French unless the terminal speaks English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from rich.console import Console
from rich.table import Table

from salon.shell import words
from salon.wording import plan_words

_KINDS = {
    "mutual": lambda: _("réciproques"),
    "one_sided": lambda: _("d’un seul côté"),
    "must": lambda: _("à ne pas manquer"),
    "meet": lambda: _("souhaités"),
}


def show(console: Console, title: str, result: Mapping[str, Any]) -> None:
    """The terms with their bounds and gaps, what is held of what was wished, and the distribution."""
    console.print(_terms(title, result))
    summary = result.get("summary") or {}
    for key, label in (
        ("pairs", _("Rendez-vous tenus sur souhaités")),
        ("wishes", _("Vœux servis sur émis")),
    ):
        served = ", ".join(
            _(
                "%(kind)s %(held)s sur %(asked)s",
                kind=_KINDS[kind](),
                held=words.number(held),
                asked=words.number(asked),
            )
            for kind, (held, asked) in summary.get(key, {}).items()
        )
        if served:
            _line(console, _("%(label)s : %(served)s.", label=label, served=served))
    if summary:
        _line(console, _people(summary))
        _line(console, _effort(summary, result))


def _line(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def _terms(title: str, result: Mapping[str, Any]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(_("Critère"))
    for column in (_("Plan"), _("Borne"), _("Écart")):
        table.add_column(column, justify="right")
    for term in result.get("terms", ()):
        bound, gap = term.get("bound"), term.get("gap")
        table.add_row(
            plan_words.TERMS[term["name"]](),
            _figure(term["name"], term["value"]),
            _("Non prouvé") if bound is None else _figure(term["name"], bound),
            "–" if gap is None or bound is None else words.percent(gap, 2),
        )
    return table


def _figure(name: str, value: int) -> str:
    """Fairness is a share, in thousandths; the others are counts."""
    return words.percent(value / 1000, 1) if name == "fairness" else words.number(value)


def _known(value: float | None) -> str:
    return "–" if value is None else words.number(value)


def _people(summary: Mapping[str, Any]) -> str:
    counted = sorted(tuple(pair) for pair in dict(summary["distribution"]).items())
    least, most = (counted[0][0], counted[-1][0]) if counted else (0, 0)
    return _(
        "%(people)s personnes : de %(least)s à %(most)s rendez-vous, médiane %(median)s, Gini %(gini)s ; "
        "%(breaks)s trous en tout, %(moves)s changements de table.",
        people=summary["people"],
        least=least,
        most=most,
        median=words.number(summary["median"]),
        gini=words.number(summary["gini"]),
        breaks=_known(summary["terms"].get("breaks")),
        moves=_known(summary["terms"].get("table_moves")),
    )


def _effort(summary: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    return _(
        "%(meetings)s rendez-vous en %(seconds)s s ; plan glouton du même calcul : %(baseline)s.",
        meetings=words.number(summary["meetings"]),
        seconds=_known(result.get("seconds")),
        baseline=_known(result.get("baseline_value")),
    )
