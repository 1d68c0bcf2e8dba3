"""Will the plan be balanced? What people wish, who wishes nothing, who is asked too much."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from exports import charts
from salon import i18n, phases
from salon.blueprints.registrations import page_url
from salon.enums import Phase
from salon.extensions import db
from salon.models import Edition
from salon.queries import wishes_overview
from salon.queries.wishes_overview import Day, Overview
from salon.shell.organiser import page_context

bp = Blueprint("wishes", __name__)
bp.context_processor(page_context)


@bp.get("/o/<edition>/wishes/")
def index(edition: Edition) -> ResponseReturnValue:
    """The balance of the wishes."""
    seen = wishes_overview.overview(db.session(), edition)
    return render_template(
        "wishes/index.html",
        seen=seen,
        phase=phases.wishes(edition, g.now),
        Phase=Phase,
        opens_at=edition.wishes_open_at,
        closes_at=edition.wishes_close_at,
        max_wishes=edition.max_wishes,
        distribution=_distribution(seen) if seen.people else None,
        days=_days(seen) if len(seen.days) > 1 else None,
        distribution_rows=list(enumerate(seen.distribution)),
        day_rows=[(i18n.long_date(day.day), day.added, day.total) for day in seen.days],
        page_url=page_url,
    )


def _distribution(seen: Overview) -> Markup:
    summary = ngettext(
        "%(num)s personne sur %(all)s n’a fait aucun vœu.",
        "%(num)s personnes sur %(all)s n’ont fait aucun vœu.",
        seen.distribution[0],
        all=seen.people,
    )
    bars = [(str(count), people) for count, people in enumerate(seen.distribution)]
    words = charts.BarWords(_("Vœux par personne"), summary, _("nombre de vœux"))
    return charts.for_every_card(
        lambda width, ident: charts.distribution(bars, below=1, words=words, ident=ident, width=width),
        "wishes-per-person",
    )


def _days(seen: Overview) -> Markup:
    best = max(seen.days, key=lambda day: day.added)
    summary = _(
        "Le plus fort jour est le %(day)s, avec %(n)s vœux.", day=i18n.long_date(best.day), n=best.added
    )
    bars = [
        (_label(day, before), day.added) for day, before in zip(seen.days, (None, *seen.days), strict=False)
    ]
    words = charts.BarWords(_("Vœux par jour"), summary, _("jour où le vœu a été fait"))
    return charts.for_every_card(
        lambda width, ident: charts.distribution(bars, words=words, ident=ident, width=width),
        "wishes-per-day",
    )


def _label(day: Day, before: Day | None) -> str:
    """The day of the month; the first bar and the first of a month say which month."""
    if before is None or before.day.month != day.day.month:
        return i18n.short_date(day.day)
    return str(day.day.day)
