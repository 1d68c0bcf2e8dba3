"""Uploaded pictures: read under limits, written anew."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.errors import Invalid
from salon.models import Asset
from salon.services import logos
from tests.factories import Factory

ROBOT = system("test")


def picture(kind: str, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#6B2A55").save(out, format=kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def _claiming(width: int, height: int) -> bytes:
    """A tiny PNG whose header claims a huge picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_accepted_formats_become_png(kind: str) -> None:
    done = Image.open(io.BytesIO(logos.reencode(picture(kind))))
    assert (done.format, done.size) == ("PNG", (40, 20))


def test_metadata_does_not_survive() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Adresse secrete"
    exif[0x0112] = 6  # turned by a quarter
    content = picture("JPEG", exif=exif)
    assert b"secrete" in content  # the control: it is there before
    done = logos.reencode(content)
    assert b"secr" not in done
    assert Image.open(io.BytesIO(done)).size == (20, 40)


def test_a_large_picture_is_made_smaller() -> None:
    assert Image.open(io.BytesIO(logos.reencode(picture("PNG", (3000, 100))))).size == (1200, 40)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "logo_too_heavy"),
        (b"x" * (logos.MAX_BYTES + 1), "logo_too_heavy"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo_unreadable"),
        (b"GIF89a\x01\x00\x01\x00", "logo_unreadable"),
        (picture("PNG")[:60], "logo_unreadable"),
        (picture("GIF"), "logo_unreadable"),
        (_claiming(5000, 5000), "logo_too_large"),
        (_claiming(60_000, 60_000), "logo_too_large"),
        (_claiming(40, 20), "logo_unreadable"),
    ],
)
def test_what_is_not_a_picture_within_limits_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        logos.reencode(content)
    assert refusal.value.code == code


def test_a_new_logo_never_reuses_an_address(session: Session, make: Factory, now: datetime) -> None:
    edition = make.edition()
    logos.store(session, ROBOT, now, edition=edition, content=picture("PNG"))
    first = edition.logo_version
    logos.store(session, ROBOT, now, edition=edition, content=picture("JPEG"))
    second = edition.logo_version
    logos.remove(session, ROBOT, now, edition=edition)
    assert (edition.logo_version, session.scalar(select(func.count()).select_from(Asset))) == (0, 0)
    logos.store(session, ROBOT, now + timedelta(minutes=1), edition=edition, content=picture("PNG"))
    assert len({first, second, edition.logo_version}) == 3
