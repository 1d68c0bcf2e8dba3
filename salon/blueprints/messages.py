"""Messages of an edition: what was sent and how it went, and sending more."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from salon.blueprints import message_addresses as addresses
from salon.blueprints.message_letters import Shown, reading_page, shown_letter
from salon.enums import MailKind, MailState
from salon.errors import DomainError, TooMany
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.messages import SendForm
from salon.models import Delegate, Edition, MailBatch, OutboxMail
from salon.numbers import read_id
from salon.queries import messages as reads
from salon.services import mailings
from salon.services.mailings import Audience, Order, Preview
from salon.services.outbox import UNSURE_STATES
from salon.shell.organiser import page_context
from salon.shell.words import number
from salon.wording import describe, statuses
from salon.wording import messages as wording

bp = Blueprint("messages", __name__)
bp.context_processor(page_context)


@bp.context_processor
def words() -> dict[str, Any]:
    """What these templates say of kinds, states and reasons."""
    return {"statuses": statuses, "say": wording, "MailState": MailState, "Audience": Audience}


def goes_to_a_folder() -> bool:
    """Whether this installation has no mail server: messages are kept and nobody receives them."""
    return not current_app.config["SALON"].smtp_url


# What was sent ----------------------------------------------------------------------------------------------


@bp.get("/o/<edition>/messages/")
def index(edition: Edition) -> ResponseReturnValue:
    """What was sent, to whom, and how it went."""
    if target := addresses.shortcut(edition, request.args):
        return redirect(target, 303)
    filters = addresses.read_filters(request.args)
    found = reads.page(db.session(), edition, filters)
    return render_template(
        "messages/index.html",
        filters=filters,
        found=found,
        sendings=reads.sendings(db.session(), edition),
        whose=_name_of(edition, filters.delegate),
        url=lambda **changes: addresses.filtered(edition, filters, **changes),
        sort_urls={key: addresses.sort_url(edition, filters, key) for key in reads.SORTS},
        sorted_by={filters.sort: "descending" if filters.descending else "ascending"},
        pages=addresses.pages(edition, filters, found.page, found.pages),
        hidden=addresses.hidden(filters),
        in_folder=goes_to_a_folder(),
        states=tuple(MailState),
        kinds=[kind for kind in MailKind if kind in found.by_kind or kind in filters.kinds],
    )


def _name_of(edition: Edition, delegate: int | None) -> str:
    if delegate is None:
        return ""
    found = db.session().get(Delegate, delegate)
    return found.full_name if found is not None and found.edition_id == edition.id else ""


@bp.get("/o/<edition>/messages/<int:mail>")
def detail(edition: Edition, mail: OutboxMail) -> ResponseReturnValue:
    """One message: its words, its state, what can be done."""
    return render_template(
        "messages/detail.html",
        line=reads.line(db.session(), mail),
        shown=shown_letter(db.session(), g.now, mail),
        language=mail.language,
        sending=mail.batch_id,
        message_id=mail.message_id,
        may_resend=mail.state in UNSURE_STATES,
        technical=mail.last_error if mail.state is not MailState.DROPPED else "",
        in_folder=goes_to_a_folder(),
    )


@bp.get("/o/<edition>/messages/<int:mail>/letter")
def letter(edition: Edition, mail: OutboxMail) -> ResponseReturnValue:
    """The message as its reader sees it, in a page that can run nothing."""
    return reading_page(shown_letter(db.session(), g.now, mail), edition)


@bp.get("/o/<edition>/messages/<int:mail>/resend")
def confirm_resend(edition: Edition, mail: OutboxMail) -> ResponseReturnValue:
    """What sending it again may do."""
    return _resend_page(mail, ActionForm())


@bp.post("/o/<edition>/messages/<int:mail>/resend")
def resend(edition: Edition, mail: OutboxMail) -> ResponseReturnValue:
    """Send it again."""
    form = ActionForm()
    try:
        mailings.resend(db.session(), g.actor, g.now, mail=mail)
    except DomainError as error:
        db.session.rollback()
        form.refuse(error)
        return _resend_page(db.session().get_one(OutboxMail, mail.id), form)
    flash(_("Le message repart vers %(address)s.", address=mail.recipient), "ok")
    return redirect(url_for(".detail", edition=edition.slug, mail=mail.id), 303)


def _resend_page(mail: OutboxMail, form: ActionForm) -> ResponseReturnValue:
    page = render_template(
        "messages/resend.html",
        line=reads.line(db.session(), mail),
        form=form,
        may_resend=mail.state in UNSURE_STATES,
        form_errors=form.is_refused,
    )
    return page, 409 if form.is_refused else 200


# Sending more -----------------------------------------------------------------------------------------------


@bp.get("/o/<edition>/messages/new")
def new(edition: Edition) -> ResponseReturnValue:
    """Which message, to whom."""
    order = addresses.read_order(request.args)
    types = reads.types(db.session(), edition)
    return render_template(
        "messages/new.html",
        order=order,
        kinds=mailings.SENDABLE,
        audiences=[one for one in Audience if one is not Audience.CHOSEN or order.people],
        types=types,
        people=",".join(map(str, sorted(order.people))),
        refused="note_too_long" if len(order.note) > mailings.MAX_NOTE else "",
        max_note=mailings.MAX_NOTE,
    )


@bp.get("/o/<edition>/messages/preview")
def preview(edition: Edition) -> ResponseReturnValue:
    """Who gets what: looked at before anything leaves."""
    order = addresses.read_order(request.args)
    if "kind" not in request.args or len(order.note) > mailings.MAX_NOTE:
        return redirect(addresses.order_url("messages.new", edition, order), 303)
    seen = mailings.preview(db.session(), g.now, edition=edition, order=order)
    return _preview_page(edition, seen, SendForm(fingerprint=seen.fingerprint))


@bp.post("/o/<edition>/messages/preview")
def send(edition: Edition) -> ResponseReturnValue:
    """Send exactly what was seen."""
    order, form = addresses.read_order(request.args), SendForm()
    try:
        batch = mailings.send(
            db.session(),
            g.actor,
            g.now,
            edition=edition,
            order=order,
            fingerprint=form.fingerprint.data or "",
        )
    except DomainError as error:
        db.session.rollback()
        form.refuse(error)
        seen = mailings.preview(db.session(), g.now, edition=edition, order=order)
        form.fingerprint.data = seen.fingerprint
        return _preview_page(edition, seen, form, 409 if error.code == "mail_preview_stale" else 422)
    return redirect(url_for(".sending", edition=edition.slug, mailing=batch.id), 303)


def _preview_page(edition: Edition, seen: Preview, form: SendForm, status: int = 200) -> ResponseReturnValue:
    sample = _sample(edition, seen)
    page = render_template(
        "messages/preview.html",
        seen=seen,
        form=form,
        shown=_sample_letter(edition, seen.order, sample),
        sample=sample.id if sample else None,
        neighbours=_neighbours(edition, seen, sample),
        obstacle=describe(seen.obstacle) if seen.obstacle else "",
        reasons=mailings.counts(seen),
        types=dict(reads.types(db.session(), edition)),
        here=addresses.order_url("messages.preview", edition, seen.order),
        change_url=addresses.order_url("messages.new", edition, seen.order),
        trial_url=addresses.order_url(
            "messages.trial", edition, seen.order, sample=sample.id if sample else ""
        ),
        in_folder=goes_to_a_folder(),
        form_errors=form.is_refused,
    )
    return page, status


def _sample(edition: Edition, seen: Preview) -> Delegate | None:
    """Whose message is shown: the one asked for, else the first recipient."""
    ids = [one.id for one in seen.recipients]
    asked = read_id(request.args.get("sample", ""))
    chosen = asked if asked in ids else next(iter(ids), None)
    return db.session().get(Delegate, chosen) if chosen is not None else None


def _sample_letter(edition: Edition, order: Order, sample: Delegate | None) -> Shown | None:
    if sample is None:
        return None
    mail = mailings.sample_mail(db.session(), g.now, edition=edition, order=order, delegate=sample)
    return shown_letter(db.session(), g.now, mail)


def _neighbours(edition: Edition, seen: Preview, sample: Delegate | None) -> dict[str, Any]:
    """Where the shown message stands among all, and the links to the ones beside it."""
    if sample is None:
        return {}
    ids = [one.id for one in seen.recipients]
    rank = ids.index(sample.id)

    def at(place: int) -> str:
        inside = 0 <= place < len(ids)
        return (
            addresses.order_url("messages.preview", edition, seen.order, sample=ids[place]) if inside else ""
        )

    return {"rank": rank + 1, "count": len(ids), "previous": at(rank - 1), "next": at(rank + 1)}


@bp.post("/o/<edition>/messages/trial")
def trial(edition: Edition) -> ResponseReturnValue:
    """One person's message, to oneself."""
    order = addresses.read_order(request.args)
    back = addresses.order_url("messages.preview", edition, order, sample=request.args.get("sample", ""))
    seen = mailings.preview(db.session(), g.now, edition=edition, order=order)
    sample = _sample(edition, seen)
    if sample is None:
        flash(describe("mail_nobody"), "warn")
        return redirect(back, 303)
    try:
        mail = mailings.send_trial(
            db.session(), g.actor, g.now, edition=edition, order=order, delegate=sample
        )
    except TooMany:
        raise
    except DomainError as error:
        flash(describe(error), "warn")
        return redirect(back, 303)
    flash(_("Un essai part vers %(address)s.", address=mail.recipient), "ok")
    return redirect(back, 303)


