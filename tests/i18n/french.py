"""What the French catalogue adds to the sentences of the sources: typography, and « 0 » as a singular.

The sources may be typed with plain spaces; the reader gets the narrow ones that do not break. A sentence with
a plural form must be in the catalogue even when nothing changes: without it gettext counts the English way.
"""

from __future__ import annotations

import re

THIN = "\u202f"
_RULES = (
    (re.compile(r"[ \u00a0](?=[;:!?»])"), THIN),
    (re.compile(r"(?<=«)[ \u00a0]"), THIN),
    (re.compile(r"[ \u00a0](?=%(?!\())"), THIN),  # "3 %" and "3 %%", not "un %(mot)s"
    (re.compile(r"(?<=n°)[ \u00a0]"), THIN),
    (re.compile(r"(?<=\d)[ \u00a0](?=\d{3}\b)"), THIN),
    (re.compile(r"(?<=\d)[ \u00a0](?=(?:Mo|Ko|Go|mm|min|km|h)\b)"), THIN),
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
)


def set_in_type(text: str) -> str:
    """The same sentence as a French printer sets it."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
