"""Step 6, second half: the organiser's own questions."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints.settings import bp
from salon.blueprints.settings.saving import form_page, saved, seen_of
from salon.extensions import db
from salon.forms.texts import QuestionForm
from salon.models import Edition, Question
from salon.services import questions as services


@bp.get("/o/<edition>/settings/questions/new")
def new_question(edition: Edition) -> ResponseReturnValue:
    """An empty question."""
    return _show(QuestionForm(), None)


@bp.post("/o/<edition>/settings/questions/new")
def add_question(edition: Edition) -> ResponseReturnValue:
    """One more question."""
    return _save(edition, None)


@bp.get("/o/<edition>/settings/questions/<int:question>")
def edit_question(edition: Edition, question: Question) -> ResponseReturnValue:
    """The stored question in its form."""
    return _show(QuestionForm(data=QuestionForm.data_of(question)), question)


@bp.post("/o/<edition>/settings/questions/<int:question>")
def save_question(edition: Edition, question: Question) -> ResponseReturnValue:
    """The question as typed."""
    return _save(edition, question)


def _save(edition: Edition, existing: Question | None) -> ResponseReturnValue:
    form = QuestionForm()

    def act() -> None:
        services.save_question(
            db.session(),
            g.actor,
            g.now,
            edition=edition,
            values=form.value(),
            existing=existing,
            seen=seen_of(form, existing),
        )

    return saved(form, act, lambda: _show(form, existing), _list_url(edition))


def _show(form: QuestionForm, existing: Question | None) -> str:
    answers = services.answers(db.session(), existing) if existing else 0
    stored = QuestionForm.data_of(existing) if existing else None
    return form_page("settings/question.html", form, existing, stored, answers=answers)


@bp.post("/o/<edition>/settings/questions/<int:question>/move")
def move_question(edition: Edition, question: Question) -> ResponseReturnValue:
    """One place up or down."""
    up = request.form.get("to") == "up"
    services.move(db.session(), g.actor, g.now, edition=edition, question=question, up=up)
    return _back(edition)


@bp.post("/o/<edition>/settings/questions/<int:question>/archive")
def archive_question(edition: Edition, question: Question) -> ResponseReturnValue:
    """Asked no more, or again."""
    away = request.form.get("to") != "back"
    services.archive(db.session(), g.actor, g.now, edition=edition, question=question, away=away)
    flash(_("Question archivée.") if away else _("Question rétablie."), "ok")
    return _back(edition)


@bp.post("/o/<edition>/settings/questions/<int:question>/delete")
def delete_question(edition: Edition, question: Question) -> ResponseReturnValue:
    """Gone, when nobody answered it."""
    services.delete_question(db.session(), g.actor, g.now, edition=edition, question=question)
    flash(_("Question supprimée."), "ok")
    return _back(edition)


def _back(edition: Edition) -> ResponseReturnValue:
    return redirect(_list_url(edition), 303)


def _list_url(edition: Edition) -> str:
    return url_for(".texts", edition=edition.slug) + "#questions"
