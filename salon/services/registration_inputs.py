"""What somebody says when they register, clean and checked; plain values, no row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salon import vocabulary
from salon.enums import ConsentPurpose, TermKind
from salon.errors import Invalid
from salon.keys import name_key
from salon.services.import_cells import READERS, BadCell
from salon.structures import Structure

LISTS: Mapping[TermKind, str] = {
    TermKind.SECTOR: "sectors",
    TermKind.NETWORK: "networks",
    TermKind.LABEL: "labels",
    TermKind.LANGUAGE: "languages",
    TermKind.PRESTA: "prestas",
    TermKind.OFFERED_SECTOR: "sectors",
    TermKind.NEEDED_SECTOR: "sectors",
}
MAX_COLLEAGUES = 10


@dataclass(frozen=True, slots=True)
class PersonInput:
    """A person; an access need is what must be there, never its cause."""

    first_name: str
    last_name: str
    email: str
    job_title: str = ""
    phone: str = ""
    locale: str = "fr"
    languages: tuple[str, ...] = ()
    step_free: bool = False
    interpreter: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """All of a registration form."""

    type_id: int
    structure: Structure
    person: PersonInput
    colleagues: tuple[PersonInput, ...] = ()
    answers: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    consents: frozenset[ConsentPurpose] = frozenset()
    wording: str = ""  # version of the consent texts that were shown


def structure_values(structure: Structure, *, name_field: str = "organisation") -> dict[str, Any]:
    """The columns of an organisation, checked; `name_field` is the name's own field in the form.

    Raises
    ------
    Invalid
        On the field that cannot be right.
    """
    key = name_key(structure.name)
    if not key:
        raise Invalid("bad_no_letter", field=name_field)
    return {
        "name": structure.name,
        "name_key": key,
        "kind": known("kinds", structure.kind),
        "legal_form": known("legal_forms", structure.legal_form),
        "siret": checked("siret", structure.siret) or None,
        "department": known("departements", structure.department),
        "town": structure.town,
        "size": known("sizes", structure.size),
        "website": checked("website", structure.website),
        "pitch": structure.pitch,
    }


def person_values(person: PersonInput) -> dict[str, Any]:
    """The columns of a delegate, checked; raises `Invalid`."""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "job_title": person.job_title,
        "phone": checked("phone", person.phone),
        "locale": person.locale,
        "languages": list(codes(TermKind.LANGUAGE, person.languages)),
        "step_free": person.step_free,
        "interpreter": known("access_needs", person.interpreter),
    }


def codes(kind: TermKind, given: tuple[str, ...]) -> tuple[str, ...]:
    """Those that the vocabulary knows, each once, in order."""
    book = vocabulary.packaged()
    return tuple(code for code in dict.fromkeys(given) if book.has(LISTS[kind], code))


def known(list_name: str, code: str) -> str:
    """The code when the list has it, else nothing."""
    return code if code and vocabulary.packaged().has(list_name, code) else ""


def checked(key: str, value: str) -> str:
    """The value as an import would read it; raises `Invalid` on its field."""
    if not value:
        return ""
    try:
        return str(READERS[key](value, key))
    except BadCell as bad:
        raise Invalid(f"bad_{bad.code}", field=key) from bad
