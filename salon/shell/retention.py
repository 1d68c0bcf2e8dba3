"""What organisers are told of the end of the retention period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from salon import i18n, keeping
from salon.models import Edition
from salon.shell.context import local
from salon.shell.words import link


@dataclass(frozen=True, slots=True)
class State:
    """When people are forgotten, whether that is near, and when it last happened; days in words."""

    on: str
    is_near: bool
    last: str


def state(edition: Edition, now: datetime) -> State:
    """Days as they are where the fair is held."""
    done = edition.anonymised_at
    return State(
        _day(keeping.due_at(edition, now))
        if keeping.is_announced(edition, now)
        else _day(keeping.over_at(edition)),
        keeping.is_announced(edition, now),
        _day(done) if done else "",
    )


def _day(moment: datetime) -> str:
    return str(i18n.long_date(local(moment).date()))


@dataclass(frozen=True, slots=True)
class Announcement:
    """For the edition's home."""

    title: str
    fact: str
    url: str


def announcement(edition: Edition, now: datetime, people: int) -> Announcement | None:
    """A month before people are forgotten, and as long as any are left."""
    if not people or not keeping.is_announced(edition, now):
        return None
    return Announcement(
        _(
            "Les données personnelles de cette édition seront effacées le %(day)s.",
            day=state(edition, now).on,
        ),
        _("Avant cette date, téléchargez ce que vous devez garder, ou allongez la durée de conservation."),
        link(edition, "settings.retention"),
    )
