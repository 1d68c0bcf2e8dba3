"""The plan of a draft: read by slot, participant or table; corrected by form; earlier drafts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from salon.blueprints import plan_conflicts, plan_pages
from salon.blueprints.plan_conflicts import Conflict
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.planning import PeopleForm, SpotForm, VersionForm, version_of
from salon.models import Draft, Edition, Placement
from salon.queries import exclusions as pairs
from salon.queries import plan_views
from salon.services import drafts, plan_edit
from salon.shell.organiser import page_context
from salon.web import answer_http, wants_json
from salon.wording import describe, plan_words

bp = Blueprint("plan", __name__)
bp.context_processor(page_context)


@bp.context_processor
def words() -> dict[str, Any]:
    """The engine's names in words."""
    return {"plan_words": plan_words}


@bp.errorhandler(NotFound)
def not_found(error: NotFound) -> ResponseReturnValue:
    """A meeting that a colleague took out meanwhile says so; anything else is not there."""
    raw = (request.view_args or {}).get("placement")
    db.session.rollback()
    found = plan_conflicts.gone(db.session(), g.edition, raw) if g.edition and isinstance(raw, int) else None
    if found is None or wants_json():
        return answer_http(error)
    return render_template("plan/gone.html", gone=found, asked=request.method == "POST"), 410


# Reading ----------------------------------------------------------------------------------------------------


@bp.get("/o/<edition>/plan/")
def index(edition: Edition) -> ResponseReturnValue:
    """The current draft."""
    draft = drafts.current(db.session(), edition.id)
    if draft is None:
        return render_template("plan/none.html", action=ActionForm())
    return _plan(edition, draft)


@bp.get("/o/<edition>/plan/drafts/<int:draft>")
def draft(edition: Edition, draft: Draft) -> ResponseReturnValue:
    """Any draft; one that is not current is only read."""
    return _plan(edition, draft)


def _plan(
    edition: Edition, draft: Draft, status: int = 200, message: str = "", conflict: Conflict | None = None
) -> ResponseReturnValue:
    whole = plan_views.plan(db.session(), edition, draft.id)
    page = render_template(
        "plan/index.html",
        draft=draft,
        plan=whole,
        message="" if conflict else message,
        conflict=conflict,
        shown=plan_pages.shown(whole, request.args),
        undo=plan_pages.undoable(db.session(), draft, whole) if draft.is_current else "",
        form=VersionForm(version=str(draft.version)),
    )
    return page, status


@bp.get("/o/<edition>/plan/drafts/", endpoint="drafts")
def drafts_page(edition: Edition) -> ResponseReturnValue:
    """Every draft so far, one click from being current again."""
    lines = plan_views.draft_lines(db.session(), edition)
    return render_template("plan/drafts.html", lines=lines, action=ActionForm())


def _refused(
    edition: Edition, draft: Draft, version: int, error: DomainError, asked: str
) -> ResponseReturnValue:
    """The plan as it stands, with the refusal above it: both sides when somebody else was faster."""
    conflict = plan_conflicts.found(db.session(), edition, draft, version, error, asked)
    return _plan(edition, draft, error.status, describe(error), conflict)


# Drafts -----------------------------------------------------------------------------------------------------


@bp.post("/o/<edition>/plan/drafts/<int:draft>/current")
def make_current(edition: Edition, draft: Draft) -> ResponseReturnValue:
    """Go back to it."""
    drafts.make_current(db.session(), g.actor, g.now, draft=draft)
    flash(_("Le brouillon n° %(number)s est de nouveau le brouillon courant.", number=draft.number), "ok")
    return redirect(url_for(".index", edition=edition.slug), 303)


@bp.post("/o/<edition>/plan/start")
def start(edition: Edition) -> ResponseReturnValue:
    """An empty draft, to plan by hand."""
    drafts.start_by_hand(db.session(), g.actor, g.now, edition=edition)
    return redirect(url_for(".new", edition=edition.slug), 303)


# Corrections ------------------------------------------------------------------------------------------------


def _current(edition: Edition) -> Draft:
    found = drafts.current(db.session(), edition.id)
    if found is None:
        raise DomainError("no_draft")
    return found


