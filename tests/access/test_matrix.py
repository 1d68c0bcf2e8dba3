"""Every address × verb × role × object: who is let in, who is sent away, and nothing ever breaks."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import got_request_exception
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import event, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from exports.document import Document
from salon import create_app, rendering
from salon.extensions import db
from salon.models import Account, AuthSession
from salon.policies.access import ACCESS, Access, Audience
from salon.services import sessions
from salon.web import SalonFlask
from tests.access import expected
from tests.conftest import BASE, Browser, make_settings
from tests.world import Place, World

ACTORS = sorted(expected.ADMITTED["public"])
CRASHES: list[str] = []  # what broke inside, newest last
UNKNOWN_ID = 2**31 - 1
WORDS = {  # what a text in an address means when it is well formed
    "token": "x" * 43,
    "secret": "x" * 43,
    "code": "ABCDEFGHJKMN",
    "name": "inter-400.woff2",
    "filename": "absent.css",
    "chapter": "types",
    "kind": "wishes",
    "step": "refuse",
    "page": "privacy",
    "view": "lock",
}
# Refusals that the page itself makes of somebody its audience admits, each with its reason.
OF_THE_PAGE: dict[str, set[int]] = {
    "assets.logo": {404},  # none was given
    "assets.font": {404},  # built by `salon init`
    "static": {404},
    "bootstrap.static": {404},
    "badge.show": {404},  # unknown secrets are not there
    "auth.link": {404, 410},
    "auth.use_link": {404, 410},
    "auth.invitation": {404, 410},
    "registration.confirm": {404, 410},
    "registration.use_confirmation": {404, 410},
    "account.confirm_email": {404, 410},
    "account.use_email": {404, 410},
    "account.close_session": {404},  # the number of somebody else's
    "account.remove_passkey": {403, 404},  # asks for a fresh second factor first
    "auth.second_factor": {404},  # they have none to show
    "auth.show_second_factor": {404},
    "auth.passkey_request": {404},
    "account.new_recovery_codes": {404},
    "documents.download": {404},  # the file is not on this disk
    "documents.badge_pdf": {422},  # its layout is not said
    "participant.profile_structure": {404},  # for whoever registered the structure
    "participant.profile_structure_save": {404},
    "participant.profile_colleague": {404},
    "participant.profile_colleague_save": {404},
    "feeds.calendar": {404},
    "messages.folder": {404},  # mail leaves by SMTP, or nothing was sent
    "messages.deposited": {404},
    "messages.deposited_letter": {404},
    "health.ready": {503},  # no worker runs here
}
# What an organiser who acts for somebody may still not do: only the person themself.
NOT_FOR_ANOTHER = {
    "participant.privacy_save",
    "participant.privacy_export",
    "participant.delete_account",
    "participant.delete_account_now",
    "participant.confirm",
    "participant.calendar_create",  # a secret that outlives the visit
    "participant.calendar_revoke_now",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One request: where, how, by whom, on whose objects."""

    rule: Rule
    method: str
    actor: str
    objects: str  # own | foreign | unknown | hidden | nowhere

    def __str__(self) -> str:
        return (
            f"{self.method} {self.rule.rule} as {self.actor}, {self.objects} objects ({self.rule.endpoint})"
        )


class Matrix:
    """The application on the world's database; nothing that a request writes is kept."""

    def __init__(self, app: SalonFlask, world: World) -> None:
        self.app, self.world = app, world
        self.client = app.test_client(use_cookies=False)  # signing out must not outlast its cell
        self.cookies = {actor: self._cookie(actor) for actor in (*ACTORS, "both")}
        self.writes: list[str] = []

    def _cookie(self, actor: str) -> str:
        with self.app.app_context():
            content = {} if actor == "anonymous" else {"sid": _session_of(actor, self.world)}
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        return f"{self.app.config['SESSION_COOKIE_NAME']}={serializer.dumps(content)}"

    def rules(self) -> Iterator[tuple[Rule, str]]:
        for rule in self.app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method

    def cells(self, actor: str) -> Iterator[Cell]:
        for rule, method in self.rules():
            yield Cell(rule, method, actor, "own")
            if "edition" not in rule.arguments:
                continue
            yield Cell(rule, method, actor, "nowhere")
            yield Cell(rule, method, actor, "hidden")
            if _numbers(rule):
                yield Cell(rule, method, actor, "foreign")
                yield Cell(rule, method, actor, "unknown")

    def address(self, cell: Cell) -> str:
        place = {"nowhere": Place("nulle-part", 0, self.world.here.objects), "hidden": self.world.hidden}
        values = self._values(cell, place.get(cell.objects, self.world.here))
        with self.app.test_request_context(base_url=BASE):
            adapter = self.app.url_map.bind("127.0.0.1")
            return adapter.build(cell.rule.endpoint, values, method=cell.method)

    def ask(self, cell: Cell) -> TestResponse:
        accept = "text/html" if cell.objects == "own" else "application/json"  # refusals are quicker so
        headers = {"Accept": accept, "Cookie": self.cookies[cell.actor]}
        return self.client.open(self.address(cell), method=cell.method, base_url=BASE, headers=headers)

    def _values(self, cell: Cell, place: Place) -> dict[str, Any]:
        numbers = {
            "foreign": self.world.there.objects,
            "unknown": dict.fromkeys(place.objects, UNKNOWN_ID),
        }.get(cell.objects, place.objects)
        values: dict[str, Any] = {}
        for name in cell.rule.arguments:
            if name == "edition":
                values[name] = place.slug
            elif name in _numbers(cell.rule):
                values[name] = numbers.get(name, 1)
            else:
                values[name] = WORDS[name]
        return values


