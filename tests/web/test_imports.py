"""Importing a list on screen: upload, look, import, undo."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from salon.demo.imports import ImportLine, csv_bytes, xlsx_bytes
from salon.enums import DelegateStatus, Role
from salon.models import Delegate, ImportBatch
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter, plain


class Screen:
    """An organiser's browser on the import pages of one edition."""

    def __init__(self, session: Session, make: Factory, client: FlaskClient) -> None:
        self.session, self.make, self.client = session, make, client
        self.edition = make.edition()
        self.buyers, self.exhibitors = make.two_sides(self.edition, capacity=2)
        self.root = f"/o/{self.edition.slug}/imports/"
        enter(client, make.member(self.edition, Role.ORGANISER))

    def get(self, path: str = "", expect: int = 200) -> str:
        self.session.commit()
        answer = self.client.get(self.root + path, base_url=BASE)
        assert answer.status_code == expect, answer.text[:500]
        return plain(answer.text)

    def post(self, path: str = "", expect: int = 303, **data: object) -> TestResponse:
        self.session.commit()
        answer = self.client.post(self.root + path, base_url=BASE, data=data)
        assert answer.status_code == expect, answer.text[:500]
        return answer

    def send(self, content: bytes, name: str = "liste.csv", expect: int = 303) -> TestResponse:
        return self.post(expect=expect, file=(io.BytesIO(content), name))

    def upload(self, content: bytes, **choices: str) -> str:
        """Upload and map; the batch's path."""
        path = self.send(content).location.removeprefix(self.root)
        batch = self.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
        assert batch is not None
        columns = {f"column-{i}": key for i, key in enumerate(batch.mapping["columns"])}
        said = {"type": str(self.exhibitors.id), "status": "approved", **columns, **choices}
        self.post(f"{path}/columns", **said)
        return path

    def fingerprint(self, path: str) -> str:
        found = re.search(r'name="fingerprint"[^>]*value="([0-9a-f]+)"', self.get(path))
        assert found is not None
        return found[1]

    def people(self) -> int:
        self.session.commit()
        return self.session.scalar(select(func.count()).select_from(Delegate)) or 0


@pytest.fixture
def screen(session: Session, make: Factory, client: FlaskClient) -> Screen:
    return Screen(session, make, client)


def person(number: int, **over: str) -> ImportLine:
    values = {
        "organisation": f"Structure {number}", "kind": "ESAT", "first_name": "Lou", "last_name": f"N{number}",
        "email": f"lou{number}@structure.example", "phone": "", "job_title": "Gérante", "languages": "",
        "departement": "44", "access_need": "",
    }  # fmt: skip
    return ImportLine(**{**values, **over})


def test_the_whole_way(screen: Screen) -> None:
    assert "Choisir un fichier" in screen.get()
    path = screen.upload(xlsx_bytes([person(1), person(2), person(3, email="dupont@"), person(1)]))
    page = screen.get(path)
    assert "Importer 2 lignes" in page
    assert "Ligne 4, colonne E-mail : « dupont@ » n’est pas une adresse. Exemple : nom@structure.fr" in page
    assert "est déjà à la ligne 2" in page
    screen.post(f"{path}/apply", fingerprint=screen.fingerprint(path))
    assert screen.people() == 2
    page = screen.get(path)
    assert "Annuler l’import" in page
    assert "liste.csv" in screen.get()
    screen.post(f"{path}/undo")
    assert screen.people() == 0
    page = screen.get(path)
    assert "Annuler l’import" not in page
    assert "Retirées" in page
    screen.post(f"{path}/undo", expect=409)
    screen.post(f"{path}/apply", expect=409, fingerprint="x")


def test_what_was_touched_is_named_after_the_undo(screen: Screen) -> None:
    path = screen.upload(csv_bytes([person(1), person(2)]))
    screen.post(f"{path}/apply", fingerprint=screen.fingerprint(path))
    screen.session.commit()
    one = screen.session.scalars(select(Delegate).order_by(Delegate.id)).first()
    assert one is not None
    one.job_title = "Présidente"
    screen.post(f"{path}/undo")
    page = screen.get(path)
    assert "Lou N1" in page
    assert "sa fiche a changé depuis l’import" in page
    assert screen.people() == 1


def test_changes_are_shown_before_and_after(screen: Screen) -> None:
    path = screen.upload(csv_bytes([person(1)]))
    screen.post(f"{path}/apply", fingerprint=screen.fingerprint(path))
    page = screen.get(screen.upload(csv_bytes([person(1, job_title="Directrice")])))
    assert "Gérante" in page
    assert "Directrice" in page
    assert "Importer 1 ligne" in page


def test_a_preview_that_is_stale_shows_the_new_one(screen: Screen) -> None:
    path = screen.upload(csv_bytes([person(1), person(2)]))
    seen = screen.fingerprint(path)
    screen.make.delegate(screen.edition, screen.buyers, account=screen.make.account("lou1@structure.example"))
    page = plain(screen.post(f"{path}/apply", expect=409, fingerprint=seen).text)
    assert "La situation a changé depuis votre relecture" in page
    assert "cette personne est inscrite pour" in page
    assert screen.people() == 1


