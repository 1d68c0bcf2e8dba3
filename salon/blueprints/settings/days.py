"""Step 2: sessions cut into slots, and the programme around them."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints.attempts import refused_as
from salon.blueprints.settings import bp
from salon.blueprints.settings.saving import form_page, saved, seen_of
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.programme import ItemForm, SessionForm
from salon.models import Edition, MeetingSession, ProgrammeItem
from salon.queries import settings as queries
from salon.services import editions, programme
from salon.shell import day_strip


@bp.get("/o/<edition>/settings/days")
def days(edition: Edition) -> ResponseReturnValue:
    """Each day's sessions and programme."""
    sessions = queries.sessions(db.session(), edition)
    return render_template(
        "settings/days.html",
        days=day_strip.by_day(edition, sessions),
        items=queries.items(db.session(), edition),
        action=ActionForm(),
    )


@bp.get("/o/<edition>/settings/days/sessions/new")
def new_session(edition: Edition) -> ResponseReturnValue:
    """An empty session on the first day."""
    return _show_session(edition, SessionForm(data={"day": edition.first_day}), None)


@bp.post("/o/<edition>/settings/days/sessions/new")
def add_session(edition: Edition) -> ResponseReturnValue:
    """One more session."""
    return _save_session(edition, None)


@bp.get("/o/<edition>/settings/days/sessions/<int:meeting_session>")
def edit_session(edition: Edition, meeting_session: MeetingSession) -> ResponseReturnValue:
    """The stored session in its form."""
    form = SessionForm(data=SessionForm.data_of(meeting_session))
    return _show_session(edition, form, meeting_session)


@bp.post("/o/<edition>/settings/days/sessions/<int:meeting_session>")
def save_session(edition: Edition, meeting_session: MeetingSession) -> ResponseReturnValue:
    """The session as typed; asks once more when slots in use would vanish."""
    return _save_session(edition, meeting_session)


def _save_session(edition: Edition, existing: MeetingSession | None) -> ResponseReturnValue:
    form = SessionForm()

    def act() -> None:
        programme.save_session(
            db.session(),
            g.actor,
            g.now,
            edition=edition,
            stretch=form.value(),
            existing=existing,
            confirmed=bool(form.confirmed.data),
            seen=seen_of(form, existing),
        )
        editions.reach(edition, 3)

    return saved(
        form, act, lambda: _show_session(edition, form, existing), url_for(".days", edition=edition.slug)
    )


def _show_session(edition: Edition, form: SessionForm, existing: MeetingSession | None) -> str:
    sessions = queries.sessions(db.session(), edition)
    others = tuple(s for s in sessions if existing is None or s.id != existing.id)
    return form_page(
        "settings/session.html",
        form,
        existing,
        SessionForm.data_of(existing) if existing else None,
        strip=day_strip.with_candidate(edition, others, form),
        must_confirm=refused_as("slots_in_use"),
        loss=g.refusal.details if refused_as("slots_in_use") else None,
    )


@bp.get("/o/<edition>/settings/days/sessions/<int:meeting_session>/delete")
def confirm_delete_session(edition: Edition, meeting_session: MeetingSession) -> ResponseReturnValue:
    """What goes with the session, in figures."""
    row = next(s for s in queries.sessions(db.session(), edition) if s.id == meeting_session.id)
    use = programme.session_use(db.session(), meeting_session)
    return render_template("settings/delete_session.html", row=row, use=use)


@bp.post("/o/<edition>/settings/days/sessions/<int:meeting_session>/delete")
def delete_session(edition: Edition, meeting_session: MeetingSession) -> ResponseReturnValue:
    """The session is gone: its page of confirmation was read."""
    programme.delete_session(
        db.session(), g.actor, g.now, edition=edition, existing=meeting_session, confirmed=True
    )
    flash(_("Plage supprimée."), "ok")
    return redirect(url_for(".days", edition=edition.slug), 303)


@bp.get("/o/<edition>/settings/days/programme/new")
def new_item(edition: Edition) -> ResponseReturnValue:
    """An empty item on the first day."""
    return _show_item(edition, ItemForm(data={"day": edition.first_day, "on_agendas": True}), None)


@bp.post("/o/<edition>/settings/days/programme/new")
def add_item(edition: Edition) -> ResponseReturnValue:
    """One more item."""
    return _save_item(edition, None)


@bp.get("/o/<edition>/settings/days/programme/<int:item>")
def edit_item(edition: Edition, item: ProgrammeItem) -> ResponseReturnValue:
    """The stored item in its form."""
    return _show_item(edition, ItemForm(data=ItemForm.data_of(item, edition.timezone)), item)


@bp.post("/o/<edition>/settings/days/programme/<int:item>")
def save_item(edition: Edition, item: ProgrammeItem) -> ResponseReturnValue:
    """The item as typed."""
    return _save_item(edition, item)


def _save_item(edition: Edition, existing: ProgrammeItem | None) -> ResponseReturnValue:
    form = ItemForm()

    def act() -> None:
        programme.save_item(
            db.session(),
            g.actor,
            g.now,
            edition=edition,
            values=form.value(),
            existing=existing,
            seen=seen_of(form, existing),
        )

    return saved(form, act, lambda: _show_item(edition, form, existing), _programme_url(edition))


def _show_item(edition: Edition, form: ItemForm, existing: ProgrammeItem | None) -> str:
    stored = ItemForm.data_of(existing, edition.timezone) if existing else None
    return form_page("settings/item.html", form, existing, stored)


@bp.post("/o/<edition>/settings/days/programme/<int:item>/delete")
def delete_item(edition: Edition, item: ProgrammeItem) -> ResponseReturnValue:
    """The item is gone."""
    programme.delete_item(db.session(), g.actor, g.now, edition=edition, existing=item)
    flash(_("Moment du programme supprimé."), "ok")
    return redirect(_programme_url(edition), 303)


def _programme_url(edition: Edition) -> str:
    return url_for(".days", edition=edition.slug) + "#programme"
