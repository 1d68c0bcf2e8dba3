"""What correcting a sheet takes, whoever does: set what differs, replace lists, keep names apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from salon.errors import DomainError
from salon.models import Organisation, OrganisationTerm, Participation, ParticipationTerm
from salon.services.registration_inputs import codes
from salon.structures import Terms


def set_values(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set what differs; the names of the columns that changed."""
    changed = []
    for name, value in values.items():
        value = list(value) if isinstance(value, tuple) else value
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return changed


def set_terms(row: Organisation | Participation, terms: Terms) -> list[str]:
    """Replace the terms of these kinds; the kinds that changed. The owner's version rises with them."""
    table: Any = OrganisationTerm if isinstance(row, Organisation) else ParticipationTerm
    owner: Any = row
    changed = []
    for kind, given in terms.items():
        wanted, had = set(codes(kind, given)), {term.code for term in owner.terms if term.kind is kind}
        if wanted != had:
            owner.terms = [term for term in owner.terms if term.kind is not kind or term.code in wanted]
            owner.terms += [table(kind=kind, code=code) for code in sorted(wanted - had)]
            changed.append(kind.value)
    if changed:
        flag_modified(row, "created_at")  # a list that changed raises the version of its row too
    return changed


def refuse_taken_name(session: Session, home: Organisation, key: str, *, field: str) -> None:
    """Raise `organisation_exists` when another structure of the fair has this name."""
    others = (Organisation.fair_id == home.fair_id, Organisation.name_key == key, Organisation.id != home.id)
    if session.scalar(select(Organisation.id).where(*others)) is not None:
        raise DomainError("organisation_exists", field=field)
