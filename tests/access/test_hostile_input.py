"""No input may break a page: every query parameter, form field, file and JSON body, with values meant to hurt."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

import pytest

from tests.access.test_matrix import CRASHES, OF_THE_PAGE, Cell, Matrix, matrix
from tests.conftest import BASE
from tests.visitor import Form, Forms

__all__ = ["matrix"]  # the fixture

HOSTILE: tuple[bytes, ...] = (
    b"",
    b"\0",
    b"\xff\xfe\xc3",  # not UTF-8
    b"\xed\xa0\x80",  # half of a surrogate pair
    "💥\u202e\u0000é".encode(),
    "é".encode() * 5000,
    b"-1",
    b"0",
    b"99999999999999999999999999",
    str(2**31 - 1).encode(),
    b"1e309",
    b"NaN",
    "٣".encode(),  # a digit, but not ASCII
    b"<script>alert(1)</script>",
    b"' OR 1=1 --",
    b"%s %d {} {0} {{7*7}} %(x)s",
    b"2026-13-45",
    b"0001-01-01",
    b"9999-12-31T23:59",
    b"24:61",
    b"../../etc/passwd",
    b"a\r\nX-Planted: 1",
    b"\xe2\x80\xa8=1+1",
)
# Names that pages read from their address.
PARAMETERS = [
    "q",
    "page",
    "p",
    "per",
    "sort",
    "by",
    "dir",
    "view",
    "type",
    "status",
    "sector",
    "kind",
    "network",
    "territory",
    "need",
    "zone",
    "since",
    "who",
    "group",
    "level",
    "slot",
    "table",
    "participant",
    "participants",
    "first",
    "second",
    "ids",
    "all",
    "back",
    "next",
    "lang",
    "use",
    "wishes",
    "reason",
    "state",
    "layout",
    "start_at",
    "audience",
    "person",
    "people",
    "organisation",
    "day",
    "from",
    "to",
    "locale",
    "token",
    "what",
]
JSON_BODIES = (
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b'{"id": []}',
    b"[" * 3000,
    b'{"a": "\\ud800"}',
    b"\xff",
    b"1e400",
)
SHARDS = 4
EFFORT = int(os.environ.get("SALON_FUZZ", "1"))  # how many values each single field gets


def key(form: Form) -> str:
    """The same for forms that differ in numbers only."""
    path = "/".join("#" if part.isdigit() else part for part in urlsplit(form.action).path.split("/"))
    return f"{form.method} {path} {sorted({name for name, _value in form.fields} | set(form.files))}"


class Attack:
    """Sends what it is told as one actor and remembers what broke."""

    def __init__(self, matrix: Matrix, actor: str) -> None:
        self.matrix, self.actor = matrix, actor
        self.sent, self.broken = 0, set[str]()

    def get(self, path: str, query: str = "") -> Any:
        return self._send("GET", f"{path}?{query}" if query else path, None)

    def post(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> Any:
        return self._send("POST", path, body, content_type=kind)

    def _send(self, method: str, path: str, body: bytes | None, **more: Any) -> Any:
        headers = {"Cookie": self.matrix.cookies[self.actor]}
        CRASHES.clear()
        answer = self.matrix.client.open(
            path, method=method, base_url=BASE, headers=headers, data=body, **more
        )
        self.sent += 1
        if answer.status_code >= 500 and urlsplit(path).path != "/ready":
            self.broken.add(
                f"{method} {path[:90]} {(body or b'')[:60]!r}: {answer.status_code} {CRASHES[-1:]}"
            )
        return answer

    def file(self, form: Form, content: bytes) -> None:
        data: dict[str, Any] = dict(form.fields)
        for name in form.files:
            data[name] = (io.BytesIO(content), "a\r\nb\0.csv")
        headers = {"Cookie": self.matrix.cookies[self.actor]}
        answer = self.matrix.client.post(form.action, base_url=BASE, headers=headers, data=data)
        self.sent += 1
        if answer.status_code >= 500:
            self.broken.add(f"file to {form.action}: {answer.status_code} {CRASHES[-1:]}")


def encoded(pairs: list[tuple[str, bytes]]) -> str:
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in pairs)


def some(values: tuple[bytes, ...], how_many: int, salt: str) -> list[bytes]:
    """A few of them, always the same for the same salt, so that a failure comes again."""
    start = zlib.crc32(salt.encode())
    return [values[(start + 7 * i) % len(values)] for i in range(min(how_many, len(values)))]


def addresses(matrix: Matrix, shard: int) -> Iterator[tuple[str, str]]:
    """Every address a browser can open, on existing objects, and its endpoint."""
    for number, (rule, method) in enumerate(sorted(matrix.rules(), key=lambda r: (r[0].rule, r[1]))):
        if (
            method == "GET"
            and number % SHARDS == shard
            and not rule.rule.startswith(("/static", "/bootstrap"))
        ):
            yield matrix.address(Cell(rule, method, "admin", "own")), rule.endpoint


def attack_queries(attack: Attack, path: str) -> None:
    for value in some(HOSTILE, 3 * EFFORT, path):
        attack.get(path, encoded([(name, value) for name in PARAMETERS]))
    attack.get(path, encoded([(name, value) for name in PARAMETERS for value in (b"1", b"x", b"-1")]))


def attack_form(attack: Attack, form: Form) -> None:
    plain = [(name, value.encode()) for name, value in form.fields if name not in {"csrf_token", "once"}]
    for value in some(HOSTILE, 2 + 2 * EFFORT, key(form)):
        _send(attack, form, [(name, value) for name, _old in plain])
    for i, (name, _old) in enumerate(plain[:40]):
        for value in some(HOSTILE, EFFORT, key(form) + name):
            _send(attack, form, [*plain[:i], (name, value), *plain[i + 1 :]])
    _send(attack, form, plain * 3)
    for content in (
        (b"", b"\xff\0\xfe", b"PK\x03\x04", b"a;b\n" * 5, "é;\n".encode("utf-16")) if form.files else ()
    ):
        attack.file(form, content)


def _send(attack: Attack, form: Form, pairs: list[tuple[str, bytes]]) -> None:
    if form.method == "GET":
        attack.get(urlsplit(form.action).path, encoded(pairs))
    else:
        attack.post(form.action, encoded(pairs).encode())


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_input_breaks_a_page(matrix: Matrix, shard: int, capsys: pytest.CaptureFixture[str]) -> None:
    seen: set[str] = set()
    attacks = [Attack(matrix, actor) for actor in ("both", "anonymous")]
    for path, endpoint in addresses(matrix, shard):
        for attack in attacks:
            page = attack.get(path)
            if page.status_code != 200 and endpoint not in OF_THE_PAGE:
                continue
            attack_queries(attack, path)
            if page.mimetype == "text/html":
                _attack_forms(attack, path, page.text, seen)
    with capsys.disabled():  # the figure is part of what is proven
        print(f"\nhostile input, part {shard + 1}: {sum(a.sent for a in attacks)} requests")  # noqa: T201
    broken = sorted(set().union(*(attack.broken for attack in attacks)))
    assert not broken, "\n".join(broken)


def _attack_forms(attack: Attack, path: str, html: str, seen: set[str]) -> None:
    for form in Forms(path, html).found:
        if (name := f"{attack.actor} {key(form)}") not in seen:
            seen.add(name)
            attack_form(attack, form)


def test_no_json_breaks_an_answer(matrix: Matrix) -> None:
    attack = Attack(matrix, "both")
    for rule, method in matrix.rules():
        if method == "POST":
            for body in some(JSON_BODIES, 3 * EFFORT, rule.rule):
                attack.post(matrix.address(Cell(rule, method, "both", "own")), body, "application/json")
    assert not attack.broken, "\n".join(sorted(attack.broken))


def test_odd_paths_and_verbs_are_refused_politely(matrix: Matrix) -> None:
    attack = Attack(matrix, "both")
    for path in (
        "/o/%00/", "/o/%FF/", "/e/%ED%A0%80/", "/o/ici/runs/99999999999999999999", "/o/ici/runs/-1", "/o//", "//o/ici/",
        "/o/" + "x" * 3000, "/B/%00", "/s/%0d%0a", "/static/../../pyproject.toml",
    ):  # fmt: skip
        assert attack.get(path).status_code in {301, 303, 308, 400, 404, 410}, path
    for verb in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
        assert attack._send(verb, "/o/ici/", None).status_code == 405
    assert not attack.broken


def test_control_a_view_that_trusts_its_input_is_noticed(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flask import request

    monkeypatch.setitem(
        matrix.app.view_functions, "public.home", lambda: str(int(request.args.get("page", "1")))
    )
    attack = Attack(matrix, "anonymous")
    for value in HOSTILE:
        attack.get("/", encoded([("page", value)]))
    assert attack.broken
    assert "ValueError" in " ".join(attack.broken)
