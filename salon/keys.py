"""Folded forms under which two spellings of one address or one name are the same; a leaf."""

from __future__ import annotations

import unicodedata

NAME_KEY_LENGTH = 200  # of Organisation.name_key


def fold(text: str) -> str:
    """Letters and digits only, without accents or case: « N° SIRET » becomes `n siret`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold().replace("œ", "oe")).split())


def name_key(name: str) -> str:
    """What `Organisation.name_key` holds: empty when the name has neither letter nor digit."""
    return fold(name)[:NAME_KEY_LENGTH]


def email_key(address: str) -> str:
    """What `Account.email_key` holds: composed and without case, so that one mailbox is one account."""
    return unicodedata.normalize("NFKC", address.strip()).casefold()
