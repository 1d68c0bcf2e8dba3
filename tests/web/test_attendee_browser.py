"""In a real browser: nothing typed is lost, the grid by keyboard and without script, Enter registers."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from salon.models import Absence, Account, AuthSession, Delegate, Edition, Slot
from salon.services import sessions
from salon.web import SalonFlask
from tests.factories import Factory

pytestmark = pytest.mark.e2e
LIVE = datetime.now(UTC)
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = os.environ.get("SALON_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def base(app: SalonFlask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)


@pytest.fixture
def fair(make: Factory, session: Session) -> Edition:
    edition = make.edition(
        registration_opens_at=LIVE - timedelta(days=2), registration_closes_at=LIVE + timedelta(days=9)
    )
    make.two_sides(edition)
    session.commit()
    return edition


@pytest.fixture
def me(make: Factory, session: Session, fair: Edition) -> Delegate:
    one = make.delegate(fair, make.type(fair, "V"), is_lead=True, first_name="Claire", last_name="Béranger")
    session.commit()
    return one


def window(browser: Browser, **options: object) -> BrowserContext:
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce", **options)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    context.route("**/assets/fonts/**", lambda route: route.abort())  # built by `salon init`
    return context


def enter(context: BrowserContext, app: SalonFlask, session: Session, base: str, one: Delegate) -> None:
    """Sign the window in."""
    secret = sessions.open_session(session, datetime.now(UTC), session.get_one(Account, one.account_id),
                                   strong=True)  # fmt: skip
    session.commit()
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    value = str(serializer.dumps({"sid": secret}))
    context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": base}])


def fill(page: Page) -> None:
    page.get_by_text("Type A", exact=True).click()
    page.get_by_label("Nom de la structure").fill("Les Ateliers du Lac")
    page.get_by_label("Type de structure").select_option("esat")
    page.locator("#first_name").fill("Claire")
    page.locator("#last_name").fill("Béranger")
    page.locator("#email").fill("claire@lac.example")


def test_registering_by_keyboard_after_a_closed_page(
    browser: Browser, base: str, session: Session, fair: Edition
) -> None:
    """What was typed comes back, ticked boxes in folded lists too; Enter sends the form."""
    with window(browser) as context:
        page = context.new_page()
        page.goto(f"{base}/e/{fair.slug}/register", wait_until="networkidle")
        fill(page)
        page.get_by_text("Agro-alimentaire", exact=True).click()
        page.get_by_label("Maraîchage").first.check()
        page.goto(f"{base}/e/{fair.slug}/register", wait_until="networkidle")
        assert page.locator("#last_name").input_value() == ""
        page.get_by_role("button", name="Reprendre ma saisie").click()
        assert page.locator("#last_name").input_value() == "Béranger"
        assert page.get_by_label("Maraîchage").first.is_visible()
        page.locator("#email").press("Enter")
        page.wait_for_url("**/register/sent")
        assert "claire@lac.example" in page.content()
        page.wait_for_load_state("networkidle")  # its script drops the draft that arrived
        assert page.evaluate("sessionStorage.length") == 0
        page.goto(f"{base}/e/{fair.slug}/register", wait_until="networkidle")
        assert page.get_by_role("button", name="Reprendre ma saisie").count() == 0  # it arrived
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Delegate)) == 1


def test_a_refused_form_shows_its_summary_and_keeps_everything(
    browser: Browser, base: str, fair: Edition
) -> None:
    with window(browser, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(f"{base}/e/{fair.slug}/register", wait_until="networkidle")
        fill(page)
        page.locator("#siret").fill("123")
        page.get_by_role("button", name="M’inscrire").last.click()
        summary = page.get_by_role("alert")
        expect(summary).to_contain_text("SIRET")
        expect(summary).to_be_focused()
        assert page.locator("#email").input_value() == "claire@lac.example"
        assert page.get_by_role("button", name="Reprendre ma saisie").count() == 0  # it is all here
        summary.get_by_role("link").first.click()
        expect(page.locator("#siret")).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_expired_session_keeps_what_was_typed(
    app: SalonFlask, browser: Browser, base: str, session: Session, fair: Edition, me: Delegate
) -> None:
    with window(browser) as context:
        enter(context, app, session, base, me)
        page = context.new_page()
        page.goto(f"{base}/e/{fair.slug}/me/profile", wait_until="networkidle")
        page.locator("#job_title").fill("Directrice des achats")
        session.execute(delete(AuthSession))
        session.commit()
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_role("heading", name="Reconnectez-vous").wait_for()
        enter(context, app, session, base, me)
        page.goto(f"{base}/e/{fair.slug}/me/profile", wait_until="networkidle")
        page.get_by_role("button", name="Reprendre ma saisie").click()
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_text("Votre fiche est enregistrée").wait_for()
    session.rollback()
    session.refresh(me)
    assert me.job_title == "Directrice des achats"


def test_a_network_that_fails_loses_nothing(
    app: SalonFlask, browser: Browser, base: str, session: Session, fair: Edition, me: Delegate
) -> None:
    with window(browser) as context:
        enter(context, app, session, base, me)
        page = context.new_page()
        page.goto(f"{base}/e/{fair.slug}/me/profile", wait_until="networkidle")
        page.locator("#job_title").fill("Directrice des achats")
        context.set_offline(True)
        page.get_by_role("button", name="Enregistrer").click()
        page.wait_for_url("chrome-error://**")
        context.set_offline(False)
        page.goto(f"{base}/e/{fair.slug}/me/profile", wait_until="networkidle")
        page.get_by_role("button", name="Reprendre ma saisie").click()
        assert page.locator("#job_title").input_value() == "Directrice des achats"


@pytest.fixture
def slots(make: Factory, session: Session, fair: Edition) -> list[Slot]:
    rows = make.slots(fair, 6)
    session.commit()
    return rows


def away(session: Session, one: Delegate) -> set[int]:
    session.rollback()
    return set(session.scalars(select(Absence.slot_id).where(Absence.delegate_id == one.id)))


def test_the_grid_by_keyboard(
    app: SalonFlask, browser: Browser, base: str, session: Session, fair: Edition, me: Delegate,
    slots: list[Slot],
) -> None:  # fmt: skip
    with window(browser) as context:
        enter(context, app, session, base, me)
        page = context.new_page()
        page.goto(f"{base}/e/{fair.slug}/me/availability", wait_until="networkidle")
        page.locator("input[name=open]").first.focus()
        for key in ("ArrowDown", "Space", "ArrowDown", "ArrowDown", "Space", "Control+Home", "Space"):
            page.keyboard.press(key)
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_text("Enregistré à").wait_for()
        assert away(session, me) == {slots[0].id, slots[1].id, slots[3].id}
        page.wait_for_load_state("networkidle")
        tick, untick = (
            page.get_by_role("button", name=re.compile(rf"^\s*{word}\b")) for word in ("Cocher", "Décocher")
        )
        expect(tick).to_have_count(1)
        expect(untick).to_have_count(0)
        tick.click()  # all ticked again
        expect(untick).to_be_focused()  # it would now do the opposite
        expect(tick).to_have_count(0)
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_text("Enregistré à").wait_for()
    assert away(session, me) == set()


def test_the_grid_without_script_on_a_phone(
    app: SalonFlask, browser: Browser, base: str, session: Session, make: Factory, fair: Edition,
    me: Delegate, slots: list[Slot],
) -> None:  # fmt: skip
    from salon.models import Organisation, ParticipantType

    home = session.get_one(Organisation, me.organisation_id)
    lou = make.delegate(fair, session.get_one(ParticipantType, me.type_id), home)
    session.commit()
    with window(
        browser, java_script_enabled=False, viewport={"width": 390, "height": 844}, has_touch=True
    ) as context:
        enter(context, app, session, base, me)
        page = context.new_page()
        page.goto(f"{base}/e/{fair.slug}/me/availability", wait_until="networkidle")
        assert page.get_by_role("button", name="Cocher").count() == 0
        page.locator(f'input[value="{lou.id}:{slots[2].id}"]').tap()
        box = page.locator(f'label:has(input[value="{lou.id}:{slots[2].id}"])').bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44  # a thumb's worth
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_text("Enregistré à").wait_for()
    assert (away(session, me), away(session, lou)) == (set(), {slots[2].id})
