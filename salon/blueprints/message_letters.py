"""A letter on a page: its words with their secrets replaced, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response, render_template, url_for
from sqlalchemy.orm import Session

from salon.mail import letters
from salon.mail.letter import Letter, Sender
from salon.mail.shape import html_of
from salon.models import Edition, OutboxMail
from salon.wording import messages as wording

# Mail needs style attributes; nothing else may happen in it, and no form of ours can be sent from it.
LETTER_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter and who it comes from; or the sentence that says why there is none."""

    language: str
    letter: Letter | None = None
    sender: Sender | None = None
    why_not: str = ""


def shown_letter(session: Session, now: datetime, mail: OutboxMail) -> Shown:
    """The message as it would leave now, from the rows of now; nothing is issued, nothing written."""
    try:
        with session.no_autoflush:
            letter, sender = letters.write(session, now, mail)
    except letters.Pointless as reason:
        return Shown(mail.language, why_not=wording.pointless_word(str(reason)))
    except LookupError:
        return Shown(mail.language, why_not=wording.missing_words())
    return Shown(mail.language, letter, sender)


def reading_page(shown: Shown, edition: Edition | None) -> Response:
    """The HTML part alone, under a policy of its own."""
    if shown.letter is None or shown.sender is None:
        return Response(render_template("messages/no_letter.html", why_not=shown.why_not), status=410)
    logo = ""
    if edition is not None and edition.logo_version:
        logo = url_for("assets.logo", edition=edition.slug, v=edition.logo_version)
    return sandboxed(html_of(shown.letter, shown.sender, shown.language, logo))


def sandboxed(html: str) -> Response:
    """A page that shows a message and can do nothing else."""
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_CSP
    return response
