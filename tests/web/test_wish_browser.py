"""The wish list in a real browser: dragged, moved by keyboard, undone, in two tabs, after a lost session."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete
from sqlalchemy.orm import Session

from salon.models import AuthSession, Delegate, Edition, Organisation
from salon.queries import wish_list
from salon.web import SalonFlask
from tests.factories import Factory
from tests.web.test_attendee_browser import base, browser, enter, window

__all__ = ["base", "browser"]
pytestmark = pytest.mark.e2e
LIVE = datetime.now(UTC)
expect.set_options(timeout=20_000)


@pytest.fixture
def fair(make: Factory, session: Session) -> Edition:
    edition = make.edition(wishes_open_at=LIVE - timedelta(days=1), wishes_close_at=LIVE + timedelta(days=4))
    make.two_sides(edition)
    session.commit()
    return edition


@pytest.fixture
def me(make: Factory, session: Session, fair: Edition) -> Delegate:
    """A buyer who wishes five houses, in their order."""
    from salon.models import ParticipantType

    buyers, suppliers = session.query(ParticipantType).order_by(ParticipantType.position).all()
    one = make.delegate(fair, buyers)
    for n in range(5):
        home = make.organisation(fair, f"Maison {n}")
        make.delegate(fair, suppliers, home)
        make.wish(one, home, rank=n + 1)
    session.commit()
    return one


def names(page: Page) -> list[str]:
    return [text.removeprefix("Maison ") for text in page.locator(".wish .who b").all_inner_texts()]


def stored(session: Session, me: Delegate) -> list[str]:
    session.rollback()
    rows = wish_list.stored(session, me.id)
    return [session.get_one(Organisation, row.organisation).name.removeprefix("Maison ") for row in rows]


def test_a_list_is_ordered_by_hand_and_by_keyboard(
    browser: Browser, base: str, app: SalonFlask, session: Session, fair: Edition, me: Delegate
) -> None:
    """The focus follows the line that moves, what happened is said, and can be undone."""
    with window(browser, viewport={"width": 1280, "height": 1200}) as context:
        enter(context, app, session, base, me)
        page = context.new_page()
        page.goto(f"{base}/e/{fair.slug}/me/wishes", wait_until="networkidle")
        down = page.get_by_role("button", name="Descendre Maison 1")
        down.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#toasts")).to_contain_text("Maison 1 passe au rang 3 sur 5.")
        assert names(page) == ["0", "2", "1", "3", "4"]
        expect(page.get_by_role("button", name="Descendre Maison 1")).to_be_focused()
        page.locator("#toasts").get_by_role("button", name="Annuler").click()
        expect(page.locator("#toasts")).to_contain_text("votre liste est comme avant")
        page.wait_for_load_state("networkidle")  # a whole new page: its scripts and its layout must be there
        assert names(page) == ["0", "1", "2", "3", "4"]
        grip = page.locator("[data-sort-item]").nth(4).locator("[data-grip]").bounding_box()
        line = page.locator("[data-sort-item]").nth(1).bounding_box()
        assert grip and line
        page.mouse.move(grip["x"] + 8, grip["y"] + 10)
        page.mouse.down()
        page.mouse.move(grip["x"] + 8, line["y"] + 4, steps=6)
        page.mouse.up()
        expect(page.locator("#toasts")).to_contain_text("Maison 4 passe au rang 2 sur 5.")
        assert names(page) == ["0", "4", "1", "2", "3"] == stored(session, me)


def test_two_tabs_end_on_the_page_of_both_lists(
    browser: Browser, base: str, app: SalonFlask, session: Session, fair: Edition, me: Delegate
) -> None:
    with window(browser, viewport={"width": 1280, "height": 1200}) as context:
        enter(context, app, session, base, me)
        first, second = context.new_page(), context.new_page()
        for page in (first, second):
            page.goto(f"{base}/e/{fair.slug}/me/wishes", wait_until="networkidle")
        first.get_by_role("button", name="Descendre Maison 0").click()
        expect(first.locator("#toasts")).to_contain_text("Maison 0 passe au rang 2")
        second.get_by_role("button", name="Descendre Maison 3").click()
        expect(second.get_by_role("heading", level=1)).to_have_text("Deux listes de vœux")
        second.get_by_role("button", name="Garder celle de cette page").click()
        second.wait_for_url("**/me/wishes")
        assert stored(session, me) == ["0", "1", "2", "4", "3"]


def test_what_was_typed_outlives_the_session(
    browser: Browser, base: str, app: SalonFlask, session: Session, fair: Edition, me: Delegate
) -> None:
    with window(browser) as context:
        enter(context, app, session, base, me)
        page = context.new_page()
        page.goto(f"{base}/e/{fair.slug}/me/wishes/edit", wait_until="networkidle")
        page.get_by_label("Rang de Maison 4").fill("1")
        page.get_by_label("Niveau pour Maison 4").select_option("must")
        session.execute(delete(AuthSession))
        session.commit()
        page.get_by_role("button", name="Enregistrer la liste").click()
        expect(page.locator("main")).to_contain_text("votre saisie est gardée")
        enter(context, app, session, base, me)
        page.goto(f"{base}/e/{fair.slug}/me/wishes/edit", wait_until="networkidle")
        page.get_by_role("button", name="Reprendre ma saisie").click()
        expect(page.get_by_label("Rang de Maison 4")).to_have_value("1")
        page.get_by_role("button", name="Enregistrer la liste").click()
        page.wait_for_url("**/me/wishes")
        assert stored(session, me) == ["4", "0", "1", "2", "3"]


def test_without_script_every_button_works(
    browser: Browser, base: str, app: SalonFlask, session: Session, fair: Edition, me: Delegate
) -> None:
    with window(browser, java_script_enabled=False) as context:
        enter(context, app, session, base, me)
        page = context.new_page()
        page.goto(f"{base}/e/{fair.slug}/me/wishes", wait_until="networkidle")
        page.get_by_role("button", name="Descendre Maison 0").click()
        assert stored(session, me) == ["1", "0", "2", "3", "4"]
        page.get_by_label("Niveau pour Maison 3").select_option("must")
        page.get_by_role("button", name=re.compile("Appliquer.*Maison 3")).click()
        assert stored(session, me) == ["3", "1", "0", "2", "4"]
        page.get_by_role("button", name=re.compile("Retirer.*Maison 1")).click()
        assert stored(session, me) == ["3", "0", "2", "4"]
        page.goto(f"{base}/e/{fair.slug}/me/catalogue?q=maison+1", wait_until="networkidle")
        page.get_by_role("button", name=re.compile("Ajouter à mes vœux.*Maison 1")).click()
        assert stored(session, me) == ["3", "0", "2", "4", "1"]
