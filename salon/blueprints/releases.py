"""Releases: looked at before, published, listed, compared, reopened."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from salon.blueprints import release_pages
from salon.enums import ReleaseStage
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.empty import ActionForm
from salon.forms.planning import PublishForm
from salon.models import Draft, Edition, Release
from salon.queries import names
from salon.queries import releases as reads
from salon.queries import runs as run_reads
from salon.services import drafts, releases
from salon.services.release_diff import Diff
from salon.shell.organiser import page_context
from salon.wording import plan_words

bp = Blueprint("releases", __name__)
bp.context_processor(page_context)


@bp.context_processor
def words() -> dict[str, Any]:
    """The engine's names in words."""
    return {"plan_words": plan_words}


@bp.get("/o/<edition>/releases/")
def index(edition: Edition) -> ResponseReturnValue:
    """All releases, the newest first."""
    lines = reads.lines(db.session(), edition.id)
    draft = drafts.current(db.session(), edition.id)
    return render_template("releases/index.html", lines=lines, draft=draft)


@bp.get("/o/<edition>/releases/preview")
def preview(edition: Edition) -> ResponseReturnValue:
    """What goes out, to whom?"""
    draft = drafts.current(db.session(), edition.id)
    if draft is None:
        return render_template("releases/none.html")
    seen = releases.preview(db.session(), edition, draft)
    stage = seen.before.stage if seen.before else ReleaseStage.PROVISIONAL
    form = PublishForm(fingerprint=seen.fingerprint, stage=stage.value)
    return _preview_page(edition, draft, seen, form)


def _preview_page(
    edition: Edition,
    draft: Draft,
    seen: releases.Preview,
    form: PublishForm,
    status: int = 200,
    accepted: tuple[str, ...] = (),
    stale: bool = False,
) -> ResponseReturnValue:
    known = names.delegates(db.session(), edition)
    shown = release_pages.changes(seen.diff, known, request.args)
    page = render_template(
        "releases/preview.html",
        form=form,
        seen=seen,
        shown=shown,
        people=known,
        counts=release_pages.counts(seen.diff),
        cautions=release_pages.cautions(seen, known),
        broken=release_pages.broken(seen, known),
        accepted=accepted,
        stale=stale,
        before=seen.before,
        wishes_since=run_reads.wishes_since_run(db.session(), draft.run_id) if draft.run_id else 0,
        form_errors=form.is_refused,
    )
    return page, status


@bp.post("/o/<edition>/releases/preview")
def publish(edition: Edition) -> ResponseReturnValue:
    """Publish exactly what was seen."""
    draft, form = drafts.current(db.session(), edition.id), PublishForm()
    if draft is None:
        raise DomainError("no_draft")
    accepted = tuple(request.form.getlist("acknowledged"))
    if not form.validate():
        return _again(edition, draft, form, accepted, 422)
    try:
        new = releases.release(
            db.session(), g.actor, g.now, edition=edition, draft=draft,
            fingerprint=form.fingerprint.data or "", acknowledged=accepted,
            stage=ReleaseStage(form.stage.data), note=form.note.data or "",
        )  # fmt: skip
    except DomainError as error:
        form.refuse(error)
        return _again(edition, draft, form, accepted, error.status, stale=error.code == "preview_stale")
    mails = len(new.diff["participants"])
    flash(_published(new.number, mails), "ok")
    return redirect(url_for(".detail", edition=edition.slug, release=new.number), 303)


def _again(
    edition: Edition,
    draft: Draft,
    form: PublishForm,
    accepted: tuple[str, ...],
    status: int,
    stale: bool = False,
) -> ResponseReturnValue:
    """The preview as of now, with what was typed and its new fingerprint; stale warnings are asked again."""
    seen = releases.preview(db.session(), edition, draft)
    form.fingerprint.data = seen.fingerprint
    return _preview_page(edition, draft, seen, form, status, () if stale else accepted, stale)


def _published(number: int, mails: int) -> str:
    return ngettext(
        "La version %(number)s est publiée : %(num)s personne concernée.",
        "La version %(number)s est publiée : %(num)s personnes concernées.",
        mails,
        number=number,
    )


@bp.get("/o/<edition>/releases/<int:release>")
def detail(edition: Edition, release: Release) -> ResponseReturnValue:
    """One release: what it changed since the one before, or since another."""
    session = db.session()
    since = release_pages.since(session, edition, release, request.args.get("since", ""))
    diff = _compared(since, release)
    known = names.delegates(session, edition)
    return render_template(
        "releases/detail.html",
        line=reads.line(session, release),
        since=since.number if since else None,
        numbers=[one.number for one in reads.lines(session, edition.id) if one.number != release.number],
        shown=release_pages.changes(diff, known, request.args),
        counts=release_pages.counts(diff),
        action=ActionForm(),
        is_latest=reads.latest(session, edition.id) is release,
    )


def _compared(since: Release | None, release: Release) -> Diff:
    session = db.session()
    old = reads.released(session, since.id) if since else ()
    return releases.diff_of(old, reads.released(session, release.id))


@bp.post("/o/<edition>/releases/<int:release>/reopen")
def reopen(edition: Edition, release: Release) -> ResponseReturnValue:
    """Its meetings as the current draft."""
    draft, lost = releases.reopen(db.session(), g.actor, g.now, release=release)
    said = _("La version %(number)s est reprise dans un nouveau brouillon.", number=release.number)
    flash(said, "ok")
    if lost:
        flash(
            ngettext(
                "%(num)s rendez-vous n’a pas pu être repris : son créneau ou sa table n’existe plus.",
                "%(num)s rendez-vous n’ont pas pu être repris : leur créneau ou leur table n’existe plus.",
                lost,
            ),
            "warn",
        )
    return redirect(url_for("plan.draft", edition=edition.slug, draft=draft.number), 303)