def test_a_form_sent_twice_imports_once(screen: Screen) -> None:
    path = screen.upload(csv_bytes([person(1)]))
    seen = screen.fingerprint(path)
    answers = [screen.post(f"{path}/apply", fingerprint=seen, once="same-key").status_code for _ in range(2)]
    assert answers == [303, 303]
    assert screen.people() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"Nom;E-mail\n", "aucune ligne"),
        (b"PK\x03\x04bad", "abîmé"),
        (b"%PDF-1.7\n", "ni un classeur"),
        (b"a;b\n" + b"x;y\n" * 20_001, "20 000 lignes"),
    ],
)
def test_a_bad_file_is_refused_beside_its_field(screen: Screen, content: bytes, words: str) -> None:
    page = plain(screen.send(content, expect=422).text)
    assert words in page
    assert 'id="file-error"' in page
    screen.session.commit()
    assert screen.session.scalars(select(ImportBatch)).all() == []


def test_no_file_at_all(screen: Screen) -> None:
    assert "Choisissez un fichier" in screen.post(expect=422).text


def test_a_hostile_name_is_only_a_name(screen: Screen) -> None:
    screen.send(csv_bytes([person(1)]), name="..\\..\\etc/<script>alert(1)<\\script>\x07.csv")
    page = screen.get()
    assert "<script>alert" not in page
    screen.session.commit()
    stored = screen.session.scalars(select(ImportBatch.filename)).one()
    assert not set(stored) & set("/\\\x07")
    assert stored.endswith(".csv")


def test_missing_and_double_columns_are_said(screen: Screen) -> None:
    content = "Courriel;Autre;Prénom;Nom\na@x.example;b@x.example;A;B\n".encode()
    path = screen.send(content).location.removeprefix(screen.root)
    assert "quelle colonne contient : Structure" in screen.get(path)
    said = {"column-0": "email", "column-1": "email", "column-2": "first_name", "column-3": "last_name"}
    screen.post(f"{path}/columns", type="0", status="approved", **said)
    assert "Deux colonnes ne peuvent pas remplir la même case : E-mail" in screen.get(path)
    screen.post(f"{path}/apply", expect=409, fingerprint="")


@pytest.mark.parametrize(
    "choice", [{"column-0": "code"}, {"type": "999999"}, {"status": "withdrawn"}, {"status": ""}]
)
def test_choices_that_do_not_exist_are_refused(screen: Screen, choice: dict[str, str]) -> None:
    path = screen.upload(csv_bytes([person(1)]))
    columns = {f"column-{i}": "" for i in range(10)}
    screen.post(f"{path}/columns", expect=422, **{"type": "0", "status": "approved", **columns, **choice})


def test_new_people_may_wait_for_a_decision(screen: Screen) -> None:
    path = screen.upload(csv_bytes([person(1)]), status="pending")
    screen.post(f"{path}/apply", fingerprint=screen.fingerprint(path))
    screen.session.commit()
    assert screen.session.scalars(select(Delegate.status)).one() is DelegateStatus.PENDING


def test_a_type_that_would_overflow_is_said(screen: Screen) -> None:
    page = screen.get(screen.upload(csv_bytes([person(n) for n in range(3)])))
    assert "passerait à 3 personnes pour 2 places" in page


def test_another_sheet_can_be_read(screen: Screen) -> None:
    book = Workbook()
    first, second = book.active, book.create_sheet("Autres")
    assert first is not None
    for sheet, rows in ((first, 3), (second, 1)):
        sheet.append(["Structure", "Prénom", "Nom", "E-mail"])
        for n in range(rows):
            sheet.append([f"S{n}", "Lou", f"{sheet.title}{n}", f"{sheet.title}{n}@x.example".lower()])
    out = io.BytesIO()
    book.save(out)
    path = screen.send(out.getvalue()).location.removeprefix(screen.root)
    assert "Lire cette feuille" in screen.get(path)
    screen.post(f"{path}/sheet", sheet="1")
    assert "1 ligne" in screen.get(path)
    for odd in ("9", "9" * 5000, "x"):
        screen.post(f"{path}/sheet", expect=422, sheet=odd)


def test_the_lines_to_correct_come_back_as_a_file(screen: Screen) -> None:
    path = screen.upload(csv_bytes([person(1), person(2, email="=cmd()")]))
    sheet = load_workbook(io.BytesIO(screen.post(f"{path}/errors", expect=200).data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert (rows[0][:3], len(rows)) == (("Ligne", "À corriger", "Structure"), 2)
    assert rows[1][0] == 3
    assert "n’est pas une adresse" in str(rows[1][1])
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=cmd()"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_a_file_can_be_forgotten(screen: Screen) -> None:
    path = screen.upload(csv_bytes([person(1)]))
    screen.post(f"{path}/discard")
    screen.get(path, expect=404)


def test_another_edition_s_file_is_not_there(screen: Screen, make: Factory) -> None:
    path = screen.upload(csv_bytes([person(1)]))
    other = make.edition()
    enter(screen.client, make.member(other))
    for tail in ("", "/apply", "/undo", "/errors", "/columns"):
        where = f"/o/{other.slug}/imports/{path}{tail}"
        method = screen.client.get if not tail else screen.client.post
        assert method(where, base_url=BASE).status_code == 404
    assert screen.client.get(f"{screen.root}{path}", base_url=BASE).status_code == 403


@pytest.mark.parametrize("role", [Role.DESK, Role.READ_ONLY])
def test_files_are_for_organisers(screen: Screen, make: Factory, role: Role) -> None:
    enter(screen.client, make.member(screen.edition, role))
    screen.get(expect=403)
    screen.send(csv_bytes([person(1)]), expect=403)


def test_the_preview_costs_the_same_for_one_line_and_for_many(
    screen: Screen, count_queries: CountQueries
) -> None:
    counts = []
    for size in (1, 3, 60):
        path = screen.upload(csv_bytes([person(n) for n in range(size)]))
        with count_queries() as seen:
            screen.get(path)
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 15, "\n".join(seen)
