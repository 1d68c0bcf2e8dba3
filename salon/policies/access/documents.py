"""Access rows of the documents pages: whoever is at the desk prints."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "documents.index": Access(Audience.READER),
    "documents.order": Access(Audience.DESK),
    "documents.orders": Access(Audience.DESK),
    "documents.cancel": Access(Audience.DESK),
    "documents.retry": Access(Audience.DESK),
    "documents.download": Access(Audience.DESK),
    "documents.people": Access(Audience.READER),
    "documents.badge": Access(Audience.DESK),
    "documents.badge_pdf": Access(Audience.DESK),
    "documents.agenda_pdf": Access(Audience.DESK),
    "documents.calibration": Access(Audience.DESK),
}
