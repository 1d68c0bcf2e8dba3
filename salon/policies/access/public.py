"""Access rows of the public pages."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "public.home": Access(Audience.PUBLIC),
    "public.edition": Access(Audience.PUBLIC),
}
