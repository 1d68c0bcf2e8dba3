"""An imported file: what it says it will do is what it does, once, and it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.demo.imports import ImportLine, csv_bytes, xlsx_bytes
from salon.enums import DelegateStatus, Role, Source, TermKind
from salon.errors import DomainError, Invalid
from salon.models import (
    Account,
    AuditEntry,
    Delegate,
    Edition,
    ImportBatch,
    Organisation,
    OrganisationTerm,
    Participation,
)
from salon.services import import_reading, import_undo, imports
from salon.services.import_planning import Fate, Plan
from tests.conftest import NOW
from tests.factories import Factory


class Scene:
    """An edition with two sides, an organiser, and short ways to import into it."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make = session, make
        self.edition: Edition = make.edition()
        self.buyers, self.exhibitors = make.two_sides(self.edition)
        account = make.member(self.edition, Role.ORGANISER)
        self.actor = Actor(account_id=account.id, roles={self.edition.id: Role.ORGANISER})

    def batch(self, content: bytes, *, type_id: int | None = None) -> ImportBatch:
        table = import_reading.read(content)
        batch = imports.store(
            self.session, self.actor, NOW, edition=self.edition, filename="liste.csv", table=table
        )
        imports.choose_columns(
            self.session,
            batch,
            columns=batch.mapping["columns"],
            type_id=type_id or self.exhibitors.id,
            status=DelegateStatus.APPROVED,
        )
        return batch

    def plan(self, batch: ImportBatch) -> Plan:
        plan = imports.preview(self.session, self.edition, batch).plan
        assert plan is not None
        return plan

    def apply(self, batch: ImportBatch) -> Plan:
        seen = self.plan(batch).fingerprint
        return imports.apply(
            self.session, self.actor, NOW, edition=self.edition, batch=batch, fingerprint=seen
        )

    def undo(self, batch: ImportBatch) -> import_undo.Undone:
        return import_undo.undo(self.session, self.actor, NOW, batch=batch)

    def count(self, table: type) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def scene(session: Session, make: Factory) -> Scene:
    return Scene(session, make)


def text(*rows: str, header: str = "Structure;Prénom;Nom;E-mail;Fonction;Ville;Secteurs") -> bytes:
    return "\n".join([header, *rows]).encode()


def person(number: int, **over: str) -> ImportLine:
    values = {
        "organisation": f"Structure {number % 3}", "kind": "ESAT", "first_name": "Lou", "last_name": f"N{number}",
        "email": f"lou{number}@structure.example", "phone": "06 39 98 12 34", "job_title": "Gérante",
        "languages": "Français, Anglais", "departement": "44", "access_need": "",
    }  # fmt: skip
    return ImportLine(**{**values, **over})


def lines(scene: Scene, given: Iterable[ImportLine]) -> Plan:
    return scene.plan(scene.batch(csv_bytes(given)))


def test_new_people_join_new_structures(scene: Scene) -> None:
    batch = scene.batch(xlsx_bytes([person(n) for n in range(6)]))
    plan = scene.apply(batch)
    new = sum(one.known is None for one in plan.organisations.values())
    assert (plan.count(Fate.NEW), new, plan.problems) == (6, 3, ())
    found = list(scene.session.scalars(select(Delegate).order_by(Delegate.id)))
    assert {row.status for row in found} == {DelegateStatus.APPROVED}
    assert {row.source for row in found} == {Source.IMPORT}
    assert [row.is_lead for row in found] == [True] * 3 + [False] * 3
    assert {row.type_id for row in found} == {scene.exhibitors.id}
    assert found[0].languages == ["fr", "en"]
    assert all(row.confirmed_at is None for row in found)  # nobody proved the address yet
    assert {(o.name, o.kind, o.department) for o in scene.session.scalars(select(Organisation))} == {
        (f"Structure {n}", "esat", "44") for n in range(3)
    }
    assert scene.count(Participation) == 3
    assert batch.rows == []
    assert "import_applied" in set(scene.session.scalars(select(AuditEntry.action)))


def test_access_needs_become_needs(scene: Scene) -> None:
    scene.apply(
        scene.batch(
            csv_bytes([person(1, access_need="Table de plain-pied, Interprète en langue des signes")])
        )
    )
    row = scene.session.scalars(select(Delegate)).one()
    assert (row.step_free, row.interpreter) == (True, "interpreter_lsf")


