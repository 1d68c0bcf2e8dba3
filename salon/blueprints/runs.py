"""Runs of the engine: ordered, followed, stopped, and what they are worth."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints import run_pages
from salon.blueprints.paging import Paging
from salon.enums import ACTIVE_RUN_STATES, RunPreset
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.planning import RunForm
from salon.models import Edition, SolverRun
from salon.queries import names
from salon.queries import runs as reads
from salon.services import audit, planning
from salon.services.planning_presets import Choice
from salon.shell.organiser import page_context
from salon.wording import describe, plan_words

bp = Blueprint("runs", __name__)
bp.context_processor(page_context)
PAGE_SIZE = 20
UNSERVED_SIZE = 50


@bp.context_processor
def words() -> dict[str, Any]:
    """The engine's names in words."""
    return {"plan_words": plan_words, "duration": run_pages.duration, "percent": run_pages.percent}


@bp.get("/o/<edition>/runs/")
def index(edition: Edition) -> ResponseReturnValue:
    """All runs, the newest first."""
    page = Paging.asked(request.args, PAGE_SIZE)
    found, total = reads.lines(db.session(), edition, g.now, page.number, page.size)
    paging = page.of(total)
    active = reads.active_number(db.session(), edition)
    return render_template("runs/index.html", lines=found, paging=paging, active=active)


@bp.get("/o/<edition>/runs/new")
def new(edition: Edition) -> ResponseReturnValue:
    """What do I want most?"""
    return _form_page(edition, RunForm())


@bp.post("/o/<edition>/runs/new")
def create(edition: Edition) -> ResponseReturnValue:
    """Order a run; the page to follow it comes next."""
    form = RunForm()
    if form.validate():
        try:
            run = planning.request_run(
                db.session(),
                g.actor,
                g.now,
                edition=edition,
                choice=form.choice(),
                time_limit_s=int(form.time_limit_s.data),
                seed=form.seed.data,
                workers=current_app.config["SALON"].solver_workers,
            )
        except DomainError as error:
            form.refuse(error)
            return _form_page(edition, form, status=error.status)
        return redirect(url_for(".detail", edition=edition.slug, run=run.number), 303)
    return _form_page(edition, form, status=422)


def _form_page(edition: Edition, form: RunForm, status: int = 200) -> ResponseReturnValue:
    kept = reads.respected(db.session(), edition)
    ready, fault = _ready(edition)
    page = render_template(
        "runs/new.html",
        form=form,
        kept=kept,
        bridge=ready.bridge if ready else None,
        fault=fault,
        changed=ready is not None and kept.last_hash not in ("", ready.hash),
        unpaired=run_pages.unpaired(ready.bridge) if ready else [],
        active=kept.active,
        form_errors=form.is_refused,
    )
    return page, status


def _ready(edition: Edition) -> tuple[planning.Prepared | None, str]:
    """The problem as of now, or why there is none, in words."""
    try:
        return planning.prepare(db.session(), edition, Choice(RunPreset.MOST_MEETINGS)), ""
    except DomainError as error:
        return None, describe(error)


@bp.get("/o/<edition>/runs/<int:run>")
def detail(edition: Edition, run: SolverRun) -> ResponseReturnValue:
    """Is it progressing? Once over, the certificate, but for the script that follows the last second."""
    live = reads.live(db.session(), run, g.now)
    polling = request.headers.get("X-Requested-With") == "salon-poll"
    if not live.is_active and not polling:
        return redirect(url_for(".result", edition=edition.slug, run=run.number))
    return render_template(
        "runs/live.html",
        run=live,
        author=reads.author(db.session(), run),
        chart=run_pages.curve(live.points, live.time_limit_s),
        events=run_pages.events(live),
        steps=run_pages.steps(live),
        action=ActionForm(),
    )


@bp.get("/o/<edition>/runs/<int:run>/progress")
def progress(edition: Edition, run: SolverRun) -> ResponseReturnValue:
    """The same as JSON."""
    return jsonify(reads.live(db.session(), run, g.now).as_json())


@bp.post("/o/<edition>/runs/<int:run>/cancel")
def cancel(edition: Edition, run: SolverRun) -> ResponseReturnValue:
    """Stop, and keep the best plan."""
    planning.request_cancel(db.session(), g.actor, g.now, run=run)
    flash(_("Le calcul s’arrête ; le meilleur plan trouvé est gardé."), "info")
    return redirect(url_for(".detail", edition=edition.slug, run=run.number), 303)


@bp.get("/o/<edition>/runs/<int:run>/result")
def result(edition: Edition, run: SolverRun) -> ResponseReturnValue:
    """The certificate: is the plan good, is it right?"""
    live = reads.live(db.session(), run, g.now)
    if live.is_active:
        return redirect(url_for(".detail", edition=edition.slug, run=run.number))
    stored = run.result or {}
    return render_template(
        "runs/result.html",
        run=live,
        author=reads.author(db.session(), run),
        seed=run.seed,
        result=stored,
        summary=stored.get("summary"),
        terms=run_pages.terms(run),
        chart=run_pages.curve(live.points, run.time_limit_s),
        bars=run_pages.bars(stored.get("summary")),
        clashes=run_pages.clashes(stored.get("conflict", ()), edition),
        people=names.delegates(db.session(), edition),
        wishes_since=reads.wishes_since_run(db.session(), run.id),
        draft=reads.draft_of(db.session(), run.id),
        action=ActionForm(),
    )


@bp.get("/o/<edition>/runs/<int:run>/unserved")
def unserved(edition: Edition, run: SolverRun) -> ResponseReturnValue:
    """The wishes without a meeting, by first reason."""
    groups = ((run.result or {}).get("summary") or {}).get("unserved", {})
    reason = request.args.get("reason", "")
    reason = reason if reason in groups else next(iter(groups), "")
    paging = Paging.asked(request.args, UNSERVED_SIZE).of(len(groups.get(reason, ())))
    return render_template(
        "runs/unserved.html",
        number=run.number,
        groups={name: len(wishes) for name, wishes in groups.items()},
        reason=reason,
        wishes=paging.cut(groups.get(reason, [])),
        paging=paging,
        people=names.delegates(db.session(), edition),
        organisations=names.organisations(db.session(), edition),
    )


@bp.post("/o/<edition>/runs/<int:run>/replay")
def replay(edition: Edition, run: SolverRun) -> ResponseReturnValue:
    """All that is needed to repeat the run elsewhere: ids and numbers, no name."""
    if run.state in ACTIVE_RUN_STATES:
        raise DomainError("no_result", number=run.number)
    session = db.session()
    audit.record(
        session, g.actor, g.now, "run_replay_downloaded", edition_id=edition.id, obj=run, number=run.number
    )
    name = f"calcul-{run.number}-{edition.slug}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(run_pages.replay_file(run), mimetype="application/json", headers=headers)
