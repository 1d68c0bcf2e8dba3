"""Access rows of the catalogue, the wish list, the agenda and its calendars."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "participant.catalogue": Access(Audience.APPROVED),
    "participant.card": Access(Audience.APPROVED),
    "participant.wishes": Access(Audience.APPROVED),
    "participant.wish": Access(Audience.APPROVED),
    "participant.wish_undo": Access(Audience.APPROVED),
    "participant.wishes_edit": Access(Audience.APPROVED),
    "participant.wishes_save": Access(Audience.APPROVED),
    "participant.agenda": Access(Audience.ATTENDEE),
    "participant.agenda_pdf": Access(Audience.ATTENDEE),
    "participant.agenda_ics": Access(Audience.ATTENDEE),
    "participant.calendar": Access(Audience.ATTENDEE),
    "participant.calendar_create": Access(Audience.ATTENDEE),
    "participant.calendar_revoke": Access(Audience.ATTENDEE),
    "participant.calendar_revoke_now": Access(Audience.ATTENDEE),
    "participant.badge": Access(Audience.APPROVED),
    "participant.badge_pdf": Access(Audience.APPROVED),
    "feeds.calendar": Access(Audience.TOKEN),
}
