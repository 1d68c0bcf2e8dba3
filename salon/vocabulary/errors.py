"""What can be wrong with a vocabulary or with a question put to it."""

from __future__ import annotations


class VocabularyError(ValueError):
    """A vocabulary file cannot be used; the message names file, line and column."""


class UnknownCode(LookupError):
    """No term of this list has this code."""

    def __init__(self, list_name: str, code: str) -> None:
        super().__init__(f"no code {code!r} in the vocabulary list {list_name!r}")
        self.list_name = list_name
        self.code = code


class UnknownList(LookupError):
    """The vocabulary has no list of this name."""

    def __init__(self, list_name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no vocabulary list {list_name!r}; the lists are {', '.join(known)}")
        self.list_name = list_name


class UnknownLocale(LookupError):
    """Labels exist in French and English only."""

    def __init__(self, locale: str) -> None:
        super().__init__(f"no vocabulary labels in locale {locale!r}; there are fr and en")
        self.locale = locale
