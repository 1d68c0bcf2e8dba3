"""The organiser's editions: the list, a new one, a copy, and each one's home."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints.attempts import attempt, status
from salon.extensions import db
from salon.forms.edition import DuplicateForm, NewEditionForm
from salon.models import Edition
from salon.policies import editions as policy
from salon.queries import checklist, editions, journal
from salon.services import duplication
from salon.services import editions as edition_services
from salon.services.duplication import CopyInput
from salon.shell import home as words
from salon.shell import todo
from salon.shell.organiser import page_context
from salon.shell.retention import announcement
from salon.shell.words import link
from salon.wording.journal import sentence

bp = Blueprint("organiser", __name__)
bp.context_processor(page_context)

_LATEST = 5  # journal lines on the home page


@bp.get("/o/")
def index() -> ResponseReturnValue:
    """The editions that the person manages."""
    mine = editions.managed(db.session(), g.actor)
    return render_template("organiser/index.html", editions=mine, can_create=policy.can_create(g.actor))


@bp.get("/o/new")
def new() -> ResponseReturnValue:
    """What it takes to begin."""
    return _show_new(NewEditionForm())


@bp.post("/o/new")
def create() -> ResponseReturnValue:
    """A new edition, then the first step of its settings."""
    form = NewEditionForm()
    form.offer()
    made: list[Edition] = []

    def act() -> None:
        made.append(edition_services.create(db.session(), g.actor, g.now, values=form.value()))

    if not attempt(form, act):
        return _show_new(form), status()
    flash(_("Édition créée. Elle reste invisible du public tant que vous ne publiez pas sa page."), "ok")
    return redirect(url_for("settings.identity", edition=made[0].slug), 303)


def _show_new(form: NewEditionForm) -> str:
    form.offer()
    past = editions.managed(db.session(), g.actor)
    return render_template("organiser/new.html", form=form, past=past, form_errors=form.is_refused)


@bp.get("/o/<edition>/duplicate")
def duplicate(edition: Edition) -> ResponseReturnValue:
    """What the next edition is called and when it begins."""
    later = edition.first_day + timedelta(days=364)  # the same day of the week
    return _show_duplicate(DuplicateForm(name=edition.name, first_day=later))


@bp.post("/o/<edition>/duplicate")
def copy(edition: Edition) -> ResponseReturnValue:
    """A copy without any person, then the first step of its settings."""
    form = DuplicateForm()
    made: list[Edition] = []

    def act() -> None:
        values = CopyInput(form.name.data or "", form.first_day.data)
        made.append(duplication.duplicate(db.session(), g.actor, g.now, source=edition, values=values))

    if not attempt(form, act):
        return _show_duplicate(form), status()
    flash(_("Édition créée à partir de « %(name)s ».", name=edition.name), "ok")
    return redirect(url_for("settings.identity", edition=made[0].slug), 303)


def _show_duplicate(form: DuplicateForm) -> str:
    return render_template("organiser/duplicate.html", form=form, form_errors=form.is_refused)


@bp.get("/o/<edition>/")
def home(edition: Edition) -> ResponseReturnValue:
    """Where the edition stands and what comes next."""
    session, can_edit = db.session(), policy.can_edit(g.actor, edition.id)
    found = checklist.facts(session, edition)
    below = checklist.below_minimum(session, edition) if found.draft else (0, ())
    steps = words.step_lines(found, edition, g.now, checklist.steps(found, edition, g.now), can_edit=can_edit)
    return render_template(
        "organiser/home.html",
        subtitle=edition.subtitle,
        place=edition.place,
        countdown=words.countdown(edition, g.now),
        figures=words.figures(found, edition),
        steps=steps,
        done=sum(step.state == "done" for step in steps),
        todos=todo.todos(found, edition, g.now, below) if can_edit else (),
        journal=[(line.at, sentence(line)) for line in journal.latest(session, edition, _LATEST)],
        journal_url=link(edition, "journal.index"),
        stopped=todo.stopped_since(found, g.now),
        waiting=todo.waiting_mail(found, g.now),
        retention=announcement(edition, g.now, found.known),
        is_new=edition.set_up_step <= 1 and not edition.is_public,
        duplicate_url=link(edition, "organiser.duplicate"),
        public_url=url_for("public.edition", edition=edition.slug),
    )
