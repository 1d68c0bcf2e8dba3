"""My consents, my data, my way out."""

from __future__ import annotations

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon import i18n
from salon.blueprints.auth import forget_all
from salon.blueprints.participant import bp
from salon.enums import DelegateStatus
from salon.errors import DomainError, NotAllowed
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.participant import ConsentsForm, ExportForm
from salon.guard import me
from salon.models import Edition
from salon.queries import accounts as account_reads
from salon.queries import attendee, personal_data
from salon.services import consents, erasure, personal_file, registrations
from salon.wording import consents as words


def _only_oneself() -> None:
    if g.actor.acting_for is not None:
        raise NotAllowed("not_while_acting")


def _stored_consents() -> ConsentsForm:
    given = consents.given(db.session(), me().id)
    return ConsentsForm(data={f"consent_{one.value}": True for one in given})


@bp.get("/e/<edition>/me/privacy")
def privacy(edition: Edition) -> ResponseReturnValue:
    """Consents, a copy of my data, leaving the fair, deleting my account."""
    return render_template(
        "participant/privacy.html",
        form=_stored_consents(),
        export=ExportForm(),
        gone=me().status in registrations.GONE,
        acting=g.actor.acting_for is not None,
    )


@bp.post("/e/<edition>/me/privacy")
def privacy_save(edition: Edition) -> ResponseReturnValue:
    """Give or take back consents, all with the same gesture."""
    _only_oneself()
    form = ConsentsForm()
    consents.save(
        db.session(), g.actor, g.now, delegate=me(), wanted=form.wanted(),
        wording=words.wording(i18n.locale_code()),
    )  # fmt: skip
    flash(_("Vos choix sont enregistrés."), "ok")
    return redirect(url_for(".privacy", edition=edition.slug), 303)


@bp.post("/e/<edition>/me/privacy/export")
def privacy_export(edition: Edition) -> ResponseReturnValue:
    """Everything held about me, now."""
    shape = ExportForm().shape.data
    made = personal_file.hand_over(db.session(), g.actor, g.now, as_zip=shape != "json")
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"', "Cache-Control": "no-store"}
    return Response(made.content, mimetype=made.media_type, headers=headers)


@bp.get("/e/<edition>/me/withdraw")
def withdraw(edition: Edition) -> ResponseReturnValue:
    """What leaving frees, before it is done."""
    if me().status in registrations.GONE:
        return redirect(url_for(".home", edition=edition.slug), 303)
    return render_template("participant/withdraw.html", lost=attendee.promised(db.session(), [me().id]))


@bp.post("/e/<edition>/me/withdraw")
def withdraw_now(edition: Edition) -> ResponseReturnValue:
    """Leave the fair: meetings are cancelled at once and those concerned are told."""
    if me().status is not DelegateStatus.WITHDRAWN:  # pressed twice: done once
        registrations.withdraw(db.session(), g.actor, g.now, delegate=me())
        flash(_("Votre désistement est enregistré."), "info")
    return redirect(url_for(".home", edition=edition.slug), 303)


@bp.get("/e/<edition>/me/delete")
def delete_account(edition: Edition) -> ResponseReturnValue:
    """What deleting my account takes away, before it is done."""
    _only_oneself()
    return _deletion_page(edition, ActionForm(), 200)


def _deletion_page(edition: Edition, form: ActionForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "participant/delete.html",
        form=form,
        registrations=account_reads.registrations(db.session(), me().account_id),
        lost=attendee.promised(db.session(), personal_data.reach(db.session(), me().account_id).delegates),
        form_errors=form.is_refused,
    )
    return page, status


@bp.post("/e/<edition>/me/delete")
def delete_account_now(edition: Edition) -> ResponseReturnValue:
    """Delete my account for good."""
    form = ActionForm()
    try:
        erasure.delete_own(db.session(), g.actor, g.now)
    except NotAllowed:
        raise
    except DomainError as error:
        form.refuse(error)
        return _deletion_page(edition, form, error.status)
    forget_all()
    flash(_("Votre compte est supprimé. Merci d’avoir participé !"), "info")
    return redirect(url_for("public.home"), 303)
