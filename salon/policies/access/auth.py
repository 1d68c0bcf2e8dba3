"""Access rows of the auth pages."""

from __future__ import annotations

from salon.policies.access.rule import Access

ROWS: dict[str, Access] = {}
