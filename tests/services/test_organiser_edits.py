"""What an organiser's correction of a person changes beside that person."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from salon.actor import system
from salon.enums import DelegateStatus
from salon.models import Delegate
from salon.services import organiser_edits
from salon.services.organiser_edits import PersonEdit
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
