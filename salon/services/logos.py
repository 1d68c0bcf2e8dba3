"""An edition's logo: whatever is uploaded is decoded, bounded and written anew as PNG."""

from __future__ import annotations

import io
import warnings
from datetime import datetime

from PIL import Image, ImageFile, ImageOps
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.errors import Invalid
from salon.models import Asset, Edition
from salon.services import audit

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 16_000_000
_EPOCH = 1_700_000_000  # versions follow the clock: a removed and new logo never reuses a cached address
LARGEST_SIDE = 1200  # px kept; four times the widest place a logo is shown at


def store(session: Session, actor: Actor, now: datetime, *, edition: Edition, content: bytes) -> None:
    """The edition shows this picture; raises `Invalid` for what is not a picture within the limits."""
    png = reencode(content)
    session.execute(delete(Asset).where(_this(edition)))
    session.add(
        Asset(edition_id=edition.id, kind="logo", media_type="image/png", content=png, created_at=now)
    )
    edition.logo_version = max(edition.logo_version + 1, int(now.timestamp()) - _EPOCH)
    session.flush()
    audit.record(session, actor, now, "logo_changed", edition_id=edition.id, obj=edition, size=len(png))


def remove(session: Session, actor: Actor, now: datetime, *, edition: Edition) -> None:
    """The edition has no logo; nothing happens when it had none."""
    if session.scalar(select(Asset.id).where(_this(edition))) is None:
        return
    session.execute(delete(Asset).where(_this(edition)))
    edition.logo_version = 0
    session.flush()
    audit.record(session, actor, now, "logo_removed", edition_id=edition.id, obj=edition)


def reencode(content: bytes) -> bytes:
    """A PNG of the picture's first frame: no metadata, no other chunk, `LARGEST_SIDE` px at most."""
    if not content or len(content) > MAX_BYTES:
        raise Invalid("logo_too_heavy", field="logo", limit_mb=MAX_BYTES // 1024 // 1024)
    picture = _decode(content)
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture.convert("RGBA"))
    clean.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    out = io.BytesIO()
    clean.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _decode(content: bytes) -> Image.Image:
    """The size is read from the header and judged before a pixel is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise Invalid("logo_too_large", field="logo", width=picture.width, height=picture.height)
            return _whole(picture)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid("logo_too_large", field="logo", width=0, height=0) from None
    except Exception:
        # Pillow's decoders raise a dozen kinds of errors on broken files (OSError, SyntaxError, ValueError,
        # struct.error…); whichever it is, the person's remedy is the same.
        raise Invalid("logo_unreadable", field="logo") from None


def _whole(picture: Image.Image) -> Image.Image:
    """Every pixel decoded, upright. WeasyPrint tells Pillow to accept truncated files: not here."""
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        picture.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return ImageOps.exif_transpose(picture)


def _this(edition: Edition) -> ColumnElement[bool]:
    return (Asset.edition_id == edition.id) & (Asset.kind == "logo")
