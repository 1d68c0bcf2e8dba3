"""Every page of the application in a real browser: axe finds nothing, nothing scrolls sideways, the console is quiet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.routing import Rule

from salon.policies.access import ACCESS, Audience
from tests.accessibility.site import Complaints, Site, launch, running
from tests.world import World

SHARDS = 6
AXE = Axe().axe_script
# Addresses that answer with something else than a page, by endpoint, each with what it is.
NO_PAGE = {
    "static": "files", "bootstrap.static": "files", "assets.font": "font", "assets.theme": "style sheet",
    "assets.logo": "picture", "assets.security_txt": "text", "assets.robots": "text", "health.health": "JSON",
    "health.ready": "JSON", "runs.progress": "JSON", "documents.badge_pdf": "PDF", "documents.agenda_pdf": "PDF",
    "documents.calibration": "PDF", "journal.export": "CSV", "messages.letter": "a letter, in a closed frame",
     "participant.agenda_pdf": "PDF",
    "participant.agenda_ics": "calendar", "participant.badge_pdf": "PDF", "feeds.calendar": "calendar",
}  # fmt: skip
# Pages whose address holds a secret, or which need a state of their own; each with what a browser is shown instead.
ELSEWHERE = {
    "badge.show": "sends on",
    "auth.second_factor": "for accounts with a second factor",
    "messages.folder": "test_outbox.py: mail leaves by SMTP in this world",
    "messages.deposited": "as above",
    "messages.deposited_letter": "as above",
}
WORDS = {
    "token": "x" * 43, "secret": "x" * 43, "chapter": "types", "step": "refuse", "page": "privacy", "view": "lock",
    "code": "ABCDEFGHJKMN", "name": "x", "filename": "x", "kind": "wishes",
}  # fmt: skip
QUERIES = {"registrations.decide_many": "ids=6", "search.index": "q=a"}
ACTOR_OF = {
    Audience.PUBLIC: "anonymous",
    Audience.TOKEN: "anonymous",
    Audience.ATTENDEE: "approved",
    Audience.APPROVED: "approved",
    Audience.ADMIN: "admin",
}


@dataclass(frozen=True, slots=True)
class Address:
    endpoint: str
    path: str
    actor: str


@pytest.fixture(scope="module")
def site(
    world_file: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory, font_dir: Path
) -> Iterator[Site]:
    with running(world_file, tmp_path_factory.mktemp("site"), font_dir) as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def pages(site: Site) -> list[Address]:
    """Every address that a browser can open, from the application's own map: a new page is looked at by itself."""
    found = []
    for rule in sorted(site.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGE | ELSEWHERE:
            actor = ACTOR_OF.get(ACCESS[rule.endpoint].audience, "owner")
            found.append(Address(rule.endpoint, _path(site, rule), actor))
    return found


def _path(site: Site, rule: Rule) -> str:
    values = {
        name: site.world.here.slug
        if name == "edition"
        else site.world.here.objects.get(name, WORDS.get(name, 1))
        for name in rule.arguments
    }
    with site.app.test_request_context():
        path = site.app.url_map.bind("127.0.0.1").build(rule.endpoint, values, method="GET")
    return f"{path}?{QUERIES[rule.endpoint]}" if rule.endpoint in QUERIES else path


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is open: axe's violations, and a sideways scroll."""
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run({exclude: []}, {resultTypes: ['violations']})".replace("{exclude: []}", "document")
    )
    wrong = [
        f"axe {one['id']} ({one['impact']}): "
        + "; ".join(f"{node['target']} {node['html'][:120]}" for node in one["nodes"][:3])
        for one in found["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        wrong.append(f"{wide} px wider than the window: {page.evaluate(WIDEST)}")
    return wrong


WIDEST = """() => [...document.querySelectorAll('body *')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.right > document.documentElement.clientWidth + 0.5 && r.width > 0;
}).slice(0, 4).map(e => e.tagName.toLowerCase() + '.' + e.className).join(' | ')"""


def look(site: Site, browser: Browser, addresses: list[Address], *, width: int, locale: str) -> list[str]:
    """Open each address and collect what is wrong, one line each."""
    wrong: list[str] = []
    for actor in sorted({address.actor for address in addresses}):
        context = site.context(browser, actor, width=width, locale=locale)
        page = context.new_page()
        complaints = Complaints(page)
        for address in (one for one in addresses if one.actor == actor):
            wrong += [
                f"{address.endpoint} {line}" for line in _visit(site, page, complaints, address, locale)
            ]
        context.close()
    return wrong


def _visit(site: Site, page: Page, complaints: Complaints, address: Address, locale: str) -> list[str]:
    mark = "&" if "?" in address.path else "?"
    answer = page.goto(f"{site.base}{address.path}{mark}lang={locale}", wait_until="load")
    assert answer is not None
    dead = address.endpoint in DEAD_LINKS and answer.status in {404, 410}
    heard = [line for line in complaints.taken() if not (dead and "status of 4" in line)]
    if answer.status != 200 and not dead:
        return [f"answered {answer.status}"]
    lang = page.evaluate("document.documentElement.lang")
    return heard + faults(page) + ([] if lang == locale else [f"speaks {lang}, not {locale}"])


# Without its secret, the page that says so is what is looked at.
DEAD_LINKS = {
    "auth.link", "auth.invitation", "registration.confirm", "account.confirm_email",
}  # fmt: skip


def part(site: Site, shard: int) -> list[Address]:
    return [address for i, address in enumerate(pages(site)) if i % SHARDS == shard]


@pytest.mark.e2e
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_page_on_a_phone_in_french(site: Site, browser: Browser, shard: int) -> None:
    addresses = part(site, shard)
    assert len(addresses) > 15
    wrong = look(site, browser, addresses, width=320, locale="fr")
    assert not wrong, "\n".join(wrong)


@pytest.mark.axe_all
@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_page_everywhere(site: Site, browser: Browser, locale: str, width: int, shard: int) -> None:
    wrong = look(site, browser, part(site, shard), width=width, locale=locale)
    assert not wrong, "\n".join(wrong)


def test_what_is_not_looked_at_exists(site: Site) -> None:
    known = {rule.endpoint for rule in site.app.url_map.iter_rules()}
    assert (NO_PAGE | ELSEWHERE).keys() <= known


@pytest.mark.e2e
def test_control_planted_faults_are_found(site: Site, browser: Browser) -> None:
    context = site.context(browser, "anonymous", width=320)
    page = context.new_page()
    complaints = Complaints(page)
    page.goto(f"{site.base}/sign-in")
    assert faults(page) == []
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p id=wide>x</p><p style=\"color: red\">x</p>')"
    )
    page.evaluate("document.getElementById('wide').style.minWidth = '900px'")
    found = " ".join(faults(page))
    assert "axe label" in found
    assert re.search(r"\d+ px wider", found)
    assert any("Content Security Policy" in line for line in complaints.taken())  # the style attribute
    context.close()
