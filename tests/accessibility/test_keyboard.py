"""With the Tab key alone: every stop can be seen, shows its outline, and lies under no bar that stays in place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.accessibility.site import Site, launch, running
from tests.accessibility.states import COMING, furnish
from tests.world import World

MOST_STOPS = 400
# The stop that has the focus: what it is, and what is wrong with it.
STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const outlined = n => n && getComputedStyle(n).outlineStyle !== 'none' && parseFloat(getComputedStyle(n).outlineWidth) >= 2;
  const box = e.getClientRects()[0] || e.getBoundingClientRect();
  const x = box.x + box.width / 2, y = box.y + box.height / 2, hit = document.elementFromPoint(x, y);
  const own = [e, ...(e.labels || [])];
  const wrong = [];
  if (box.width < 2 || box.height < 2) wrong.push('has no size');
  else if (!hit) wrong.push('is out of the window');
  else if (!own.some(n => n.contains(hit)) && !hit.contains(e)) wrong.push('is under ' + hit.tagName + '.' + hit.className);
  if (!outlined(e) && !outlined(e.closest('label')) && !outlined(e.parentElement)) wrong.push('has no outline');
  const name = (e.getAttribute('aria-label') || e.innerText || e.labels?.[0]?.innerText || '').trim().slice(0, 60);
  return {name: e.tagName.toLowerCase() + ' « ' + name + ' »', wrong};
}"""


@pytest.fixture(scope="module")
def site(
    world_file: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory, font_dir: Path
) -> Iterator[Site]:
    with running(world_file, tmp_path_factory.mktemp("keyboard"), font_dir) as site:
        furnish(site)
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def walk(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab until the page has been left: the names of the stops, and what is wrong with them."""
    stops: list[str] = []
    wrong: list[str] = []
    for _press in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return stops, wrong
        stops.append(stop["name"])
        wrong += [f"{stop['name']} {what}" for what in stop["wrong"]]
    raise AssertionError(f"more than {MOST_STOPS} stops, or a trap: {stops[-5:]}")


def check(site: Site, browser: Browser, actor: str, path: str, width: int, *, reaches: str) -> None:
    context = site.context(browser, actor, width=width)
    page = context.new_page()
    page.goto(site.base + path, wait_until="networkidle")
    stops, wrong = walk(page)
    context.close()
    assert not wrong, "\n".join(wrong)
    assert any(reaches in stop for stop in stops), stops


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("actor", "path", "reaches"),
    [
        ("approved", "/e/ici/me/wishes", "Descendre Coopérative"),
        (COMING, f"/e/{COMING}/me/availability", "Enregistrer"),
    ],
)
def test_a_list_and_a_grid_on_a_phone(
    site: Site, browser: Browser, actor: str, path: str, reaches: str
) -> None:
    check(site, browser, actor, path, 390, reaches=reaches)


@pytest.mark.axe_all
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("actor", "path", "reaches"),
    [
        ("approved", "/e/ici/me/wishes", "Descendre Coopérative"),
        ("approved", "/e/ici/me/catalogue", "Coopérative des Lavandières"),
        ("approved", "/e/ici/me/agenda", "Badge"),
        ("approved", "/e/ici/me/profile", "Enregistrer"),
        (COMING, f"/e/{COMING}/me/availability", "Enregistrer"),
        ("anonymous", "/e/ici/register", "M’inscrire"),
        ("owner", "/o/ici/registrations/", "Inscrire une personne"),
        ("owner", "/o/ici/plan/", "Préparer la publication"),
        ("owner", "/o/ici/runs/new", "Lancer le calcul"),
        ("owner", "/o/ici/releases/preview", "Versions"),
        ("owner", "/o/ici/settings/types", "Enregistrer la matrice"),
        ("owner", "/o/ici/documents/", "Préparer le jeu complet"),
    ],
)
def test_main_pages(site: Site, browser: Browser, actor: str, path: str, reaches: str, width: int) -> None:
    check(site, browser, actor, path, width, reaches=reaches)


@pytest.mark.e2e
def test_control_a_hidden_stop_is_found(site: Site, browser: Browser) -> None:
    context = site.context(browser, "anonymous", width=390)
    page = context.new_page()
    page.goto(f"{site.base}/sign-in", wait_until="networkidle")
    assert walk(page)[1] == []
    page.evaluate(
        """() => {
          const bar = document.body.appendChild(document.createElement('div'));
          bar.className = 'planted';
          Object.assign(bar.style, {position: 'fixed', inset: '0 0 60% 0', background: '#fff'});
          document.querySelector('main button').style.outline = 'none';
        }"""
    )
    wrong = " ".join(walk(page)[1])
    assert "is under DIV.planted" in wrong
    assert "« Recevoir un lien » has no outline" in wrong
    context.close()