@bp.get("/o/<edition>/plan/meetings/new")
def new(edition: Edition) -> ResponseReturnValue:
    """Choose two people; their possible places come next."""
    draft = _current(edition)
    form = PeopleForm(request.args)
    people = _chosen(edition, form) if request.args.get("first") or request.args.get("second") else None
    if people is None:
        return _people_page(edition, form)
    return _new_page(edition, draft, people, _spot_form(draft, people))


def _people_page(edition: Edition, form: PeopleForm) -> ResponseReturnValue:
    page = render_template(
        "plan/people.html",
        form=form,
        choices=pairs.person_choices(db.session(), edition),
        form_errors=form.is_refused,
    )
    return page, 422 if form.is_refused else 200


def _chosen(edition: Edition, form: PeopleForm) -> tuple[int, int] | None:
    """The two people of a complete form, else None with the fault beside its field."""
    if not form.validate():
        return None
    known = {choice.label: choice.id for choice in pairs.person_choices(db.session(), edition)}
    found = []
    for field in (form.first, form.second):
        if field.data not in known:
            form.refuse(DomainError("unknown_name", field=field.name))
        found.append(known.get(field.data or "", 0))
    if not form.is_refused and found[0] == found[1]:
        form.refuse(DomainError("same_person", field="second"))
    return None if form.is_refused else (found[0], found[1])


def _spot_form(draft: Draft, people: tuple[int, int]) -> SpotForm:
    return SpotForm(version=str(draft.version), first=str(people[0]), second=str(people[1]))


def _new_page(
    edition: Edition,
    draft: Draft,
    people: tuple[int, int],
    form: SpotForm,
    status: int = 200,
    conflict: Conflict | None = None,
) -> ResponseReturnValue:
    heads = plan_views.heads(db.session(), edition)
    found = plan_edit.spots(db.session(), edition, drafts.places_of(db.session(), draft.id), people)
    page = render_template(
        "plan/place.html",
        form=form,
        draft=draft,
        spots=plan_pages.spots(heads, found),
        pair=plan_pages.pair(heads, people),
        conflict=conflict,
        form_errors=form.is_refused,
    )
    return page, status


@bp.post("/o/<edition>/plan/meetings/new")
def add(edition: Edition) -> ResponseReturnValue:
    """Bring two people together."""
    draft, form = _current(edition), SpotForm()
    people = plan_pages.two_ids(form.first.data, form.second.data)
    act = partial(plan_edit.add, people=people)
    show = partial(_new_page, edition, draft, people, form)
    return _placed(edition, draft, form, act, show, _("Rendez-vous ajouté au brouillon."))


def _placed(
    edition: Edition,
    draft: Draft,
    form: SpotForm,
    act: Callable[..., object],
    show: Callable[..., ResponseReturnValue],
    said: str,
) -> ResponseReturnValue:
    """What `act` did at the place chosen; else the page that `show` gives again, with the refusal."""
    if not form.validate():
        return show(422)
    try:
        slot, table = form.place()
        act(
            db.session(), g.actor, g.now, edition=edition, draft=draft, version=version_of(form),
            slot=slot, table=table,
        )  # fmt: skip
    except DomainError as error:
        form.refuse(error)
        conflict = _both_sides(edition, draft, form, error)
        form.version.data = str(draft.version)
        return show(error.status, conflict)
    flash(said, "ok")
    return redirect(url_for(".index", edition=edition.slug, slot=slot), 303)


def _both_sides(edition: Edition, draft: Draft, form: SpotForm, error: DomainError) -> Conflict | None:
    """What the other did and the place that the form asks for."""
    try:
        asked = plan_conflicts.place_words(db.session(), edition, *form.place())
    except DomainError:
        asked = ""
    return plan_conflicts.found(db.session(), edition, draft, version_of(form), error, asked)


@bp.get("/o/<edition>/plan/meetings/<int:placement>")
def meeting(edition: Edition, placement: Placement) -> ResponseReturnValue:
    """One meeting: where else it could be, and the other actions."""
    draft = db.session().get_one(Draft, placement.draft_id)
    return _meeting_page(edition, draft, placement, SpotForm(version=str(draft.version)))