def test_each_bad_cell_is_named_with_its_line_and_column(scene: Scene) -> None:
    plan = lines(
        scene,
        [
            person(1, email="dupont@"),
            person(2, last_name=""),
            person(3, kind="ESATT"),
            person(4, phone="demain"),
            person(5, departement="99"),
            person(6, organisation="***"),
        ],
    )
    assert {(p.line, p.column, p.code) for p in plan.problems} == {
        (2, "E-mail", "email"),
        (3, "Nom", "empty"),
        (4, "Type de structure", "unknown_word"),
        (5, "Téléphone", "phone"),
        (6, "Département", "unknown_word"),
        (7, "Structure", "no_letter"),
    }
    assert next(p.detail for p in plan.problems if p.line == 4)  # a near word is offered
    assert plan.to_do == ()


def test_only_valid_lines_come_in(scene: Scene) -> None:
    scene.apply(scene.batch(csv_bytes([person(1), person(2, email="dupont@")])))
    assert scene.count(Delegate) == 1


def test_the_same_address_twice_is_a_duplicate_whatever_its_case(scene: Scene) -> None:
    plan = lines(scene, [person(1), person(1, email="LOU1@Structure.Example")])
    assert [line.fate for line in plan.lines] == [Fate.NEW, Fate.DUPLICATE]
    assert plan.problems[0].detail == "2"


def test_an_existing_account_is_used_and_never_changed(scene: Scene) -> None:
    account = scene.make.account("lou1@structure.example", name="Louise Autre")
    scene.apply(scene.batch(csv_bytes([person(1)])))
    assert scene.session.scalars(select(Delegate.account_id)).one() == account.id
    assert account.name == "Louise Autre"


def test_known_people_are_updated_and_equal_ones_left_alone(scene: Scene) -> None:
    scene.apply(scene.batch(csv_bytes([person(1), person(2)])))
    plan = lines(scene, [person(1, job_title="Directrice"), person(2, phone="06.39.98.12.34")])
    assert [line.fate for line in plan.lines] == [Fate.UPDATE, Fate.SAME]
    assert [(c.field, c.before, c.after) for c in plan.lines[0].changes] == [
        ("job_title", "Gérante", "Directrice")
    ]


def test_an_empty_cell_erases_nothing(scene: Scene) -> None:
    scene.apply(scene.batch(csv_bytes([person(1)])))
    assert lines(scene, [person(1, job_title="", phone="", departement="")]).lines[0].fate is Fate.SAME


def test_who_is_registered_for_another_structure_is_refused(scene: Scene) -> None:
    scene.apply(scene.batch(csv_bytes([person(1)])))
    plan = lines(scene, [person(1, organisation="Autre")])
    assert [(p.code, p.detail) for p in plan.problems] == [("other_organisation", "Structure 1")]


@pytest.mark.parametrize(
    "status", [DelegateStatus.REFUSED, DelegateStatus.WITHDRAWN, DelegateStatus.CANCELLED]
)
def test_who_left_does_not_come_back_by_a_file(scene: Scene, status: DelegateStatus) -> None:
    scene.apply(scene.batch(csv_bytes([person(1)])))
    scene.session.scalars(select(Delegate)).one().status = status
    assert [p.code for p in lines(scene, [person(1, job_title="X")]).problems] == ["registration_closed"]


def test_lines_of_one_structure_must_agree(scene: Scene) -> None:
    plan = scene.plan(
        scene.batch(text("Un;A;A;a@x.example;;Nantes;", "Un;B;B;b@x.example;;Rezé;", "un;C;C;c@x.example;;;"))
    )
    assert [line.fate for line in plan.lines] == [Fate.NEW, Fate.ERROR, Fate.NEW]
    assert (plan.problems[0].code, plan.problems[0].detail) == ("contradiction", "2")


def test_a_type_column_takes_letters_and_names(scene: Scene) -> None:
    header = "Structure;Prénom;Nom;E-mail;Type"
    content = text("U;A;A;a@x.example;a", "U;B;B;b@x.example;Type E", "U;C;C;c@x.example;Zèbre", "U;D;D;d@x.example;",
                   header=header)  # fmt: skip
    plan = scene.plan(scene.batch(content))
    assert [line.person.get("type_id") for line in plan.lines[:2]] == [scene.buyers.id, scene.exhibitors.id]
    assert [p.code for p in plan.problems] == ["unknown_type"]
    assert plan.lines[3].person["type_id"] == scene.exhibitors.id


def test_a_structure_of_one_type_lends_it(scene: Scene) -> None:
    host = scene.make.organisation(
        scene.edition,
        "Structure 1",
    )
    scene.make.delegate(scene.edition, scene.buyers, host)
    assert lines(scene, [person(1)]).lines[0].person["type_id"] == scene.buyers.id


