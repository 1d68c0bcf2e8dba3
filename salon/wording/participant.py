"""Refusals of the participant pages."""

from __future__ import annotations

from salon.wording.base import Message

MESSAGES: dict[str, Message] = {}
