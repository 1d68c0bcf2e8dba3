"""The team of an edition."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from salon.blueprints.attempts import attempt, status
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.members import InviteForm, RoleForm
from salon.models import Edition, Membership
from salon.policies import editions as policy
from salon.queries import members as queries
from salon.queries.members import MemberLine
from salon.services import members as services
from salon.shell.organiser import page_context

bp = Blueprint("members", __name__)
bp.context_processor(page_context)


@bp.get("/o/<edition>/team")
def index(edition: Edition) -> ResponseReturnValue:
    """Who is in the team; owners may invite."""
    return _show(edition, InviteForm(None))


@bp.post("/o/<edition>/team")
def invite(edition: Edition) -> ResponseReturnValue:
    """One more member, told by mail."""
    form = InviteForm()

    def act() -> None:
        email, role = form.email.data or "", form.value()
        services.invite(db.session(), g.actor, g.now, edition=edition, email=email, role=role)

    if not attempt(form, act):
        return _show(edition, form), status()
    flash(_("Invitation envoyée à %(email)s.", email=form.email.data), "ok")
    return _back(edition)


def _show(edition: Edition, form: InviteForm) -> str:
    return render_template(
        "members/index.html",
        team=queries.team(db.session(), edition),
        form=form,
        action=ActionForm(),
        me=g.actor.account_id,
        can_own=policy.can_own(g.actor, edition.id),
        form_errors=form.is_refused,
    )


@bp.post("/o/<edition>/team/<int:membership>/remind")
def remind(edition: Edition, membership: Membership) -> ResponseReturnValue:
    """The invitation once more."""
    services.invite_again(db.session(), g.actor, g.now, edition=edition, membership=membership)
    flash(_("Invitation renvoyée."), "ok")
    return _back(edition)


@bp.get("/o/<edition>/team/<int:membership>")
def edit(edition: Edition, membership: Membership) -> ResponseReturnValue:
    """The member's role in its form."""
    return _show_member(edition, RoleForm(data={"role": membership.role.value}), membership)


@bp.post("/o/<edition>/team/<int:membership>")
def change(edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Another role; the member signs in again."""
    form = RoleForm()

    def act() -> None:
        services.change_role(
            db.session(), g.actor, g.now, edition=edition, membership=membership, role=form.value()
        )

    if not attempt(form, act):
        return _show_member(edition, form, membership), status()
    flash(_("Rôle enregistré. La personne devra se reconnecter."), "ok")
    return _back(edition)


def _show_member(edition: Edition, form: RoleForm, membership: Membership) -> str:
    return render_template(
        "members/edit.html", form=form, member=_line(edition, membership), form_errors=form.is_refused
    )


@bp.get("/o/<edition>/team/<int:membership>/remove")
def confirm_remove(edition: Edition, membership: Membership) -> ResponseReturnValue:
    """What a removal means."""
    return render_template("members/remove.html", member=_line(edition, membership))


@bp.post("/o/<edition>/team/<int:membership>/remove")
def remove(edition: Edition, membership: Membership) -> ResponseReturnValue:
    """The member has no role here any more."""
    services.remove(db.session(), g.actor, g.now, edition=edition, membership=membership)
    if membership.account_id == g.actor.account_id:
        return redirect(url_for("public.home"), 303)
    flash(_("Cette personne ne fait plus partie de l’équipe."), "ok")
    return _back(edition)


def _line(edition: Edition, membership: Membership) -> MemberLine:
    return next(one for one in queries.team(db.session(), edition) if one.id == membership.id)


def _back(edition: Edition) -> ResponseReturnValue:
    return redirect(url_for(".index", edition=edition.slug), 303)
