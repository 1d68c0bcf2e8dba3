"""User text made safe to print: no control character, no bidirectional trick, no stray line break."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300  # characters of one field a document ever looks at; bounds measuring and wrapping

# C0/C1 controls but tab and newline, bidirectional embeddings, overrides and isolates (they reorder what
# follows them), byte-order mark, lone surrogates (cannot be encoded) and non-characters (illegal in XML).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def clean(value: str) -> str:
    """`value` without control characters, tabs and newlines kept; the type (`Markup`) is kept too."""
    return type(value)(_FORBIDDEN.sub("", value))


def one_line(value: str, limit: int = LONGEST) -> str:
    """`value` composed (NFC), on one line, single spaced, at most `limit` characters."""
    flat = re.sub(r"[\s\u2028\u2029]+", _kept_space, clean(unicodedata.normalize("NFC", str(value)))).strip()
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def _kept_space(match: re.Match[str]) -> str:
    """A no-break space standing alone survives: French figures and signs need it."""
    return match[0] if match[0] in ("\u00a0", "\u202f") else " "


def sort_key(value: str) -> str:
    """A key which files « Éluard » under E and « de Kersaint » under D, whatever the case."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))
    return one_line(bare).casefold()


def file_name(stem: str, extension: str) -> str:
    """An ASCII file name of at most 80 characters, safe in a header and on every system."""
    bare = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return (re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:80] or "document") + "." + extension


def natural_key(value: str) -> tuple[tuple[int, int, str], ...]:
    """A key which files T2 before T10, and stands after tables as their letters say."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", sort_key(value))
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts)
