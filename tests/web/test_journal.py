"""The journal: a sentence for every action that the code records, names of things, file, chain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, Role
from salon.models import AuditEntry, Edition, ProgrammeItem
from salon.services import audit, impersonation, sessions
from salon.web import SalonFlask
from salon.wording.journal import EVENTS
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter, plain

SOURCE = Path(__file__).parents[2] / "salon"
STATES = {"registration_": [status.value for status in DelegateStatus]}  # f"registration_{status.value}"


# Every action has its words ---------------------------------------------------------------------------------


def _trees() -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))]


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Calls with the innermost function (or the module) around them."""

    def walk(node: ast.AST, inside: ast.AST) -> Iterator[tuple[ast.Call, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            around = child if isinstance(child, ast.FunctionDef) else inside
            if isinstance(child, ast.Call):
                yield child, inside
            yield from walk(child, around)

    return walk(tree, tree)


def _is_record(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "record" and len(call.args) >= 4


def recorded(trees: list[ast.Module]) -> set[str]:
    """The actions that `audit.record` is called with; `?source` for one that cannot be read."""
    found: set[str] = set()
    passed = [keyword.value for tree in trees for call, _ in _calls(tree) for keyword in call.keywords
              if keyword.arg == "action"]  # fmt: skip
    for tree in trees:
        for call, inside in _calls(tree):
            if _is_record(call):
                found |= set(_values(call.args[3], inside, tree, passed))
    return found


def _values(node: ast.expr, inside: ast.AST, module: ast.Module, passed: list[ast.expr]) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _values(node.body, inside, module, passed)
        yield from _values(node.orelse, inside, module, passed)
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        prefix = str(node.values[0].value)
        yield from (prefix + state for state in STATES.get(prefix, ["?"]))
    elif isinstance(node, ast.Name):
        sources = _assigned(node.id, inside) or _assigned(node.id, module)
        if not sources and node.id == "action":  # a parameter: whatever the callers hand over
            sources = [one for one in passed if isinstance(one, ast.Constant) and one.value]
        for source in sources:
            yield from _values(source, inside, module, passed)
        if not sources:
            yield f"?{node.id}"
    else:
        yield f"?{ast.unparse(node)}"


def _assigned(name: str, where: ast.AST) -> list[ast.expr]:
    found = []
    for node in ast.walk(where):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    found.append(node.value)
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    names = [getattr(one, "id", "") for one in target.elts]
                    found += [node.value.elts[names.index(name)]] if name in names else []
    return found


def test_every_recorded_action_has_its_sentence() -> None:
    actions = recorded(_trees())
    assert len(actions) > 60
    assert sorted(actions - EVENTS.keys()) == []


def test_the_scan_sees_an_action_without_words() -> None:
    source = """
def act(session, actor, now, done):
    action = "known" if done else "forgotten"
    audit.record(session, actor, now, action, obj=None)
    audit.record(session, actor, now, compute())
    audit.record(session, actor, now, f"registration_{status.value}")
"""
    found = recorded([ast.parse(source)])
    assert {"known", "forgotten", "?compute()", "registration_approved"} <= found


def test_every_sentence_can_be_said(app: SalonFlask) -> None:
    values = {"who": "Rémi", "about": "Claire", "number": 3, "role": "owner", "before": "desk", "after": "owner",
              "phase": "wishes", "count": 2, "lines": 2, "created": 2, "purpose": "photo", "given": True}  # fmt: skip
    with app.test_request_context():
        for action, event in EVENTS.items():
            sentence = event.words(values)
            assert sentence, action
            assert "%(" not in sentence, action


# The page ---------------------------------------------------------------------------------------------------


@pytest.fixture
def edition(session: Session, make: Factory, client: FlaskClient) -> Edition:
    edition = make.edition()
    account = make.member(edition, Role.ORGANISER, make.account(name="Rémi Chauvet"))
    session.commit()
    enter(client, account)
    return edition


def note(session: Session, edition: Edition, action: str, obj: object = None, **details: Any) -> AuditEntry:
    entry = audit.record(
        session, Actor(), datetime.now(UTC), action, edition_id=edition.id, obj=obj, **details
    )
    session.commit()
    return entry


def read(client: FlaskClient, edition: Edition, path: str = "") -> Any:
    return client.get(f"/o/{edition.slug}/journal{path}", base_url=BASE)


def test_things_are_named_while_they_exist(
    session: Session, make: Factory, client: FlaskClient, edition: Edition
) -> None:
    table, kind = make.tables(edition, 1)[0], make.type(edition, "A")
    note(session, edition, "table_changed", table)
    note(session, edition, "type_changed", kind)
    note(session, edition, "identity_changed", edition, fields=["place", "accent"])
    note(session, edition, "type_deleted", ProgrammeItem(id=9999))
    page = plain(read(client, edition).text)
    assert f"Salon a modifié une table : {table.label}" in page
    assert "Salon a modifié un type de participant : Type A" in page
    assert "l’identité de l’édition : lieu, couleur" in page
    assert "a supprimé un type de participant<" in page


def test_the_file_holds_what_the_page_says(session: Session, client: FlaskClient, edition: Edition) -> None:
    note(session, edition, "texts_changed", edition)
    note(session, edition, "tables_added", count=3)
    answer = read(client, edition, ".csv")
    assert answer.mimetype == "text/csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert [line.split(";")[4] for line in lines[1:]] == ["texts_changed", "tables_added"]
    assert "a ajouté 3 tables" in plain(lines[2])
    only = read(client, edition, ".csv?group=team").data.decode("utf-8-sig").splitlines()
    assert len(only) == 1


def test_a_changed_entry_shows(session: Session, client: FlaskClient, edition: Edition) -> None:
    first = note(session, edition, "tables_added", count=3)
    note(session, edition, "texts_changed", edition)
    assert "intact" in read(client, edition, "/verify").text
    session.execute(text("DROP TRIGGER frozen_audit_entry_update"))  # as a hand on the file could
    session.execute(text("UPDATE audit_entry SET action = 'tables_deleted' WHERE id = :id"), {"id": first.id})
    session.commit()
    broken = plain(read(client, edition, "/verify").text)
    assert f"L’entrée n° {first.id} ne correspond plus" in broken


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.DESK])
def test_readers_read_but_take_nothing_away(
    session: Session, make: Factory, client: FlaskClient, role: Role
) -> None:
    edition = make.edition()
    account = make.member(edition, role)
    session.commit()
    enter(client, account)
    page = read(client, edition)
    assert page.status_code == 200
    assert "journal.csv" not in page.text
    assert [read(client, edition, path).status_code for path in (".csv", "/verify")] == [403, 403]


def test_the_end_of_an_impersonation_stands_in_its_edition(session: Session, make: Factory) -> None:
    edition = make.edition()
    account = make.member(edition)
    person = make.delegate(edition, make.type(edition))
    now = datetime.now(UTC)
    secret = sessions.open_session(session, now, account, strong=True)
    found = sessions.find(session, now, secret)
    assert found is not None
    impersonation.start(session, found.actor, now, session_id=found.session_id, delegate=person)
    acting = sessions.find(session, now, secret)
    assert acting is not None
    assert acting.actor.acting_for == person.id
    impersonation.stop(session, acting.actor, now, session_id=found.session_id)
    last = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert last is not None
    assert (last.action, last.edition_id, last.object_id) == ("impersonation_ended", edition.id, person.id)
    back = sessions.find(session, now, secret)
    assert back is not None
    assert back.actor.acting_for is None


def test_the_page_costs_the_same_whatever_the_lines(
    session: Session, make: Factory, client: FlaskClient, edition: Edition, count_queries: CountQueries
) -> None:
    table = make.tables(edition, 1)[0]
    seen_at = set()
    for more in (1, 2, 997):
        row = {"at": datetime.now(UTC), "edition_id": edition.id, "role": "organiser", "details": {},
               "action": "table_changed", "object_type": "Table", "object_id": table.id, "request_id": "",
               "previous_hash": "", "hash": ""}  # fmt: skip
        session.execute(insert(AuditEntry), [row] * more)
        session.commit()
        with count_queries() as seen:
            assert read(client, edition).status_code == 200
        seen_at.add(len(seen))
    assert len(seen_at) == 1
    assert seen_at.pop() <= 15
