"""What became of each wish once the planning is out, in words that tell nothing about the other side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from salon import i18n
from salon.models import Delegate, Edition, Release
from salon.queries import attendee_agenda
from salon.queries import wish_list as reads
from salon.shell.context import local
from salon.shell.wish_list import MyWishes
from salon.wording.wishes import gentle


@dataclass(frozen=True, slots=True)
class Outcome:
    """A word with its tone."""

    words: str
    tone: str
    icon: str


def outcomes(
    session: Session, edition: Edition, me: Delegate, mine: MyWishes, release: Release
) -> Mapping[int, Outcome]:
    """By structure: the hour and the table, or a gentle reason; where nothing is known, nothing is said."""
    found: dict[int, Outcome] = {}
    reasons = reads.unserved(session, edition, me.id)
    for line in mine.lines:
        if line.organisation in reasons:
            found[line.organisation] = Outcome(gentle(reasons[line.organisation]), "neutral", "dash-circle")
    for met in attendee_agenda.counterparts(session, release, me):
        if met.is_on:
            words = _("%(time)s, table %(table)s", time=i18n.clock(local(met.starts_at)), table=met.table)
            found[met.organisation] = Outcome(words, "ok", "calendar-check")
        elif found.get(met.organisation, Outcome("", "", "")).tone != "ok":
            found[met.organisation] = Outcome(_("Annulé"), "bad", "x-circle-fill")
    return found
