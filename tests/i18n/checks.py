"""What may be wrong with a catalogue, each fault as a line to read."""

from __future__ import annotations

import re

from babel.messages.catalog import Catalog, Message

from tests.i18n.extraction import forms, messages

_NAMED = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
_PERCENT = re.compile(r"%(?!\(|%)")
_FRENCH_SPACES = re.compile(r"[\u202f\u00a0 ][;:!?»]|«|\w'\w|\"")


def key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, tuple(forms(message.id))


def faults(found: Catalog, kept: Catalog) -> list[str]:
    """Missing, left over, fuzzy, empty or with other placeholders: nothing else may differ from the sources."""
    wanted = {key(one): one for one in messages(found)}
    stored = {key(one): one for one in messages(kept)}
    lines = [f"missing: {ident[0]}" for _context, ident in wanted.keys() - stored.keys()]
    lines += [f"left over: {ident[0]}" for _context, ident in stored.keys() - wanted.keys()]
    lines += [f"left over: {forms(one.id)[0]}" for one in kept.obsolete.values()]
    for message in stored.values():
        lines += entry_faults(message)
    return sorted(lines)


def entry_faults(message: Message) -> list[str]:
    """What is wrong with one entry."""
    ident, said = forms(message.id), forms(message.string)
    name = ident[0]
    if message.fuzzy:
        return [f"fuzzy: {name}"]
    if len(said) != len(ident) or not all(form.strip() for form in said):
        return [f"empty: {name}"]
    lines = []
    for wanted, form in zip(ident, said, strict=True):
        if sorted(_NAMED.findall(wanted)) != sorted(_NAMED.findall(form)):
            lines.append(f"placeholders: {name}")
        if _NAMED.search(wanted) and _PERCENT.search(form.replace("%%", "")):
            lines.append(f"a bare %: {name}")
    return lines or [f"refused by the compiler: {error} in {name}" for error in message.check()]


def foreign_typography(kept: Catalog) -> list[str]:
    """English sentences with French spaces or quotes, or with typewriter marks."""
    return [form for one in messages(kept) for form in forms(one.string) if _FRENCH_SPACES.search(form)]