def _meeting_page(
    edition: Edition,
    draft: Draft,
    placement: Placement,
    form: SpotForm,
    status: int = 200,
    conflict: Conflict | None = None,
) -> ResponseReturnValue:
    session = db.session()
    heads, places = plan_views.heads(session, edition), drafts.places_of(session, draft.id)
    held = plan_pages.held(heads, placement, places)
    movable = draft.is_current and not placement.locked
    people = (held.first.id, held.second.id)
    there = held.first.approved and held.second.approved
    found = (
        plan_edit.spots(session, edition, places, people, placement.meeting_id) if movable and there else ()
    )
    page = render_template(
        "plan/meeting.html",
        form=form,
        button=VersionForm(version=str(draft.version)),
        draft=draft,
        held=held,
        conflict=conflict,
        held_slot=heads.slots[placement.slot_id],
        spots=plan_pages.spots(heads, found),
        form_errors=form.is_refused,
    )
    return page, status


@bp.post("/o/<edition>/plan/meetings/<int:placement>/move")
def move(edition: Edition, placement: Placement) -> ResponseReturnValue:
    """Hold it elsewhere."""
    draft, form = db.session().get_one(Draft, placement.draft_id), SpotForm()
    act = partial(plan_edit.move, placement=placement)
    show = partial(_meeting_page, edition, draft, placement, form)
    return _placed(edition, draft, form, act, show, _("Rendez-vous déplacé."))


def _pair_words(edition: Edition, placement: Placement) -> str:
    places = drafts.places_of(db.session(), placement.draft_id)
    held = plan_pages.held(plan_views.heads(db.session(), edition), placement, places)
    return _("%(first)s et %(second)s", first=held.first.organisation, second=held.second.organisation)


@bp.post("/o/<edition>/plan/meetings/<int:placement>/remove")
def remove(edition: Edition, placement: Placement) -> ResponseReturnValue:
    """Take it out of the draft; the last change can be undone."""
    draft, form, slot = db.session().get_one(Draft, placement.draft_id), VersionForm(), placement.slot_id
    try:
        plan_edit.remove(
            db.session(), g.actor, g.now, draft=draft, version=version_of(form), placement=placement
        )
    except DomainError as error:
        asked = _("retirer %(pair)s", pair=_pair_words(edition, placement))
        return _refused(edition, draft, version_of(form), error, asked)
    flash(_("Rendez-vous retiré du brouillon."), "ok")
    return redirect(url_for(".index", edition=edition.slug, slot=slot), 303)


@bp.post("/o/<edition>/plan/meetings/<int:placement>/<view>")
def lock(edition: Edition, placement: Placement, view: str) -> ResponseReturnValue:
    """`lock` keeps it where it is at the next run, `unlock` lets it go."""
    if view not in ("lock", "unlock"):
        abort(404)
    draft, form = db.session().get_one(Draft, placement.draft_id), VersionForm()
    try:
        plan_edit.set_lock(
            db.session(), g.actor, g.now, draft=draft, version=version_of(form), placement=placement,
            locked=view == "lock",
        )  # fmt: skip
    except DomainError as error:
        pair = _pair_words(edition, placement)
        asked = (
            _("verrouiller %(pair)s", pair=pair) if view == "lock" else _("déverrouiller %(pair)s", pair=pair)
        )
        return _refused(edition, draft, version_of(form), error, asked)
    said = _("Rendez-vous verrouillé : le prochain calcul le laisse en place.")
    flash(said if view == "lock" else _("Rendez-vous déverrouillé."), "ok")
    return redirect(url_for(".meeting", edition=edition.slug, placement=placement.id), 303)


@bp.post("/o/<edition>/plan/undo")
def undo(edition: Edition) -> ResponseReturnValue:
    """Take the last change back."""
    draft, form = _current(edition), VersionForm()
    try:
        plan_edit.undo(db.session(), g.actor, g.now, edition=edition, draft=draft, version=version_of(form))
    except DomainError as error:
        return _refused(edition, draft, version_of(form), error, _("annuler la dernière modification"))
    flash(_("Dernière modification annulée."), "ok")
    return redirect(url_for(".index", edition=edition.slug), 303)
