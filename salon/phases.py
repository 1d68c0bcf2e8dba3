"""Where the phases of an edition stand on its date line; a leaf."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from salon.enums import Phase


class Dated(Protocol):
    """What an edition says of its phases."""

    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    wishes_open_at: datetime | None
    wishes_close_at: datetime | None


def phase(opens: datetime | None, closes: datetime | None, now: datetime) -> Phase:
    """`[opens, closes)`: without an opening nothing is planned; without a closing it stays open."""
    if opens is None:
        return Phase.UNPLANNED
    if now < opens:
        return Phase.COMING
    return Phase.CLOSED if closes is not None and now >= closes else Phase.OPEN


def registration(edition: Dated, now: datetime) -> Phase:
    """State of the registrations."""
    return phase(edition.registration_opens_at, edition.registration_closes_at, now)


def wishes(edition: Dated, now: datetime) -> Phase:
    """State of the wishes."""
    return phase(edition.wishes_open_at, edition.wishes_close_at, now)
