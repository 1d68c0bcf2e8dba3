"""A structure in words: what catalogue, wish list and agenda say of one."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask_babel import gettext as _

from salon import i18n, vocabulary

_LONG = 28  # characters from which a kind goes by its short name in a line


def word(list_name: str, code: str) -> str:
    """The words of a code; the code itself if an installation has dropped it, nothing for none."""
    if not code:
        return ""
    try:
        return vocabulary.label(list_name, code, i18n.locale_code())
    except vocabulary.UnknownCode:
        return code


def words(list_name: str, codes: Iterable[str]) -> list[str]:
    """The words of codes, in the order of the alphabet."""
    return sorted((word(list_name, code) for code in codes), key=str.casefold)


def kind(code: str) -> str:
    """`Entreprise adaptée`, `ESAT`: the full name unless it fills the line."""
    full = word("kinds", code)
    if len(full) <= _LONG:
        return full
    return next((one.short for one in vocabulary.kinds() if one.code == code), full)


def place(town: str, department: str) -> str:
    """`Nantes (44)`."""
    if town and department:
        return _("%(town)s (%(department)s)", town=town, department=department)
    return town or word("departements", department)


def initials(name: str) -> str:
    """Two letters for the square that stands for a structure."""
    parts = [part for part in name.replace("-", " ").replace("’", " ").split() if part[0].isalnum()]
    strong = [part for part in parts if part[0].isupper() or part[0].isdigit()] or parts
    return "".join(part[0] for part in strong[:2]).upper() if len(strong) > 1 else name[:2].upper()


def web_address(text: str) -> str:
    """The address of a site when it is plain http(s), else nothing: no other scheme becomes a link."""
    wanted = text.strip()
    if wanted and "://" not in wanted and not wanted.startswith(("/", "mailto:", "javascript:")):
        wanted = f"https://{wanted}"
    parts = urlsplit(wanted) if wanted.isprintable() and " " not in wanted else None
    return wanted if parts and parts.scheme in {"http", "https"} and parts.netloc else ""