def _numbers(rule: Rule) -> set[str]:
    return {
        name for name, converter in rule._converters.items() if type(converter).__name__ == "IntegerConverter"
    }


def _session_of(actor: str, world: World) -> str:
    """The secret of a session as that actor has it; committed."""
    now = datetime.now(UTC)
    named = {"expired": "owner", "disabled": "reader", "acting": "organiser", "weak_owner": "owner"}.get(
        actor, actor
    )
    account = db.session.get_one(Account, world.accounts[named])
    if actor in {"disabled", "weak_owner"}:  # somebody of their own, or the others would suffer
        account = _twin(account, actor)
    secret = sessions.open_session(db.session, now, account, strong=actor != "weak_owner")  # type: ignore[arg-type]
    changes: dict[str, Any] = {}
    if actor == "expired":
        changes = {"created_at": now - timedelta(days=90), "seen_at": now - timedelta(days=90)}
    if actor == "acting":
        changes = {"acting_for_id": _delegate_of(world)}
    if changes:
        newest = db.session.query(AuthSession.id).order_by(AuthSession.id.desc()).first()
        assert newest is not None
        db.session.execute(update(AuthSession).where(AuthSession.id == newest[0]).values(**changes))
    db.session.commit()
    return secret


def _twin(account: Account, actor: str) -> Account:
    from salon.enums import Role
    from salon.models import Edition
    from tests.factories import Factory

    now = datetime.now(UTC)
    make = Factory(db.session, now)  # type: ignore[arg-type]
    edition = db.session.query(Edition).filter_by(slug="ici").one()
    fields = {"disabled_at": now} if actor == "disabled" else {"totp_secret": "encrypted"}
    return make.member(edition, Role.OWNER, make.account(f"{actor}@salon.example", **fields))


def _delegate_of(world: World) -> int:
    from salon.models import Delegate

    return int(db.session.query(Delegate.id).filter_by(account_id=world.accounts["approved"]).one()[0])


@pytest.fixture(scope="module")
def matrix(
    world_file: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory, font_dir: Path
) -> Iterator[Matrix]:
    path, world = world_file
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copy(path, folder / "salon.sqlite")
    (folder / "fonts").symlink_to(font_dir)
    app = create_app(make_settings(folder, f"sqlite:///{folder / 'salon.sqlite'}"))
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    got_request_exception.connect(_note_crash)
    app.test_client_class = Browser
    matrix = Matrix(app, world)
    patch = pytest.MonkeyPatch()
    patch.setattr(
        rendering, "document", _blank
    )  # printing has its own tests; here it would be made a thousand times
    patch.setattr(db.session, "commit", _flush_and_forget)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: matrix.writes.append(a[2]))
        yield matrix
        db.engine.dispose()
    patch.undo()


def _blank(*_args: Any, **_options: Any) -> Document:
    return Document("vide.pdf", "application/pdf", b"%PDF-1.7")


def _note_crash(_app: SalonFlask, exception: BaseException, **_rest: Any) -> None:
    frame = traceback.extract_tb(exception.__traceback__)[-1]
    CRASHES.append(f"{exception!r:.200} at {frame.filename}:{frame.lineno}")


def _flush_and_forget() -> None:
    """Instead of a commit: what the database would refuse still shows, and the next cell finds the same world."""
    db.session.flush()
    db.session.rollback()


# The verdict ------------------------------------------------------------------------------------------------


def verdict(cell: Cell, answer: TestResponse) -> str | None:
    """What is wrong with an answer; None when nothing is."""
    status, place = answer.status_code, answer.headers.get("Location", "")
    if status >= 500 and status not in OF_THE_PAGE.get(cell.rule.endpoint, ()):
        return f"broke with {status}: {CRASHES[-1] if CRASHES else ''}"
    promised = expected.audience(cell.rule, cell.method)
    if promised is None:
        return "no line of expected.py speaks of this address"
    if cell.objects in {"nowhere", "hidden"}:
        return _unseen(cell, promised, status, place)
    if cell.actor not in expected.ADMITTED[promised]:
        return _sent_away(cell, status, place)
    if cell.objects in {"foreign", "unknown"}:
        return None if status == 404 else f"{cell.objects} object gave {status}, not 404"
    return _let_in(cell, status, place)