def test_without_a_type_nobody_comes_in(scene: Scene) -> None:
    batch = scene.batch(csv_bytes([person(1)]))
    imports.choose_columns(
        scene.session, batch, columns=batch.mapping["columns"], type_id=None, status=DelegateStatus.APPROVED
    )
    assert [p.code for p in scene.plan(batch).problems] == ["no_type"]


def test_the_structure_gains_terms_and_loses_none(scene: Scene) -> None:
    scene.apply(scene.batch(text("Un;A;A;a@x.example;;;Boulangerie et biscuiterie")))
    plan = scene.apply(scene.batch(text("Un;A;A;a@x.example;;;Conserverie et transformation")))
    assert plan.count(Fate.UPDATE) == 1
    codes = scene.session.scalars(
        select(OrganisationTerm.code).where(OrganisationTerm.kind == TermKind.SECTOR)
    )
    assert set(codes) == {"boulangerie", "conserverie"}


def test_what_changed_since_the_preview_is_refused(scene: Scene) -> None:
    batch = scene.batch(csv_bytes([person(1)]))
    seen = scene.plan(batch).fingerprint
    scene.make.delegate(scene.edition, scene.buyers, account=scene.make.account("lou1@structure.example"))
    with pytest.raises(DomainError, match="import_stale"):
        imports.apply(scene.session, scene.actor, NOW, edition=scene.edition, batch=batch, fingerprint=seen)
    assert batch.applied_at is None


def test_a_file_is_imported_once(scene: Scene) -> None:
    batch = scene.batch(csv_bytes([person(1)]))
    seen = scene.plan(batch).fingerprint
    scene.apply(batch)
    with pytest.raises(DomainError, match="import_already_applied"):
        imports.apply(scene.session, scene.actor, NOW, edition=scene.edition, batch=batch, fingerprint=seen)
    assert scene.count(Delegate) == 1


def test_foreign_types_and_unknown_columns_are_refused(scene: Scene, make: Factory) -> None:
    batch = scene.batch(csv_bytes([person(1)]))
    foreign, _other = make.two_sides(make.edition())
    columns = batch.mapping["columns"]
    for wrong in ({"columns": columns[:-1], "type_id": None}, {"columns": ["code"] * len(columns), "type_id": None},
                  {"columns": columns, "type_id": foreign.id}):  # fmt: skip
        with pytest.raises(Invalid, match="import_bad_mapping"):
            imports.choose_columns(scene.session, batch, status=DelegateStatus.APPROVED, **wrong)
    with pytest.raises(Invalid, match="import_bad_mapping"):
        imports.choose_columns(
            scene.session, batch, columns=columns, type_id=None, status=DelegateStatus.WITHDRAWN
        )


# Undo -------------------------------------------------------------------------------------------------------


def test_undo_removes_all_that_came_in(scene: Scene) -> None:
    before = {table: scene.count(table) for table in (Account, Organisation, Participation, Delegate)}
    batch = scene.batch(
        text("Un;A;A;a@x.example;;Nantes;Boulangerie et biscuiterie", "Deux;B;B;b@x.example;;;")
    )
    scene.apply(batch)
    done = scene.undo(batch)
    assert (done.removed, done.kept) == (2, ())
    assert {table: scene.count(table) for table in before} == before
    assert scene.count(OrganisationTerm) == 0
    assert "import_undone" in set(scene.session.scalars(select(AuditEntry.action)))


def test_undo_keeps_and_names_what_was_touched(scene: Scene) -> None:
    batch = scene.batch(csv_bytes([person(n) for n in (1, 2, 3, 4)]))
    scene.apply(batch)
    rows = {row.last_name: row for row in scene.session.scalars(select(Delegate))}
    rows["N1"].job_title = "Changée"
    scene.make.wish(rows["N2"], scene.make.organisation(scene.edition, "Cible"))
    scene.session.flush()
    done = scene.undo(batch)
    assert dict(done.kept) == {rows["N1"].id: "edited", rows["N2"].id: "wishes"}
    assert set(scene.session.scalars(select(Delegate.last_name))) == {"N1", "N2"}
    assert set(scene.session.scalars(select(Organisation.name))) == {"Structure 1", "Structure 2", "Cible"}


def test_undo_restores_replaced_values(scene: Scene) -> None:
    scene.apply(scene.batch(text("Un;A;A;a@x.example;Gérante;Nantes;Boulangerie et biscuiterie")))
    batch = scene.batch(text("Un;A;A;a@x.example;Directrice;Rezé;Conserverie et transformation"))
    scene.apply(batch)
    assert scene.session.scalars(select(Organisation.town)).one() == "Rezé"
    done = scene.undo(batch)
    assert (done.removed, done.restored, done.kept) == (0, 2, ())
    assert scene.session.scalars(select(Delegate.job_title)).one() == "Gérante"
    assert scene.session.scalars(select(Organisation.town)).one() == "Nantes"
    assert scene.session.scalars(select(OrganisationTerm.code)).all() == ["boulangerie"]


