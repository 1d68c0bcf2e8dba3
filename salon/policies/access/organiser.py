"""Access rows of the organiser pages."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "organiser.index": Access(Audience.SIGNED_IN),
    "organiser.home": Access(Audience.READER),
    "guide.index": Access(Audience.READER),
    "guide.chapter": Access(Audience.READER),
}
