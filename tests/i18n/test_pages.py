"""Every page in English says no French; every page in French can be read at all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from salon import create_app
from salon.enums import DelegateStatus
from salon.extensions import db
from salon.models import Account, ImportBatch
from salon.shell.notices import PAGES
from salon.web import SalonFlask
from tests import world
from tests.conftest import BASE, Browser, make_settings, sign_in
from tests.i18n.extraction import stored
from tests.i18n.reading import Words, data_of, french_sentences, leftovers

TEXTS = {"page": PAGES, "chapter": ("create", "run"), "step": ("refuse", "cancel", "withdraw")}
SECRET = frozenset(
    {"token", "secret", "code", "name", "filename"}
)  # pages behind a link have their own tests
NOT_PAGES = re.compile(r"\.pdf|/pdf|\.csv|calibration|agendas/")  # files: made elsewhere, slowly
LETTERS = frozenset({"messages.letter"})  # written in the language of whoever receives them
LEAST_PAGES = 80


@pytest.fixture(scope="module")
def fair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, world.World]:
    return world.built(tmp_path_factory.mktemp("world"))


def _read_file(session: Session, place: world.Place) -> None:
    """The world's file as an upload leaves it: a new person, one without an organisation, a wrong address."""
    batch = session.get_one(ImportBatch, place.objects["batch"])
    header = ["E-mail", "Nom", "Prénom", "Structure"]
    people = [["new@x.example", "A", "B", "C"], ["two@x.example", "D", "E", ""], ["wrong@", "F", "G", "H"]]
    lines = [[number, cells] for number, cells in enumerate(people, 2)]
    batch.header, batch.rows = header, [{"name": "Feuille", "header": header, "lines": lines}]
    batch.mapping = {
        "sheet": 0,
        "encoding": "utf-8",
        "separator": ";",
        "status": DelegateStatus.APPROVED.value,
        "type": place.objects["ptype"],
        "columns": ["email", "last_name", "first_name", "organisation"],
    }
    session.commit()


@pytest.fixture
def site(fair: tuple[Path, world.World], tmp_path: Path, compiled: Path) -> Iterator[SalonFlask]:
    shutil.copy(fair[0], tmp_path / "world.sqlite")
    app = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'world.sqlite'}"))
    app.test_client_class = Browser
    app.extensions["babel"].translation_directories = [str(compiled)]
    with app.app_context():
        app.extensions["babel"].instance.domain_instance.cache.clear()
        _read_file(db.session(), fair[1].here)
        yield app
        db.session.remove()
        db.engine.dispose()


def addresses(app: SalonFlask, place: world.Place) -> Iterator[tuple[Rule, str]]:
    """Each page that a person may open, at the address of an object which exists."""
    with app.test_request_context(base_url=BASE):
        adapter = app.url_map.bind("127.0.0.1")
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.arguments & SECRET:
                continue
            if rule.endpoint in LETTERS or NOT_PAGES.search(rule.rule):
                continue
            known: dict[str, int | str] = {"edition": place.slug, **place.objects}
            choices = [name for name in rule.arguments if name in TEXTS]
            if not rule.arguments <= known.keys() | TEXTS.keys():
                continue
            for text in TEXTS[choices[0]] if choices else ("",):
                values = {name: known.get(name, text) for name in rule.arguments}
                yield rule, adapter.build(rule.endpoint, values)


def readers(path: str) -> tuple[str, ...]:
    """Who looks at a page: those it is for, with more rights and with fewer."""
    if path.startswith("/o/"):
        return ("owner", "reader")
    return ("approved", "pending") if "/me/" in path else ("", "owner")


def browsers(app: SalonFlask, here: world.World) -> dict[str, FlaskClient]:
    found = {"": app.test_client()}
    for role in ("owner", "reader", "approved", "pending"):
        found[role] = app.test_client()
        account = db.session.get_one(Account, here.accounts[role])
        with found[role].session_transaction(base_url=BASE) as cookie:
            cookie["lang"] = "en"
        sign_in(found[role], account)
    return found


def test_no_english_page_says_french(site: SalonFlask, fair: tuple[Path, world.World]) -> None:
    sentences = french_sentences(stored("en"), stored("fr"))
    clients = browsers(site, fair[1])
    session: Session = db.session()
    data = data_of(session)
    seen, french = set(), []
    for rule, path in addresses(site, fair[1].here):
        for who in readers(path):
            try:
                answer = clients[who].get(f"{path}?lang=en", base_url=BASE)
            except Exception as error:
                french.append(f"{path} ({who}) breaks: {error!r}")
                continue
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            seen.add(rule.endpoint)
            page = answer.get_data(as_text=True)
            if not re.search(r"<html[^>]* lang=\"en\"", page):
                french.append(f"{path} ({who}) does not say that it is in English")
            french += [f"{path} ({who}): {line}" for line in leftovers(page, sentences, data)]
    assert len(seen) >= LEAST_PAGES
    assert "\n".join(french) == ""


def test_control_a_french_page_is_noticed(site: SalonFlask, fair: tuple[Path, world.World]) -> None:
    sentences = french_sentences(stored("en"), stored("fr"))
    page = site.test_client().get("/sign-in?lang=fr", base_url=BASE).get_data(as_text=True)
    assert len(leftovers(page, sentences, data_of(db.session()))) > 5


@pytest.mark.parametrize(
    ("page", "noticed"),
    [
        ("<p>Lancer le calcul</p>", True),
        ("<p>Start the run</p>", False),
        ('<p lang="fr">Lancer le calcul</p>', False),
        ('<button aria-label="Fermer le menu">x</button>', True),
        ("<p>Chaque plan est relu</p>", True),  # not a known sentence, but French all the same
        ("<p>Salon d’ici</p>", False),  # typed by somebody
        ("<script>const a = 'le calcul'</script>", False),
    ],
)
def test_control_what_counts_as_french(page: str, noticed: bool) -> None:
    sentences = french_sentences(stored("en"), stored("fr"))
    assert bool(leftovers(page, sentences, ["Salon d’ici"])) is noticed
    assert Words(page)
