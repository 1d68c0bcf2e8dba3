"""Correcting a registration: the person, the structure, the slots at which they can be met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from salon.blueprints.registrations import bp, type_pairs
from salon.enums import DelegateStatus
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.registrations import NewForm, OrganisationForm, PersonForm, organisation_data
from salon.models import Delegate, Edition
from salon.numbers import read_number, read_numbers
from salon.queries import exclusions as pairs
from salon.queries import registration_detail as details
from salon.queries import structures
from salon.services import by_hand, organiser_edits
from salon.services.organiser_edits import PersonEdit

_PERSON = tuple(name for name in PersonEdit.__slots__ if name != "type_id")


def _done(edition: Edition, delegate: Delegate, sentence: str) -> ResponseReturnValue:
    flash(sentence, "ok")
    return redirect(url_for("registrations.detail", edition=edition.slug, delegate=delegate.id), 303)


@bp.route("/o/<edition>/registrations/new", methods=["GET", "POST"])
def new(edition: Edition) -> ResponseReturnValue:
    """Register somebody who called, or who stands at the desk."""
    types = type_pairs(edition)
    form = NewForm(locale=edition.languages[0] if edition.languages else "fr").offer(types)
    if types and form.validate_on_submit():
        try:
            delegate = _add(edition, form)
        except DomainError as error:
            form.refuse(error)
        else:
            return _done(edition, delegate, _("%(name)s est dans la liste.", name=delegate.full_name))
    page = render_template(
        "registrations/new.html",
        form=form,
        types=types,
        choices=pairs.organisation_choices(db.session(), edition),
        form_errors=form.is_refused,
    )
    return page, 422 if form.is_refused else 200


def _add(edition: Edition, form: NewForm) -> Delegate:
    return by_hand.add(
        db.session(),
        g.actor,
        g.now,
        edition=edition,
        typed={name: form[name].data or "" for name in by_hand.FIELDS},
        type_id=form.type.data,
        status=DelegateStatus(form.status.data),
        locale=form.locale.data,
        step_free=form.step_free.data,
        invite=form.invite.data,
    )


@bp.route("/o/<edition>/registrations/<int:delegate>/person", methods=["GET", "POST"])
def edit_person(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """The person, their needs and their limits."""
    person = details.sheet(delegate, sees_contact=True)
    started = {"email": delegate.account.email, "type": delegate.type_id}
    theirs = {name: getattr(delegate, name) for name in (*_PERSON, "version")} | started
    form = PersonForm(obj=delegate, data=started).offer(type_pairs(edition))
    if form.validate_on_submit():
        try:
            _save_person(delegate, form)
        except DomainError as error:
            form.refuse(error)
        else:
            return _done(
                edition, delegate, _("La fiche de %(name)s est enregistrée.", name=delegate.full_name)
            )
    return _form_page("registrations/edit_person.html", edition, person, form, theirs)


def _save_person(delegate: Delegate, form: PersonForm) -> None:
    session = db.session()
    edit = PersonEdit(
        first_name=form.first_name.data,
        last_name=form.last_name.data,
        job_title=form.job_title.data or "",
        phone=form.phone.data or "",
        type_id=form.type.data,
        locale=form.locale.data,
        languages=tuple(form.languages.data or ()),
        is_lead=form.is_lead.data,
        step_free=form.step_free.data,
        interpreter=form.interpreter.data or "",
        stays_put=form.stays_put.data,
        max_meetings=form.max_meetings.data,
        min_override=form.min_override.data,
        max_override=form.max_override.data,
    )
    organiser_edits.update_person(
        session, g.actor, g.now, delegate=delegate, version=read_number(_seen()), edit=edit
    )
    address = form.email.data or ""
    organiser_edits.change_address(session, g.actor, g.now, delegate=delegate, email=address)


def _seen() -> str:
    """The version that the form was shown with; a form without one never matches."""
    return request.form.get("version", "")


@bp.route("/o/<edition>/registrations/<int:delegate>/organisation", methods=["GET", "POST"])
def edit_organisation(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """The structure, as the catalogue of this edition shows it."""
    person = details.sheet(delegate, sees_contact=True)
    theirs = organisation_data(structures.sheet(db.session(), edition.id, delegate.organisation))
    form = OrganisationForm(data=theirs).offer()
    if form.validate_on_submit():
        try:
            organiser_edits.update_organisation(
                db.session(), g.actor, g.now, edition=edition, organisation_id=delegate.organisation_id,
                edit=form.sheet(_seen()),
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
        else:
            return _done(edition, delegate, _("La fiche de la structure est enregistrée."))
    return _form_page("registrations/edit_organisation.html", edition, person, form, theirs)


def _form_page(
    template: str,
    edition: Edition,
    person: details.Sheet,
    form: PersonForm | OrganisationForm,
    theirs: Mapping[str, Any],
) -> ResponseReturnValue:
    """The form; when somebody else saved meanwhile, both versions, and saving again keeps this one."""
    stale = form.is_submitted() and _seen() != str(theirs["version"])
    differences = _differences(form, theirs) if stale else []
    if stale:
        form.version.data = str(theirs["version"])
        form.form_errors = [
            _("Quelqu’un d’autre a modifié ces données entre-temps : comparez les deux versions.")
        ]
    page = render_template(
        template,
        form=form,
        differences=differences,
        person=person,
        back_url=url_for("registrations.detail", edition=edition.slug, delegate=person.id),
        form_errors=form.is_refused,
    )
    return page, 409 if stale else 422 if form.is_refused else 200


def _differences(
    form: PersonForm | OrganisationForm, theirs: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Label, stored words and typed words of the fields that differ."""
    found = []
    for field in form:
        if field.name in theirs and field.name != "version":
            stored, typed = _said(field, theirs[field.name]), _said(field, field.data)
            if stored != typed:
                found.append((str(field.label.text), stored, typed))
    return found


def _said(field: Any, value: Any) -> str:
    """A value in the words of its field; what is empty reads as a dash."""
    if isinstance(value, bool):
        return str(_("oui") if value else _("non"))
    chosen = set(value) if isinstance(value, list | tuple) else {value}
    if choices := getattr(field, "choices", None):
        words: list[str] = [str(one.label) for one in choices if one.value in chosen and one.value != ""]
        return ", ".join(words) or "–"
    return "–" if value in (None, "") else str(value)


@bp.route("/o/<edition>/registrations/<int:delegate>/presence", methods=["GET", "POST"])
def presence(edition: Edition, delegate: Delegate) -> ResponseReturnValue:
    """When the person can be met, set at their place."""
    form = ActionForm()
    if form.validate_on_submit():
        free = read_numbers(request.form.getlist("free"))
        count = organiser_edits.set_presence(db.session(), g.actor, g.now, delegate=delegate, free=free)
        said = ngettext(
            "Disponibilités enregistrées : %(num)s créneau libre.",
            "Disponibilités enregistrées : %(num)s créneaux libres.",
            count,
        )
        return _done(edition, delegate, said)
    return render_template(
        "registrations/presence.html",
        form=form,
        person=details.sheet(delegate, sees_contact=False),
        slots=details.presence(db.session(), delegate),
        back_url=url_for("registrations.detail", edition=edition.slug, delegate=delegate.id),
    )
