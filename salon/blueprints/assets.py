"""Fonts, an edition's colour and logo, and the two text files that robots ask for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, abort, current_app, g, send_file
from sqlalchemy import select

from exports.fonts import FontSet, build
from salon.brand import theme_css
from salon.extensions import db
from salon.models import Asset, Edition

bp = Blueprint("assets", __name__)
_FOREVER = "public, max-age=31536000, immutable"


_built: dict[Path, FontSet] = {}
_building = Lock()


def _fonts(folder: Path) -> FontSet:
    """The fonts of an instance; built by its first request when `salon init` did not run (about 15 s)."""
    with _building:  # a page asks for three at once
        if folder not in _built:
            _built[folder] = build(folder)
        return _built[folder]


@bp.get("/assets/fonts/<name>")
def font(name: str) -> Response:
    """A WOFF2 subset, built once in the instance folder."""
    file = _fonts(Path(current_app.instance_path) / "fonts").web(name)
    if file is None:
        abort(404)
    response = send_file(file, mimetype="font/woff2")
    response.headers["Cache-Control"] = _FOREVER
    return response


@bp.get("/e/<edition>/theme.css")
def theme(edition: Edition) -> Response:
    """The edition's accent as custom properties; contrast is kept whatever the colour."""
    response = Response(theme_css(edition.accent), mimetype="text/css")
    response.headers["Cache-Control"] = _FOREVER
    return response


@bp.get("/e/<edition>/logo.png")
def logo(edition: Edition) -> Response:
    """The edition's logo, re-encoded at upload."""
    found = db.session.scalar(select(Asset).where(Asset.edition_id == edition.id, Asset.kind == "logo"))
    if found is None:
        abort(404)
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = _FOREVER
    return response


@bp.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Where to report a fault, good for 300 days from now."""
    settings = current_app.config["SALON"]
    expires = (g.now + timedelta(days=300)).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    contact = settings.operator_email or settings.mail_from
    lines = [f"Contact: mailto:{contact}", f"Expires: {expires}", "Preferred-Languages: fr, en"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/robots.txt")
def robots() -> Response:
    """Search engines may read the public pages of editions, nothing else."""
    lines = ["User-agent: *", "Disallow: /", "Allow: /$", "Allow: /e/*/$"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
