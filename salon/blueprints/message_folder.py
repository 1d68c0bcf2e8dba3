"""The outbox on screen, where there is no mail server: the administrator reads what was put in the folder."""

from __future__ import annotations

import base64
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue

from salon.blueprints.message_letters import sandboxed
from salon.blueprints.messages import bp, goes_to_a_folder
from salon.enums import MailKind
from salon.extensions import db
from salon.mail.shape import full_id
from salon.mail.transport import Folder
from salon.models import OutboxMail
from salon.queries import messages as reads

SHOWN = 200
_OPENS_A_SESSION = (MailKind.SIGN_IN, MailKind.CONFIRM_ADDRESS)


@bp.get("/outbox/")
def folder() -> ResponseReturnValue:
    """The last messages of the whole installation."""
    if not goes_to_a_folder():
        abort(404)
    lines = reads.deposited(db.session(), SHOWN)
    readable = {one.line.id for one in lines if _may_read(one.line.kind)}
    return render_template("messages/folder.html", lines=lines, shown=SHOWN, readable=readable)


@bp.get("/outbox/<int:number>")
def deposited(number: int) -> ResponseReturnValue:
    """One message as it was put down."""
    mail, message = _found(number)
    text = message.get_body(("plain",))
    return render_template(
        "messages/deposited.html",
        line=reads.line(db.session(), mail),
        subject=str(message["Subject"]),
        sender=str(message["From"]),
        lines=_lines(text.get_content() if text is not None else ""),
        files=[part.get_filename("") for part in message.iter_attachments()],
    )


@bp.get("/outbox/<int:number>/letter")
def deposited_letter(number: int) -> ResponseReturnValue:
    """Its HTML part, links and all."""
    _mail, message = _found(number)
    html = message.get_body(("html",))
    if html is None:
        abort(404)
    return sandboxed(_with_pictures(html.get_content(), message))


def _lines(text: str) -> list[tuple[str, bool]]:
    """Lines of the text part, and whether each is one of our own addresses: no other becomes a link."""
    own = current_app.config["SALON"].base_url + "/"
    lines = (line.strip() for line in text.splitlines())
    return [(line, line.startswith(own) and " " not in line) for line in lines if line]


def _may_read(kind: MailKind) -> bool:
    """A link that opens somebody's session is shown in a demonstration only."""
    return bool(current_app.config["SALON"].demo) or kind not in _OPENS_A_SESSION


def _found(number: int) -> tuple[OutboxMail, EmailMessage]:
    settings = current_app.config["SALON"]
    mail = db.session().get(OutboxMail, number) if 0 < number < 2**31 else None
    if mail is None or not goes_to_a_folder() or not _may_read(mail.kind):
        abort(404)
    file = Folder(Path(settings.instance) / "outbox").file_of(full_id(mail.message_id, settings.mail_from))
    if not file.is_file():
        abort(404)
    return mail, message_from_bytes(file.read_bytes(), policy=default)


def _with_pictures(html: str, message: EmailMessage) -> str:
    """Pictures that travel inside the message, as the page can show them."""
    for part in message.walk():
        name = part.get("Content-ID", "").strip("<>")
        if name and part.get_content_type() == "image/png":
            content = base64.b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{name}", f"data:image/png;base64,{content}")
    return html
