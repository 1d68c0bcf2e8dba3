"""States that a plain visit does not meet: forms refused, conflicts, errors, fairs that are empty, over or to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from playwright.sync_api import Page, Response
from sqlalchemy.orm import Session

from salon.blueprints.second_step import vault
from salon.enums import DelegateStatus
from salon.extensions import db
from salon.models import Account, Edition
from tests.accessibility.site import Site
from tests.factories import Factory

EMPTY, OVER, COMING = "vide", "passee", "bientot"  # editions added to the world
CRASHING = "public.service_notice"  # the view that is made to fail


@dataclass(frozen=True, slots=True)
class State:
    """What to do to see it: open `path` as `actor`, fill in `typed` and send the form it stands in, `times` over.

    `typed` is selector → value (True and False for boxes); `rival` is typed and saved by somebody else meanwhile.
    """

    name: str
    actor: str
    path: str
    status: int
    typed: Mapping[str, str | bool] | None = None
    rival: Mapping[str, str | bool] | None = None
    times: int = 1


def furnish(site: Site) -> None:
    """Add to the site's own copy of the world: three editions, and a person in every state of a registration."""
    with site.app.app_context():
        made = _furnished(site, db.session)  # type: ignore[arg-type]
        db.session.commit()
        db.session.remove()
    site.world = replace(site.world, accounts=site.world.accounts | made)
    site.app.view_functions[CRASHING] = _crash
    site.app.config["PROPAGATE_EXCEPTIONS"] = False


def _crash(**_words: str) -> Any:
    raise RuntimeError("planted")


def _furnished(site: Site, session: Session) -> dict[str, int]:
    now = datetime.now(UTC).replace(microsecond=0)
    make = Factory(session, now)
    make._numbers = count(1000)  # the world has used the first ones
    owner = session.get_one(Account, site.world.accounts["owner"])
    make.member(make.edition(slug=EMPTY, name="Salon vide", set_up_step=1, **_days(now, 60)), account=owner)
    people = _someone_in_each_state(make, session.get_one(Edition, site.world.here.edition_id))
    for slug, days in ((OVER, -9), (COMING, 90)):
        edition = make.edition(slug=slug, name=f"Salon {slug}", **_days(now, days), **_phases(now, days))
        make.member(edition, account=owner)
        buyer, supplier = make.two_sides(edition)
        people[slug] = make.delegate(edition, buyer, is_lead=True).account_id
        make.delegate(edition, supplier)
        make.slots(edition, 3)
    guarded = make.account("deux@salon.example", totp_secret=vault().seal("JBSWY3DPEHPK3PXP" * 2))
    make.member(make.session.get_one(Edition, site.world.here.edition_id), account=guarded)
    return people | {"guarded": guarded.id}


def _days(now: datetime, days: int) -> dict[str, date]:
    day = now.date() + timedelta(days=days)
    return {"first_day": day, "last_day": day}


def _phases(now: datetime, days: int) -> dict[str, datetime]:
    opening = now + timedelta(days=days // 3 if days > 0 else 2 * days)
    closing = opening + timedelta(days=5)
    names = ("registration_opens_at", "wishes_open_at"), ("registration_closes_at", "wishes_close_at")
    return dict.fromkeys(names[0], opening) | dict.fromkeys(names[1], closing)


def _someone_in_each_state(make: Factory, edition: Edition) -> dict[str, int]:
    kind = make.type(edition, "V")
    return {
        f"is {status}": make.delegate(edition, kind, status=status, reason="Complet").account_id
        for status in DelegateStatus
    }


def show(site: Site, page: Page, state: State, locale: str = "fr") -> Response:
    """Bring the page into the state; the last answer."""
    mark = "&" if "?" in state.path else "?"
    address = f"{site.base}{state.path}{mark}lang={locale}"
    answer = page.goto(address)
    if state.rival:
        other = page.context.new_page()
        other.goto(address)
        assert _send(other, state.rival).ok, f"{state.name}: the rival could not save"
        other.close()
    for attempt in range(state.times if state.typed else 0):
        if attempt:
            page.goto(address)
        answer = _send(page, state.typed or {})
    assert answer is not None
    return answer


def _send(page: Page, typed: Mapping[str, str | bool]) -> Response:
    for selector, value in typed.items():
        assert page.locator(selector).count(), selector
        page.locator(selector).evaluate_all(FILL, value)
    with page.expect_navigation() as sent:
        page.locator(next(iter(typed))).first.evaluate("e => (e.form || e).requestSubmit()")
    assert sent.value is not None
    return sent.value


FILL = """(all, value) => all.forEach(e => {
  if (e.tagName === 'FORM') return;
  if (e.type === 'checkbox' || e.type === 'radio') e.checked = value; else e.value = value;
})"""
