"""`salon import`: the page's own import, from a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from salon.enums import DelegateStatus
from salon.models import AuditEntry, Delegate, ImportBatch
from tests.cli.conftest import Instance

CSV = """Prénom;Nom;Courriel;Raison sociale;Type
Inès;Le Goff;ines@atelier.example;Atelier du Clain;A
Paul;Martin;paul@halle.example;La Halle;E
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "liste.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def names(instance: Instance) -> list[str]:
    query = (
        select(Delegate.last_name).where(Delegate.last_name.in_(("Le Goff", "Martin"))).order_by(Delegate.id)
    )
    found: list[str] = instance.read(lambda session: list(session.scalars(query)))
    return found


def test_a_dry_run_writes_nothing(instance: Instance, listed: Path) -> None:
    ended = instance.salon("import", str(listed), "--edition", instance.slug, "--dry-run")
    assert ended.exit_code == 0, ended.output
    assert "2 new" in ended.output and "Raison sociale → organisation" in ended.output
    assert names(instance) == []
    assert instance.read(lambda session: session.scalars(select(ImportBatch)).all()) == []
    assert "import_uploaded" not in instance.read(lambda s: s.scalars(select(AuditEntry.action)).all())


def test_a_file_is_imported_then_updates(instance: Instance, listed: Path) -> None:
    found = instance.json("import", str(listed), "--edition", instance.slug, "--status", "pending")
    assert (found["new"], found["update"], found["imported"]) == (2, 0, True)
    assert names(instance) == ["Le Goff", "Martin"]
    people = instance.read(lambda s: s.scalars(select(Delegate).where(Delegate.last_name == "Martin")).all())
    assert [one.status for one in people] == [DelegateStatus.PENDING]
    listed.write_text(CSV.replace("Inès", "Agnès"), encoding="utf-8")
    found = instance.json("import", str(listed), "--edition", instance.slug)
    assert (found["new"], found["update"]) == (0, 1)
    assert len(names(instance)) == 2


def test_faults_are_named_and_nothing_comes_in(instance: Instance, listed: Path) -> None:
    listed.write_text(CSV + "Léa;Roux;pas une adresse;La Halle;E\n", encoding="utf-8")
    ended = instance.salon("import", str(listed), "--edition", instance.slug)
    assert ended.exit_code == 1 and "Line 4" in ended.output and "pas une adresse" in ended.output
    assert names(instance) == []
    ended = instance.salon("import", str(listed), "--edition", instance.slug, "--skip-errors")
    assert ended.exit_code == 0 and "2 lines imported" in ended.output
    assert names(instance) == ["Le Goff", "Martin"]


def test_columns_are_mapped_by_hand(instance: Instance, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Invités"
    for row in (
        ("Qui", "Petit nom", "Joindre", "Maison"),
        ("Le Goff", "Inès", "ines@atelier.example", "Atelier"),
    ):
        sheet.append(row)
    book.create_sheet("Vide").append(["a"])
    path = tmp_path / "liste.xlsx"
    book.save(path)
    base = ["import", str(path), "--edition", instance.slug, "--sheet", "Invités", "--type", "A"]
    ended = instance.salon(*base)
    assert ended.exit_code == 2 and "no column for" in ended.output
    mapping = ("Qui=last_name", "Petit nom=first_name", "Joindre=email", "Maison=organisation")
    ended = instance.salon(*base, *(word for pair in mapping for word in ("--map", pair)))
    assert ended.exit_code == 0, ended.output
    assert names(instance) == ["Le Goff"]


def test_wrong_usage_says_what_there_is(instance: Instance, listed: Path) -> None:
    base = ["import", str(listed), "--edition", instance.slug]
    for words, said in (
        (["--map", "Rien=email"], "Courriel"),
        (["--map", "Nom=couleur"], "last_name"),
        (["--type", "Z"], "known: A, E"),
        (["--sheet", "x"], "no sheet"),
    ):
        ended = instance.salon(*base, *words)
        assert ended.exit_code == 2 and said in ended.output, ended.output
    listed.write_bytes(b"%PDF-1.7")
    assert instance.salon(*base).exit_code in (1, 2)
    assert instance.salon("import", "nowhere.csv", "--edition", instance.slug).exit_code == 2
    ended = instance.salon("import", "--fields")
    assert ended.exit_code == 0 and "email (needed)" in ended.output
