"""My sheet, my structure's sheet, my colleagues."""

from __future__ import annotations

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon import i18n, vocabulary
from salon.blueprints.participant import bp
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.participant import ColleagueForm, ProfileForm, StructureForm, structure_data
from salon.forms.registration import asking
from salon.guard import me
from salon.models import Edition
from salon.numbers import read_number
from salon.queries import public_form, structures
from salon.services import profile as service
from salon.services import registering
from salon.wording.statuses import status_tone, status_word


def _form(edition: Edition, *, stored: bool) -> ProfileForm:
    one, rows = me(), public_form.questions(db.session(), edition.id)
    form = asking(ProfileForm, rows)(obj=one, data={"spoken": one.languages, "version": one.version})
    assert isinstance(form, ProfileForm)
    form.offer_person()
    if stored:
        form.started(public_form.answers(db.session(), one.id))
    return form


def _page(form: ProfileForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "participant/profile.html",
        form=form,
        email=me().account.email,
        organisation=me().organisation.name,
        is_lead=me().is_lead,
        colleagues=structures.colleagues(db.session(), me()),
        status_word=status_word,
        status_tone=status_tone,
        acting=g.actor.acting_for is not None,
        form_errors=form.is_refused,
    )
    return page, status


@bp.get("/e/<edition>/me/profile")
def profile(edition: Edition) -> ResponseReturnValue:
    """My sheet, with the way to my structure's and to my colleagues."""
    return _page(_form(edition, stored=True))


@bp.post("/e/<edition>/me/profile")
def profile_save(edition: Edition) -> ResponseReturnValue:
    """Save my sheet."""
    form = _form(edition, stored=False)
    try:
        if form.validate():
            service.update_person(
                db.session(), g.actor, g.now, delegate=me(), version=read_number(form.version.data),
                person=form.person(me().account.email), answers=form.answers(),
            )  # fmt: skip
            flash(_("Votre fiche est enregistrée."), "ok")
            return redirect(url_for(".profile", edition=edition.slug), 303)
    except DomainError as error:
        db.session().refresh(me())
        form.refuse(error)
        return _page(form, error.status)
    return _page(form, 422)


# Structure --------------------------------------------------------------------------------------------------


def _structure_page(form: StructureForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "participant/structure.html",
        form=form,
        sector_groups=vocabulary.packaged().grouped_sectors(i18n.locale_code()),
        form_errors=form.is_refused,
    )
    return page, status


@bp.get("/e/<edition>/me/profile/structure")
def profile_structure(edition: Edition) -> ResponseReturnValue:
    """The sheet that the catalogue shows; its contact alone edits it."""
    if not me().is_lead:
        abort(404)
    sheet = structures.sheet(db.session(), edition.id, me().organisation)
    return _structure_page(StructureForm(data=structure_data(sheet)).offer_lists())


@bp.post("/e/<edition>/me/profile/structure")
def profile_structure_save(edition: Edition) -> ResponseReturnValue:
    """Save the structure's sheet."""
    form = StructureForm().offer_lists()
    try:
        if form.validate():
            service.update_organisation(
                db.session(), g.actor, g.now, edition=edition, lead=me(), version=form.version.data or "",
                structure=form.structure(), offer=form.offer(),
            )  # fmt: skip
            flash(_("La fiche de votre structure est enregistrée."), "ok")
            return redirect(url_for(".profile", edition=edition.slug), 303)
    except DomainError as error:
        form.refuse(error)
        return _structure_page(form, error.status)
    return _structure_page(form, 422)


# Colleagues -------------------------------------------------------------------------------------------------


@bp.get("/e/<edition>/me/profile/colleague")
def profile_colleague(edition: Edition) -> ResponseReturnValue:
    """A form for one more colleague."""
    if not me().is_lead:
        abort(404)
    return render_template("participant/colleague.html", form=ColleagueForm())


@bp.post("/e/<edition>/me/profile/colleague")
def profile_colleague_save(edition: Edition) -> ResponseReturnValue:
    """The colleague receives a message; the answer is the same if the address is registered already."""
    form = ColleagueForm()
    try:
        if form.validate():
            registering.add_colleague(
                db.session(), g.actor, g.now, edition=edition, lead=me(), person=form.person(me().locale)
            )
            flash(_("Un message vient de partir vers %(email)s.", email=form.email.data), "ok")
            return redirect(url_for(".profile", edition=edition.slug), 303)
    except DomainError as error:
        form.refuse(error)
    return render_template("participant/colleague.html", form=form, form_errors=True), 422
