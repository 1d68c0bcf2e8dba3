"""Registers every task and sweep by importing the modules that handle them."""

from __future__ import annotations

from salon.jobs import documents, erasures, housekeeping, imports, mail, runs, scrub

__all__ = ["documents", "erasures", "housekeeping", "imports", "mail", "runs", "scrub"]
