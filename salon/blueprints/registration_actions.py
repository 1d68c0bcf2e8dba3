"""Decisions on registrations, one by one or many at once, and acting at somebody's place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.blueprints.registrations import bp, page_url
from salon.enums import DelegateStatus
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.registrations import DecisionForm, ReasonForm
from salon.models import Delegate, Edition
from salon.numbers import read_numbers
from salon.queries import registrations as lists
from salon.queries.registration_meetings import scheduled_count
from salon.services import impersonation, registrations
from salon.wording import describe


@dataclass(frozen=True, slots=True)
class Decision:
    """A step that has a page of its own because it cannot simply be undone."""

    verb: Callable[..., object]
    needs_reason: bool
    title: Callable[[], str]
    button: Callable[[], str]
    done: Callable[[int], str]
    tells: Callable[[], str]


DECISIONS: Mapping[str, Decision] = {
    "refuse": Decision(
        registrations.refuse,
        True,
        lambda: _("Refuser l’inscription"),
        lambda: _("Refuser"),
        lambda n: ngettext("%(num)s inscription refusée.", "%(num)s inscriptions refusées.", n),
        lambda: _("La personne reçoit un message avec la raison que vous écrivez."),
    ),
    "cancel": Decision(
        registrations.cancel,
        True,
        lambda: _("Annuler l’inscription"),
        lambda: _("Annuler l’inscription"),
        lambda n: ngettext("%(num)s inscription annulée.", "%(num)s inscriptions annulées.", n),
        lambda: _("La personne reçoit un message avec la raison que vous écrivez."),
    ),
    "withdraw": Decision(
        registrations.withdraw,
        False,
        lambda: _("Désister"),
        lambda: _("Enregistrer le désistement"),
        lambda n: ngettext("%(num)s désistement enregistré.", "%(num)s désistements enregistrés.", n),
        lambda: _("À choisir quand la personne vous a dit qu’elle ne viendrait pas."),
    ),
}


def _back(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    return redirect(url_for("registrations.detail", edition=edition.slug, delegate=delegate.id), 303)


@bp.post("/o/<edition>/registrations/<int:delegate>/approve")
def approve(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """Validate, or bring back somebody who had left."""
    registrations.approve(db.session(), g.actor, g.now, delegate=delegate)
    flash(_("L’inscription de %(name)s est validée.", name=delegate.full_name), "ok")
    return _back(edition, delegate)


@bp.route("/o/<edition>/registrations/<int:delegate>/<step>", methods=["GET", "POST"])
def decide(edition: Edition, delegate: Delegate, step: str) -> ResponseReturnValue:
    """Say what a refusal, a cancellation or a withdrawal frees; then do it."""
    decision = DECISIONS.get(step) or abort(404)
    form = ReasonForm() if decision.needs_reason else DecisionForm()
    name, freed = delegate.full_name, scheduled_count(db.session(), edition, {delegate.id})
    if form.validate_on_submit():
        try:
            _carry_out(decision, delegate, form.reason.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(decision.done(1), "ok")
            return _back(edition, delegate)
    return _decision_page(decision, form, [name], freed, _detail_url(edition, delegate))


def _detail_url(edition: Edition, delegate: Delegate) -> str:
    return url_for("registrations.detail", edition=edition.slug, delegate=delegate.id)


def _decision_page(
    decision: Decision, form: ReasonForm | DecisionForm, names: list[str], freed: int, back_url: str
) -> ResponseReturnValue:
    page = render_template(
        "registrations/decide.html",
        decision=decision,
        form=form,
        names=names,
        freed=freed,
        back_url=back_url,
        form_errors=form.is_refused,
    )
    return page, 422 if form.is_refused else 200


def _carry_out(decision: Decision, delegate: Delegate, reason: str) -> None:
    more = {"reason": reason} if decision.needs_reason else {}
    decision.verb(db.session(), g.actor, g.now, delegate=delegate, **more)


# Many at once -----------------------------------------------------------------------------------------------


@bp.post("/o/<edition>/registrations/bulk")
def bulk(edition: Edition) -> ResponseReturnValue:
    """Validate the chosen people now; for the rest, go to the page that asks for a reason or a text."""
    ids, verb = _ids(request.form.getlist("ids")), request.form.get("do", "")
    if not ids:
        flash(_("Choisissez d’abord des inscriptions, puis l’action."), "warn")
        return redirect(_list_url(edition), 303)
    if verb == "approve":
        done, skipped = _each(edition, ids, _approve_one)
        _say(ngettext("%(num)s inscription validée.", "%(num)s inscriptions validées.", done), done, skipped)
        return redirect(_list_url(edition), 303)
    if verb in DECISIONS and verb != "withdraw":
        return redirect(url_for(".decide_many", edition=edition.slug, step=verb, ids=_joined(ids)), 303)
    target = page_url("messages.index", edition=edition.slug, people=_joined(ids)) if verb == "write" else ""
    return redirect(target or _list_url(edition), 303)


def _approve_one(delegate: Delegate) -> None:
    if delegate.status is DelegateStatus.APPROVED:
        raise DomainError("already_approved")
    registrations.approve(db.session(), g.actor, g.now, delegate=delegate)


@bp.route("/o/<edition>/registrations/bulk/<step>", methods=["GET", "POST"])
def decide_many(edition: Edition, step: str) -> ResponseReturnValue:
    """One reason for all the chosen people; whom it does not concern is named and left alone."""
    decision = DECISIONS.get(step)
    if decision is None or step == "withdraw":
        abort(404)
    form = ReasonForm(ids=request.args.get("ids", ""))
    ids = _ids((form.ids.data or "").split(","))
    people = lists.named(db.session(), edition, ids)
    if not people:
        flash(_("Choisissez d’abord des inscriptions, puis l’action."), "warn")
        return redirect(_list_url(edition), 303)
    if form.validate_on_submit():
        reason = form.reason.data or ""
        done, skipped = _each(edition, ids, lambda one: _carry_out(decision, one, reason))
        _say(decision.done(done), done, skipped)
        return redirect(_list_url(edition), 303)
    freed = scheduled_count(db.session(), edition, {one.id for one in people})
    return _decision_page(decision, form, [one.full_name for one in people], freed, _list_url(edition))


def _each(
    edition: Edition, ids: Iterable[int], verb: Callable[[Delegate], None]
) -> tuple[int, list[tuple[str, str]]]:
    """Do it for each apart, a refusal undoing that one only; how many were done, who was skipped and why."""
    query = (
        select(Delegate)
        .options(joinedload(Delegate.organisation), joinedload(Delegate.account), joinedload(Delegate.type))
        .where(Delegate.edition_id == edition.id, Delegate.id.in_(ids))
        .order_by(Delegate.id)
    )
    done, skipped = 0, []
    for delegate in db.session().scalars(query).all():
        name = delegate.full_name
        try:
            with db.session().begin_nested():
                verb(delegate)
            done += 1
        except DomainError as error:
            skipped.append((name, describe(error)))
    return done, skipped


def _say(sentence: str, done: int, skipped: list[tuple[str, str]]) -> None:
    if done:
        flash(sentence, "ok" if not skipped else "info")
    for name, why in skipped:
        flash(_("%(name)s n’a pas été traité : %(why)s", name=name, why=why), "warn")


def _ids(words: Iterable[str]) -> list[int]:
    return sorted(set(read_numbers(words)))[: lists.PER_PAGE * 4]


def _joined(ids: Iterable[int]) -> str:
    return ",".join(map(str, ids))


def _list_url(edition: Edition) -> str:
    return url_for("registrations.index", edition=edition.slug)


# Acting at somebody's place ---------------------------------------------------------------------------------


@bp.post("/o/<edition>/registrations/<int:delegate>/act")
def act_for(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """From here on, the attendee's pages show this person; a strip on every page says so."""
    impersonation.start(db.session(), g.actor, g.now, session_id=g.session_id, delegate=delegate)
    return redirect(page_url("participant.home", edition=edition.slug) or _detail_url(edition, delegate), 303)


@bp.post("/o/stop-acting")
def stop_acting() -> ResponseReturnValue:
    """Back to one's own account, on the page of whom one stood for."""
    delegate = impersonation.stop(db.session(), g.actor, g.now, session_id=g.session_id)
    if delegate is None:
        return redirect(url_for("public.home"), 303)
    slug = db.session().scalars(select(Edition.slug).where(Edition.id == delegate.edition_id)).one()
    return redirect(url_for("registrations.detail", edition=slug, delegate=delegate.id), 303)