def test_undo_spares_a_person_updated_since(scene: Scene) -> None:
    scene.apply(scene.batch(csv_bytes([person(1)])))
    batch = scene.batch(csv_bytes([person(1, job_title="Directrice")]))
    scene.apply(batch)
    row = scene.session.scalars(select(Delegate)).one()
    row.job_title = "Présidente"
    scene.session.flush()
    assert scene.undo(batch).kept == ((row.id, "edited"),)
    assert scene.session.scalars(select(Delegate.job_title)).one() == "Présidente"


def test_undo_has_an_end_and_happens_once(scene: Scene) -> None:
    batch = scene.batch(csv_bytes([person(1)]))
    with pytest.raises(DomainError, match="import_not_undoable"):
        scene.undo(batch)
    scene.apply(batch)
    with pytest.raises(DomainError, match="import_undo_too_late"):
        import_undo.undo(scene.session, scene.actor, NOW + timedelta(days=8), batch=batch)
    scene.undo(batch)
    with pytest.raises(DomainError, match="import_not_undoable"):
        scene.undo(batch)


# What is kept -----------------------------------------------------------------------------------------------


def test_a_file_is_forgotten_after_a_day(scene: Scene) -> None:
    batch = scene.batch(csv_bytes([person(1)]))
    assert imports.sweep(scene.session, NOW + timedelta(hours=23)) == 0
    assert imports.sweep(scene.session, NOW + timedelta(hours=25)) == 1
    with pytest.raises(DomainError, match="import_expired"):
        imports.preview(scene.session, scene.edition, batch)


def test_replaced_values_are_forgotten_with_the_undo(scene: Scene) -> None:
    scene.apply(scene.batch(csv_bytes([person(1)])))
    batch = scene.batch(csv_bytes([person(1, job_title="Directrice")]))
    scene.apply(batch)
    assert batch.rows
    imports.sweep(scene.session, NOW + timedelta(days=7, hours=1))
    assert batch.rows == []


def test_an_erased_person_leaves_stored_files(scene: Scene) -> None:
    applied = scene.batch(csv_bytes([person(1)]))
    scene.apply(applied)
    row = scene.session.scalars(select(Delegate)).one()
    changed = scene.batch(csv_bytes([person(1, job_title="Directrice")]))
    scene.apply(changed)
    waiting = scene.batch(csv_bytes([person(1), person(2)]))
    imports.forget_person(scene.session, [row.id], ["lou1@structure.example"])
    scene.session.expire_all()
    assert changed.rows == []
    assert [line[1][4] for line in waiting.rows[0]["lines"]] == ["lou2@structure.example"]


def test_another_sheet_can_be_chosen(scene: Scene) -> None:
    table = import_reading.Table(
        (
            import_reading.Sheet("Court", ("E-mail",), (import_reading.Line(2, ("a@x.example",)),)),
            import_reading.Sheet(
                "Long", ("Nom", "Prénom"), tuple(import_reading.Line(n, ("A", "B")) for n in (2, 3))
            ),
        )
    )
    batch = imports.store(scene.session, scene.actor, NOW, edition=scene.edition, filename="x", table=table)
    assert imports.view(scene.edition, batch).header == ("Nom", "Prénom")
    imports.choose_sheet(scene.session, batch, index=0)
    assert imports.preview(scene.session, scene.edition, batch).missing == (
        "last_name",
        "first_name",
        "organisation",
    )
    with pytest.raises(Invalid, match="import_no_such_sheet"):
        imports.choose_sheet(scene.session, batch, index=2)


@pytest.mark.slow
def test_five_thousand_lines_within_thirty_seconds(scene: Scene) -> None:
    from time import monotonic

    content = xlsx_bytes([person(n, organisation=f"Structure {n % 1500}") for n in range(5000)])
    begun = monotonic()
    batch = scene.batch(content)
    scene.apply(batch)
    assert monotonic() - begun < 30
    assert scene.count(Delegate) == 5000


def test_the_worker_s_sweep_forgets_files(scene: Scene) -> None:
    from salon.jobs import tasks  # noqa: F401 - registers the sweeps
    from salon.jobs.sweep import SWEEPS

    batch = scene.batch(csv_bytes([person(1)]))
    (sweep,) = [one for one in SWEEPS if one.name == "imports"]
    assert list(sweep.run(scene.session, NOW + timedelta(days=2))) == []
    assert batch.rows == []
