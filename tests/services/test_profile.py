"""Sheets: the owner corrects theirs, the contact the structure's; two tabs never undo each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, QuestionKind, TermKind
from salon.errors import DomainError, Invalid
from salon.models import Answer, AuditEntry, Delegate, Edition, Organisation, Question
from salon.queries import structures
from salon.services import profile
from salon.services.profile import OfferInput
from salon.services.registration_inputs import PersonInput
from salon.structures import Structure, StructureSheet
from tests.conftest import NOW
from tests.factories import Factory

ME = PersonInput("Claire", "Béranger", "x@lac.example", "Achats", "06 39 98 12 34", languages=("fr", "lsf"))
HOME = Structure("Atelier", "esat", town="Brévenne", terms={TermKind.SECTOR: ("maraichage",)})
OFFER = OfferInput("Légumes", "Transport", ("maraichage",), ())


@pytest.fixture
def edition(make: Factory) -> Edition:
    return make.edition()


@pytest.fixture
def lead(make: Factory, edition: Edition) -> Delegate:
    return make.delegate(edition, make.type(edition), is_lead=True)


def update(session: Session, one: Delegate, person: PersonInput = ME, **answers: dict[str, object]) -> None:
    profile.update_person(
        session, Actor(account_id=one.account_id), NOW, delegate=one, version=one.version, person=person,
        answers={int(key[1:]): value for key, value in answers.items()},
    )  # fmt: skip


def stored(session: Session, edition: Edition, lead: Delegate) -> StructureSheet:
    home = session.get_one(Organisation, lead.organisation_id)
    return structures.sheet(session, edition.id, home)


def describe(
    session: Session, edition: Edition, lead: Delegate, structure: Structure = HOME,
    offer: OfferInput = OFFER, version: str = "",
) -> None:  # fmt: skip
    seen = version or stored(session, edition, lead).version
    profile.update_organisation(
        session, Actor(account_id=lead.account_id), NOW, edition=edition, lead=lead, version=seen,
        structure=structure, offer=offer,
    )  # fmt: skip


def test_the_sheet_is_stored_and_the_log_holds_names_of_columns(session: Session, lead: Delegate) -> None:
    update(session, lead)
    assert (lead.first_name, lead.phone, lead.languages) == ("Claire", "06 39 98 12 34", ["fr", "lsf"])
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person_updated")).one()
    assert "first_name" in entry.details["fields"]
    assert "Claire" not in str(entry.details)


def test_nothing_changed_leaves_no_trace(session: Session, lead: Delegate) -> None:
    update(session, lead)
    version = lead.version
    update(session, lead)
    assert lead.version == version
    assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_a_second_tab_does_not_undo_the_first(session: Session, lead: Delegate) -> None:
    shown = lead.version
    update(session, lead)
    with pytest.raises(DomainError, match="changed_meanwhile"):
        profile.update_person(
            session, Actor(account_id=lead.account_id), NOW, delegate=lead, version=shown,
            person=replace(ME, first_name="Autre"), answers={},
        )  # fmt: skip
    assert lead.first_name == "Claire"


def test_answers_replace_those_of_live_questions_only(
    session: Session, edition: Edition, lead: Delegate
) -> None:
    live = Question(edition_id=edition.id, position=1, kind=QuestionKind.TEXT, label={"fr": "Régime ?"})
    old = Question(
        edition_id=edition.id, position=2, kind=QuestionKind.TEXT, label={"fr": "Taxi ?"}, archived_at=NOW
    )
    session.add_all([live, old])
    session.flush()
    session.add(Answer(delegate_id=lead.id, question_id=old.id, value={"text": "ancien"}))
    session.flush()
    update(session, lead, **{f"q{live.id}": {"text": "un"}, f"q{old.id}": {"text": "pirate"}})
    update(session, lead, **{f"q{live.id}": {"text": "deux"}})
    found = {a.question_id: a.value["text"] for a in session.scalars(select(Answer))}
    assert found == {live.id: "deux", old.id: "ancien"}


def test_the_contact_describes_the_structure(session: Session, edition: Edition, lead: Delegate) -> None:
    describe(session, edition, lead)
    sheet = stored(session, edition, lead)
    assert (sheet.name, sheet.kind, sheet.town, sheet.offers) == ("Atelier", "esat", "Brévenne", "Légumes")
    assert sheet.terms == {
        TermKind.SECTOR: ("maraichage",), TermKind.OFFERED_SECTOR: ("maraichage",),
    }  # fmt: skip


@pytest.mark.parametrize("part", ["terms", "offer", "offered"])
def test_every_part_of_the_sheet_is_guarded_against_a_second_tab(
    session: Session, edition: Edition, lead: Delegate, part: str
) -> None:
    """A list alone that changed counts too."""
    describe(session, edition, lead)
    shown = stored(session, edition, lead).version
    structure = replace(HOME, terms={TermKind.SECTOR: ()}) if part == "terms" else HOME
    offer = {
        "offer": replace(OFFER, needs="Autre"), "offered": replace(OFFER, offered=()),
    }.get(part, OFFER)  # fmt: skip
    describe(session, edition, lead, structure, offer)
    with pytest.raises(DomainError, match="changed_meanwhile"):
        describe(session, edition, lead, HOME, OFFER, shown)


def test_who_may_not_describe_it(session: Session, make: Factory, edition: Edition, lead: Delegate) -> None:
    home = session.get_one(Organisation, lead.organisation_id)
    colleague = make.delegate(edition, make.type(edition, "E"), home)
    with pytest.raises(DomainError, match="lead_only"):
        describe(session, edition, colleague)
    lead.status = DelegateStatus.CANCELLED
    with pytest.raises(DomainError, match="registration_over"):
        describe(session, edition, lead)


def test_names_stay_apart_in_a_fair(
    session: Session, make: Factory, edition: Edition, lead: Delegate
) -> None:
    make.organisation(edition, "Voisine")
    with pytest.raises(DomainError, match="organisation_exists"):
        describe(session, edition, lead, replace(HOME, name="VOISINE"))
    with pytest.raises(Invalid, match="bad_no_letter"):
        describe(session, edition, lead, replace(HOME, name="…"))


def test_codes_that_the_vocabulary_does_not_know_are_dropped(
    session: Session, edition: Edition, lead: Delegate
) -> None:
    describe(session, edition, lead, replace(HOME, kind="nonsense", terms={TermKind.SECTOR: ("x", "x")}))
    sheet = stored(session, edition, lead)
    assert (sheet.kind, sheet.terms.get(TermKind.SECTOR)) == ("", None)
