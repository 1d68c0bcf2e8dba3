"""The whole fair in a real browser on a served installation: from nothing to the same meeting everywhere."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from pypdf import PdfReader

from tests.accessibility.site import Complaints, launch

PEOPLE = 20  # on each side
EDITION = "Rencontres de Brévenne"
ORGANISER = "dominique@organisation.example"
BUYERS = ("Atelier des Buyers 1", "Atelier des Buyers 2")
PATIENCE_S = 90.0  # on a busy machine


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder, a port, and the command line as an operator has it."""

    folder: Path
    port: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def salon(self, *words: str) -> str:
        command = [sys.executable, "-m", "salon.cli", "--instance", str(self.folder), *words]
        ended = subprocess.run(command, capture_output=True, text=True, env=self.environment(), check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def environment(self) -> dict[str, str]:
        return {**os.environ, "SALON_BASE_URL": self.base, "SALON_SOLVER_WORKERS": "1"}

    def link(self, email: str) -> str:
        return self.salon("sign-in-link", email).split()[-1]


def until(what: Callable[[], Any], *, seconds: float = PATIENCE_S) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.3)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture
def installation(tmp_path: Path, font_dir: Path) -> Iterator[Installation]:
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "fonts").symlink_to(font_dir)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    made = Installation(folder, port)
    made.salon("init")
    made.salon("create-admin", ORGANISER)
    command = [sys.executable, "-m", "salon.cli", "--instance", str(folder), "serve", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--web-workers", "1"], env=made.environment(), stdout=subprocess.DEVNULL
    )
    try:
        until(lambda: _is_up(made.base))
        yield made
    finally:
        process.terminate()
        process.wait(timeout=60)


def _is_up(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


class Person:
    """One browser window; what its console complains about is kept."""

    def __init__(self, installation: Installation, context: BrowserContext) -> None:
        self.installation, self.context = installation, context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE_S * 1000)
        self.complaints = Complaints(self.page)

    def sign_in(self, email: str) -> None:
        self.page.goto(self.installation.link(email))
        self.press("Ouvrir ma session")
        self.page.wait_for_url(lambda url: "/s/" not in url)

    def open(self, path: str) -> None:
        answer = self.page.goto(self.installation.base + path)
        assert answer is not None
        assert answer.status == 200, path

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def download(self, path: str) -> bytes:
        answer = self.context.request.get(self.installation.base + path)
        assert answer.status == 200, path
        return bytes(answer.body())


@pytest.fixture
def window(installation: Installation) -> Iterator[Callable[[], Person]]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield lambda: Person(
            installation, browser.new_context(locale="fr", viewport={"width": 1280, "height": 900})
        )
        browser.close()


def sheet() -> bytes:
    """40 people, half buyers, half exhibitors, as a correspondent saves them."""
    out = io.StringIO()
    out.write("Structure;Type de participant;Prénom;Nom;E-mail\r\n")
    for side, letter in (("Buyers", "A"), ("Ateliers", "E")):
        for n in range(1, PEOPLE + 1):
            name = f"Atelier des {side} {n}"
            out.write(f"{name};{letter};Camille{n};{side}nom{n};camille{n}@{side.lower()}.example\r\n")
    return out.getvalue().encode("utf-8-sig")


def create_edition(organiser: Person) -> str:
    """The edition's path on the organisers' side."""
    day = datetime.now(UTC).date() + timedelta(days=45)
    organiser.open("/o/new")
    page = organiser.page
    page.get_by_label("Nom de l’édition").fill(EDITION)
    page.locator("[name=first_day]").fill(day.isoformat())
    page.locator("[name=last_day]").fill(day.isoformat())
    page.locator("[name=place]").fill("Halle des Docks, Brévenne")
    organiser.press("Créer l’édition")
    page.wait_for_url(re.compile(r"/o/[a-z0-9-]+/settings/"))
    return str(re.search(r"/o/[a-z0-9-]+", page.url)[0])  # type: ignore[index]


def import_people(organiser: Person, root: str) -> None:
    organiser.open(f"{root}/imports/")
    page = organiser.page
    page.locator("input[type=file]").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": sheet()}
    )
    organiser.press("Lire le fichier")
    organiser.press(re.compile("Importer 40 lignes"))
    page.wait_for_load_state()
    organiser.open(f"{root}/registrations/?q=Buyersnom7")
    expect(page.get_by_text("Buyersnom7").first).to_be_visible()


def open_wishes(organiser: Person, root: str) -> None:
    organiser.open(f"{root}/settings/phases")
    line = organiser.page.locator(".phase-lines li", has_text="Vœux")
    line.get_by_role("button", name="Ouvrir maintenant").click()
    expect(line.get_by_text("Ouvert", exact=True)).to_be_visible()


