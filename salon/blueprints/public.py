"""Pages that anybody may read: the fairs, each edition's showcase, and the notices that the law asks for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, g, render_template
from flask.typing import ResponseReturnValue

from salon import i18n
from salon.extensions import db
from salon.models import Edition
from salon.policies import editions as policy
from salon.queries import editions
from salon.queries import public as queries
from salon.services.editions import TEXT_KEYS
from salon.shell import fairs, notices, showcase
from salon.shell.words import link

bp = Blueprint("public", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    """The fairs of this installation that are open to the public: those to come first, the nearest on top."""
    coming, past = fairs.split(editions.public_list(db.session()), g.now)
    return render_template("public/home.html", coming=coming, past=past)


@bp.get("/e/<edition>/")
def edition(edition: Edition) -> ResponseReturnValue:
    """The edition's showcase."""
    found = queries.showcase(db.session(), edition, g.now)
    return render_template("public/edition.html", found=found, **_facts(edition), **_words(edition, found))


def _facts(edition: Edition) -> dict[str, Any]:
    """What the organiser wrote, in the reader's language."""
    return {
        "subtitle": edition.subtitle,
        "place": edition.place,
        "address": edition.address,
        "contact_email": edition.contact_email,
        "contact_phone": edition.contact_phone,
        "is_public": edition.is_public,
        "texts": {key: i18n.pick(edition.texts.get(key)) for key in TEXT_KEYS},
    }


def _words(edition: Edition, found: queries.Showcase) -> dict[str, Any]:
    manages = policy.can_read(g.actor, edition.id)
    return {
        "is_over": queries.is_over(edition, g.now),
        "countdown": showcase.countdown(edition, g.now),
        "call": showcase.call(edition, found, g.now),
        "phases": showcase.phase_lines(edition, found, g.now),
        "types": showcase.type_notes(found),
        "manage_url": link(edition, "organiser.home") if manages else "",
        "review_url": link(edition, "settings.review") if manages else "",
    }


@bp.get("/e/<edition>/notices/<page>")
def notice(edition: Edition, page: str) -> ResponseReturnValue:
    """A notice of the edition: its data, who stands behind it, its accessibility."""
    return _notice(page, edition)


@bp.get("/notices/<page>")
def service_notice(page: str) -> ResponseReturnValue:
    """The same for the installation itself."""
    return _notice(page, None)


def _notice(page: str, edition: Edition | None) -> ResponseReturnValue:
    title = notices.titles().get(page)
    if title is None:
        abort(404)
    settings = current_app.config["SALON"]
    return render_template(
        "public/notice.html",
        page=page,
        title=title,
        text=f"public/notices/{page}.{i18n.locale_code()}.html",
        facts=notices.facts(edition, settings),
        others=[
            (word, notices.url(code, edition)) for code, word in notices.titles().items() if code != page
        ],
        editions=editions.public_list(db.session()) if edition is None else (),
    )