@bp.get("/o/<edition>/messages/sendings/<int:mailing>")
def sending(edition: Edition, mailing: MailBatch) -> ResponseReturnValue:
    """How far a sending is."""
    found = reads.sendings(db.session(), edition, only=mailing.id)[0]
    unsure = reads.Filters(
        batch=mailing.id, states=frozenset({*UNSURE_STATES, MailState.RETRY}), sort="state", descending=False
    )
    return render_template(
        "messages/sending.html",
        found=found,
        troubled=reads.page(db.session(), edition, unsure),
        list_url=addresses.filtered(edition, reads.Filters(batch=mailing.id)),
        in_folder=goes_to_a_folder(),
        progress_words=_progress(found),
    )


@bp.post("/o/<edition>/messages/sendings/<int:mailing>/resend")
def resend_failed(edition: Edition, mailing: MailBatch) -> ResponseReturnValue:
    """Send again what surely did not arrive."""
    try:
        count = mailings.resend_failed(db.session(), g.actor, g.now, batch=mailing)
        flash(ngettext("%(num)s message repart.", "%(num)s messages repartent.", count), "ok")
    except DomainError as error:
        flash(describe(error), "warn")
    return redirect(url_for(".sending", edition=edition.slug, mailing=mailing.id), 303)


def _progress(found: reads.SendingLine) -> str:
    return ngettext(
        "%(done)s message sur %(num)s est parti",
        "%(done)s messages sur %(num)s sont partis",
        found.total,
        done=number(found.sent),
    )


from salon.blueprints import message_folder  # noqa: E402,F401 - adds views to `bp`