def wish_on_line(person: Person, email: str, slug: str, targets: tuple[str, ...], level: str) -> None:
    person.sign_in(email)
    for target in targets:
        person.open(f"/e/{slug}/me/catalogue?q={target.replace(' ', '+')}")
        person.page.get_by_role("link", name=target, exact=True).first.click()
        person.page.locator(f"input[name=level][value={level}]").check()
        person.press("Ajouter à mes vœux")
        expect(person.page.get_by_role("button", name="Enregistrer mon choix")).to_be_visible()
    person.open(f"/e/{slug}/me/wishes")
    for target in targets:
        expect(person.page.get_by_text(target).first).to_be_visible()


def run_and_publish(organiser: Person, root: str) -> None:
    page = organiser.page
    organiser.open(f"{root}/runs/new")
    organiser.press("Lancer le calcul")
    page.wait_for_url(re.compile(r"/runs/1"))
    page.get_by_role("link", name="Voir le certificat").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    organiser.open(f"{root}/releases/preview")
    for box in page.locator("[name=acknowledged]").all():
        box.check()
    organiser.press("Publier la version 1")
    page.wait_for_url(re.compile(r"/releases/1"))


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a document says about one meeting."""

    start: str  # wall clock of the fair, "09:25"
    table: str
    other: str


def on_page(person: Person, slug: str) -> list[Meeting]:
    person.open(f"/e/{slug}/me/agenda")
    found = []
    for line in person.page.locator("li.meet").all():
        start = re.sub(r"\s*h\s*", ":", line.locator(".at").inner_text().split("\n")[0]).strip()
        table = re.search(r"T\d\d", line.locator(".table-tag").inner_text())
        assert table
        found.append(Meeting(start, table[0], line.locator(".who b").inner_text()))
    return found


def in_calendar(content: bytes) -> list[Meeting]:
    found = []
    for entry in vobject.readOne(content.decode()).vevent_list:
        start = entry.dtstart.value.astimezone(ZoneInfo("Europe/Paris"))
        table = re.search(r"T\d\d", entry.location.value)
        other = re.search(r"Atelier des \w+ \d+", entry.summary.value)
        assert table, entry.location.value
        assert other, entry.summary.value
        found.append(Meeting(start.strftime("%H:%M"), table[0], other[0]))
    return found


def in_pdf(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def feed_of(person: Person, slug: str) -> bytes:
    """The private subscription, made and read without a session, as a calendar program does."""
    person.open(f"/e/{slug}/me/calendar")
    address = re.search(r"/cal/[\w-]+\.ics", person.page.content())
    if address is None:
        person.page.locator("main form[method=post] button").first.click()
        person.page.wait_for_load_state()
        address = re.search(r"/cal/[\w-]+\.ics", person.page.content())
    assert address is not None
    with urllib.request.urlopen(person.installation.base + address[0], timeout=30) as answer:
        return bytes(answer.read())


@pytest.mark.e2e
@pytest.mark.timeout(600)
def test_a_fair_from_nothing_to_the_same_meeting_everywhere(window: Callable[[], Person]) -> None:
    organiser = window()
    organiser.sign_in(ORGANISER)
    root = create_edition(organiser)
    slug = root.removeprefix("/o/")
    import_people(organiser, root)
    open_wishes(organiser, root)
    supplier = "Atelier des Ateliers 3"
    first, second, third = window(), window(), window()
    wish_on_line(first, "camille1@buyers.example", slug, (supplier, "Atelier des Ateliers 4"), "must")
    wish_on_line(second, "camille2@buyers.example", slug, (supplier,), "meet")
    wish_on_line(third, "camille3@ateliers.example", slug, BUYERS, "meet")
    run_and_publish(organiser, root)

    shown = on_page(first, slug)
    assert {meeting.other for meeting in shown} == {supplier, "Atelier des Ateliers 4"}
    once = first.download(f"/e/{slug}/me/agenda.ics")
    assert in_calendar(once) == shown
    assert in_calendar(once.replace(shown[0].table.encode(), b"T99")) != shown  # control: the eye is open
    assert in_calendar(feed_of(first, slug)) == shown
    text = re.sub(r"\s+", " ", in_pdf(first.download(f"/e/{slug}/me/agenda.pdf")))
    for meeting in shown:
        hour, minute = meeting.start.split(":")
        assert re.search(rf"{int(hour)}\s*(h|:)\s*{minute}", text), text
        assert meeting.table in text
        assert meeting.other in text
    theirs = next(meeting for meeting in on_page(third, slug) if meeting.other == BUYERS[0])
    mine = next(meeting for meeting in shown if meeting.other == supplier)
    assert (theirs.start, theirs.table) == (mine.start, mine.table)
    for person in (organiser, first, second, third):
        assert person.complaints.taken() == []
