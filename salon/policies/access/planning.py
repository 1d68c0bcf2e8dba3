"""Access rows of the planning pages."""

from __future__ import annotations

from salon.policies.access.rule import Access

ROWS: dict[str, Access] = {}
