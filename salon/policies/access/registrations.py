"""Access rows of the registrations pages."""

from __future__ import annotations

from salon.policies.access.rule import Access

ROWS: dict[str, Access] = {}