def _unseen(cell: Cell, promised: str, status: int, place: str) -> str | None:
    """An edition that is not there, or not for them; only administrators see the hidden one."""
    if cell.actor == "admin" and cell.objects == "hidden":
        return None
    if cell.actor in expected.UNSIGNED and promised not in {"public", "token"}:
        return _sent_away(cell, status, place)
    return None if status == 404 else f"an edition they cannot see gave {status}"


def _sent_away(cell: Cell, status: int, place: str) -> str | None:
    door = "/second-factor" if cell.actor in expected.SECRETLY else "/sign-in"
    if cell.actor in expected.UNSIGNED | expected.SECRETLY:
        if cell.method == "POST":
            if cell.actor in expected.SECRETLY and cell.rule.rule.startswith("/account"):
                return None if status == 403 else f"gave {status}, not 403"
            return None if status == 401 else f"gave {status}, not 401"
        return (
            None
            if status == 303 and place.startswith(f"{door}?next=")
            else f"gave {status} {place}, not the door"
        )
    return None if status == 403 else f"gave {status}, not 403"


def _let_in(cell: Cell, status: int, place: str) -> str | None:
    if cell.actor == "acting" and cell.rule.endpoint in NOT_FOR_ANOTHER:
        return None if status == 403 else f"gave {status} to somebody who acts for another"
    if status in OF_THE_PAGE.get(cell.rule.endpoint, ()):
        return None
    if place.startswith(("/sign-in?", "/second-factor?")):
        return f"sent to {place} although admitted"
    fine = {200, 302, 303} if cell.method == "GET" else {200, 303, 400, 409, 415, 422, 429}
    return None if status in fine else f"gave {status} although admitted"


def judge(matrix: Matrix, actor: str) -> tuple[int, list[str]]:
    """How many cells were tried, and those that went wrong."""
    wrong, count = [], 0
    for cell in matrix.cells(actor):
        count += 1
        matrix.writes.clear()
        problem = verdict(cell, matrix.ask(cell))
        if problem is None and cell.method == "GET" and (written := _written(matrix.writes)):
            problem = f"a GET wrote: {written}"
        if problem:
            wrong.append(f"{cell}: {problem}")
    return count, wrong


def _written(statements: list[str]) -> str:
    """The first statement that changes data; when a session was last used may be noted by any request."""
    changing = (s for s in statements if s.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")))
    return next((s[:90] for s in changing if "auth_session SET seen_at" not in s), "")


# Tests ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ACTORS)
def test_every_cell(matrix: Matrix, actor: str, capsys: pytest.CaptureFixture[str]) -> None:
    CRASHES.clear()
    count, wrong = judge(matrix, actor)
    with capsys.disabled():  # the figure is part of what is proven
        print(f"\naccess matrix, {actor}: {count} cells, {len(wrong)} wrong")  # noqa: T201
    assert not wrong, "\n".join(wrong)
    assert count > 300


def test_every_unsafe_address_asks_for_its_token(matrix: Matrix) -> None:
    matrix.app.config["WTF_CSRF_ENABLED"] = True
    try:
        wrong = {}
        for rule, method in matrix.rules():
            answer = matrix.ask(Cell(rule, "POST", "owner", "own")) if method == "POST" else None
            if answer is not None and answer.status_code != 400:
                wrong[rule.endpoint] = answer.status_code
        assert wrong == {}
    finally:
        matrix.app.config["WTF_CSRF_ENABLED"] = False


def test_control_a_guard_with_another_audience_is_noticed(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each audience of the table, widened once."""
    widened = {
        "exclusions.index": (Access(Audience.READER), "reader"),
        "organiser.home": (Access(Audience.SIGNED_IN), "elsewhere"),
        "participant.home": (Access(Audience.PUBLIC), "anonymous"),
        "members.invite": (Access(Audience.EDITOR), "organiser"),
    }
    for endpoint, (access, actor) in widened.items():
        rule = next(r for r in matrix.app.url_map.iter_rules() if r.endpoint == endpoint)
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        cell = Cell(rule, method, actor, "own")
        assert verdict(cell, matrix.ask(cell)) is None
        with monkeypatch.context() as patch:
            patch.setitem(ACCESS, endpoint, access)
            assert verdict(cell, matrix.ask(cell)) is not None, endpoint


def test_control_an_object_of_another_edition_is_noticed(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import bindparam, select

    from salon import loaders, models

    rule = next(r for r in matrix.app.url_map.iter_rules() if r.endpoint == "settings.edit_item")
    cell = Cell(rule, "GET", "owner", "foreign")
    assert verdict(cell, matrix.ask(cell)) is None
    monkeypatch.setattr(
        loaders,
        "_direct",
        lambda _name: select(models.ProgrammeItem).where(models.ProgrammeItem.id == bindparam("raw")),
    )
    assert verdict(cell, matrix.ask(cell)) == "foreign object gave 200, not 404"


def test_control_an_address_nobody_spoke_of_is_noticed() -> None:
    assert expected.audience(Rule("/planted/<int:delegate>"), "GET") is None
    assert expected.audience(Rule("/o/<edition>/journal"), "GET") == "reader"
