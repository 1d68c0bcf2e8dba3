"""The outbox on screen, which only an installation without a mail server has: the same demands as of any page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from salon.enums import MailState
from salon.extensions import db
from salon.jobs.queue import perform
from salon.jobs.unit import writing
from salon.models import OutboxMail
from tests.accessibility.site import Site, running
from tests.accessibility.test_pages import Address, browser, look
from tests.world import World

__all__ = ["browser"]


@pytest.fixture
def site(world_file: tuple[Path, World], tmp_path: Path, font_dir: Path) -> Iterator[Site]:
    """The world with its waiting messages put into the folder."""
    with running(world_file, tmp_path, font_dir) as site:
        site.app.config["SALON"].smtp_url = ""
        site.app.config["SALON"].demo = True
        with site.app.app_context(), writing() as (session, now):
            for mail in session.scalars(select(OutboxMail)):
                mail.state, mail.next_attempt_at = MailState.QUEUED, now
        perform(site.app, "send_due", 0)
        yield site


def pages(site: Site) -> list[Address]:
    with site.app.app_context():
        sent = db.session.scalars(select(OutboxMail.id).where(OutboxMail.state == MailState.SENT)).all()
    assert sent
    letters = [Address("messages.deposited", f"/outbox/{number}", "admin") for number in sent]
    return [Address("messages.folder", "/outbox/", "admin"), *letters]


@pytest.mark.e2e
def test_on_a_phone_in_french(site: Site, browser: Browser) -> None:
    wrong = look(site, browser, pages(site), width=320, locale="fr")
    assert not wrong, "\n".join(wrong)


@pytest.mark.axe_all
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_everywhere(site: Site, browser: Browser, locale: str, width: int) -> None:
    wrong = look(site, browser, pages(site), width=width, locale=locale)
    assert not wrong, "\n".join(wrong)
