"""What an organiser's correction of a person changes beside that person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import system
from salon.enums import DelegateStatus, TermKind
from salon.errors import DomainError
from salon.models import Delegate, Organisation, Participation
from salon.queries import structures
from salon.services import organiser_edits
from salon.services.organiser_edits import PersonEdit
from salon.structures import StructureSheet
from tests.conftest import NOW
from tests.factories import Factory


def edit(delegate: Delegate, type_id: int) -> PersonEdit:
    values = {name: getattr(delegate, name) for name in PersonEdit.__slots__}
    return PersonEdit(**{**values, "languages": tuple(delegate.languages), "type_id": type_id})


@pytest.mark.parametrize("moves", [True, False])
def test_a_place_freed_by_a_change_of_type_goes_to_the_waiting_list(
    session: Session, make: Factory, *, moves: bool
) -> None:
    fair = make.edition()
    full = make.type(fair, "A", capacity=1, has_waiting_list=True, approves_itself=True)
    other = make.type(fair, "E")
    there = make.delegate(fair, full)
    waits = make.delegate(fair, full, status=DelegateStatus.WAITING, confirmed_at=NOW)
    target = other.id if moves else full.id
    organiser_edits.update_person(
        session, system("test"), NOW, delegate=there, version=there.version, edit=edit(there, target)
    )
    assert (waits.status is not DelegateStatus.WAITING) is moves


@pytest.mark.parametrize("part", ["name", "terms", "offers"])
def test_an_organiser_never_overwrites_what_changed_meanwhile(
    session: Session, make: Factory, part: str
) -> None:
    """A list alone that changed counts, and an offer alone too."""
    fair = make.edition()
    one = make.delegate(fair, make.type(fair, "A"))
    home = session.get_one(Organisation, one.organisation_id)
    shown = structures.sheet(session, fair.id, home)

    def save(edit: StructureSheet) -> None:
        organiser_edits.update_organisation(
            session, system("test"), NOW, edition=fair, organisation_id=home.id, edit=edit
        )

    other = {
        "name": replace(shown, name="Autre nom"),
        "terms": replace(shown, terms={TermKind.SECTOR: ("maraichage",)}),
        "offers": replace(shown, offers="Du linge"),
    }[part]
    save(other)
    with pytest.raises(DomainError, match="changed_meanwhile"):
        save(replace(shown, pitch="Trop tard"))
    save(replace(shown, pitch="À temps", version=structures.sheet(session, fair.id, home).version))
    assert home.pitch == "À temps"
    assert session.scalars(select(Participation.offers)).one() == ""
