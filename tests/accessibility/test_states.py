"""Refused forms, conflicts, errors, empty and closed fairs in a real browser: the same demands as of any page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from salon.policies.access import ACCESS, Audience
from tests.accessibility.site import Complaints, Site, launch, running
from tests.accessibility.states import COMING, EMPTY, OVER, State, furnish, show
from tests.accessibility.test_pages import NO_PAGE, faults
from tests.world import World

HERE, ME = "/o/ici/", "/e/ici/me/"
FIRST_LEVEL = "select[name^='level-'] >> nth=0"
ORGANISERS = {Audience.READER, Audience.DESK, Audience.EDITOR, Audience.OWNER}


@pytest.fixture
def site(world_file: tuple[Path, World], tmp_path: Path, font_dir: Path) -> Iterator[Site]:
    """A world of its own for each test: conflicts and refusals leave traces."""
    with running(world_file, tmp_path, font_dir) as site:
        furnish(site)
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def refused(site: Site) -> list[State]:
    """The main forms, each with what it cannot take."""
    here = site.world.here.objects
    person = f"{HERE}registrations/{here['delegate']}"
    forms: list[tuple[str, str, dict[str, str | bool]]] = [
        ("anonymous", "/sign-in", {"#email": "camille"}),
        ("anonymous", "/sign-in/code", {"#code": "12"}),
        ("anonymous", "/e/ici/register", {"#first_name": ""}),
        ("guarded", "/second-factor", {"#code": "123456"}),
        ("owner", "/account/email", {"#email": "camille"}),
        ("owner", "/account/security/totp", {"#code": "123456"}),
        ("approved", f"{ME}profile", {"#first_name": ""}),
        ("approved", f"{ME}profile/structure", {"#organisation": ""}),
        ("approved", f"{ME}profile/colleague", {"#first_name": ""}),
        ("approved", f"{ME}wishes/edit", {"select[name^='level-']": "must"}),
        (COMING, f"/e/{COMING}/me/availability", {"#max_meetings": "999"}),
        ("owner", f"{HERE}settings/identity", {"#name": "", "#last_day": "2020-01-01"}),
        ("owner", f"{HERE}settings/days/sessions/new", {"#starts": ""}),
        ("owner", f"{HERE}settings/days/programme/new", {"#title_fr": ""}),
        ("owner", f"{HERE}settings/types/new", {"#name_fr": ""}),
        ("owner", f"{HERE}settings/questions/new", {"#label_fr": ""}),
        ("owner", f"{HERE}settings/phases", {"#max_wishes": "x"}),
        ("owner", f"{HERE}settings/texts", {"main form textarea": "x" * 9000}),
        ("owner", f"{HERE}room", {"#labels": ""}),
        ("owner", f"{HERE}room/tables/{here['table']}", {"#label": ""}),
        ("owner", f"{HERE}team", {"#email": "camille"}),
        ("owner", f"{HERE}exclusions/", {"#first": "Inconnue"}),
        ("owner", f"{HERE}mandatory/", {"#first": "Inconnue"}),
        ("owner", f"{HERE}registrations/new", {"#first_name": ""}),
        ("owner", f"{person}/person", {"#first_name": ""}),
        ("owner", f"{person}/organisation", {"#name": ""}),
        ("owner", f"{person}/refuse", {"#reason": ""}),
        ("owner", f"{HERE}imports/", {"#file": ""}),
        ("owner", f"{HERE}runs/new", {"#seed": "x"}),
        ("owner", f"{HERE}releases/preview", {"#note": "x" * 500}),
        ("owner", f"{HERE}plan/meetings/new", {"#first": "Inconnue"}),
        ("owner", f"{HERE}documents/", {"#start_at": "99"}),
        ("owner", f"{HERE}duplicate", {"#name": ""}),
        ("admin", "/o/new", {"#name": ""}),
    ]
    return [State(f"refused {path}", actor, path, 422, typed) for actor, path, typed in forms]


def conflicts(site: Site) -> list[State]:
    """Two people at the same form: the later one sees both sides."""
    here = site.world.here.objects
    person, meeting = (
        f"{HERE}registrations/{here['delegate']}/person",
        f"{HERE}plan/meetings/{here['placement']}",
    )
    sides: list[tuple[str, str, dict[str, str | bool], dict[str, str | bool]]] = [
        ("owner", f"{HERE}settings/identity", {"#place": "Gare maritime"}, {"#place": "Chantiers"}),
        ("owner", f"{HERE}settings/types/{here['ptype']}", {"#min_meetings": "2"}, {"#min_meetings": "3"}),
        ("owner", f"{HERE}settings/texts", {"main form textarea": "Venez"}, {"main form textarea": "Merci"}),
        ("owner", person, {"#first_name": "Alix"}, {"#first_name": "Sacha"}),
        ("owner", meeting, {"form[action$='/remove']": ""}, {"form[action$='/lock']": ""}),
        ("owner", f"{HERE}releases/preview", {"[name=fingerprint]": "0" * 64}, {}),
        ("owner", f"{HERE}messages/preview?kind=wishes_open", {"[name=fingerprint]": "0" * 64}, {}),
        ("approved", f"{ME}wishes/edit", {FIRST_LEVEL: "meet"}, {FIRST_LEVEL: "no_thanks"}),
    ]
    return [State(f"conflict {path}", actor, path, 409, typed, rival) for actor, path, typed, rival in sides]


def errors(site: Site) -> list[State]:
    """Each status that a page of its own explains."""
    return [
        State("403", "reader", f"{HERE}exclusions/", 403),
        State("404", "owner", "/nulle-part", 404),
        State("404, signed out", "anonymous", "/e/cachee/", 404),
        State("405", "owner", "/theme", 405),
        State("410, invitation", "anonymous", f"/i/{'x' * 43}", 410),
        State("410, link", "anonymous", f"/s/{'x' * 43}", 410),
        State("410, confirmation", "anonymous", f"/c/{'x' * 43}", 410),
        State("429", "anonymous", "/sign-in", 429, {"#email": "absente@salon.example"}, times=4),
        State("500", "anonymous", "/notices/privacy", 500),
    ]


def closed(site: Site) -> list[State]:
    """Registrations in each state, and phases over or to come."""
    pages = [
        State(f"{actor} home", actor, ME, 200) for actor in site.world.accounts if actor.startswith("is ")
    ]
    for slug in (OVER, COMING):
        pages += [State(f"{slug} {name}", "anonymous", f"/e/{slug}/{name}", 200) for name in ("", "register")]
        mine = (
            "",
            "agenda",
            "catalogue",
            "wishes",
            "wishes/edit",
            "availability",
            "profile",
            "calendar",
            "badge",
        )
        pages += [State(f"{slug} me {name}", slug, f"/e/{slug}/me/{name}", 200) for name in mine]
        pages += [
            State(f"{slug} {name}", "owner", f"/o/{slug}/{name}", 200) for name in ("", "wishes/", "plan/")
        ]
    gone = ("agenda", "availability", "profile", "privacy", "calendar", "withdraw")
    pages += [State(f"withdrawn {name}", "is withdrawn", ME + name, 200) for name in gone]
    taken = State("import of nothing", "owner", f"{HERE}imports/{site.world.here.objects['batch']}", 200,
                  {"select[name^='column-']": ""})  # fmt: skip
    return [*pages, taken, State("withdrawn wishes", "is withdrawn", f"{ME}wishes", 403)]


def empty(site: Site) -> list[State]:
    """Every page of an edition with nothing in it, from the application's own map."""
    found = []
    for rule in sorted(site.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        reads = "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGE
        if reads and rule.arguments == {"edition"} and ACCESS[rule.endpoint].audience in ORGANISERS:
            status = 409 if rule.endpoint == "plan.new" else 200  # no draft yet
            found.append(
                State(f"empty {rule.endpoint}", "owner", rule.rule.replace("<edition>", EMPTY), status)
            )
    return found


KINDS: dict[str, Callable[[Site], list[State]]] = {
    "refused": refused,
    "conflicts": conflicts,
    "errors": errors,
    "closed": closed,
    "empty": empty,
}
# The rest of each kind is looked at by `make axe`.
ALWAYS = {
    "refused /sign-in", "refused /e/ici/register", f"refused {ME}profile", f"refused {ME}wishes/edit",
    f"refused {HERE}settings/identity", f"refused {HERE}registrations/new", f"refused {HERE}runs/new",
    f"refused {HERE}releases/preview", f"conflict {HERE}settings/identity", f"conflict {ME}wishes/edit",
    "403", "404", "410, link", "429", "500", "is withdrawn home", f"{OVER} register", f"{COMING} me wishes",
    "empty organiser.home", "empty registrations.index", "empty wishes.index", "empty plan.index",
    "empty messages.index", "empty documents.index",
}  # fmt: skip


def states(site: Site, *kinds: str) -> list[State]:
    return [state for kind in kinds for state in KINDS[kind](site)]


def wrong_in(site: Site, browser: Browser, wanted: list[State], *, width: int, locale: str) -> list[str]:
    """Bring about each state and collect what is wrong with it, one line each."""
    wrong: list[str] = []
    for actor in sorted({state.actor for state in wanted}):
        context = site.context(browser, actor, width=width, locale=locale)
        page = context.new_page()
        complaints = Complaints(page)
        for state in (one for one in wanted if one.actor == actor):
            wrong += [f"{state.name}: {line}" for line in _look(site, page, complaints, state, locale)]
        context.close()
    return wrong


def _look(site: Site, page: Page, complaints: Complaints, state: State, locale: str) -> list[str]:
    answer = show(site, page, state, locale)
    heard = [line for line in complaints.taken() if f"status of {state.status}" not in line]
    if answer.status != state.status:
        return [f"answered {answer.status}, not {state.status}"]
    lang = page.evaluate("document.documentElement.lang")
    return heard + faults(page) + ([] if lang == locale else [f"speaks {lang}, not {locale}"])


@pytest.mark.e2e
def test_what_a_visit_does_not_meet_on_a_phone_in_french(site: Site, browser: Browser) -> None:
    wanted = [state for state in states(site, *KINDS) if state.name in ALWAYS]
    assert len(wanted) == len(ALWAYS)
    wrong = wrong_in(site, browser, wanted, width=320, locale="fr")
    assert not wrong, "\n".join(wrong)


@pytest.mark.axe_all
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_state_everywhere(site: Site, browser: Browser, locale: str, width: int, kind: str) -> None:
    wrong = wrong_in(site, browser, states(site, kind), width=width, locale=locale)
    assert not wrong, "\n".join(wrong)


@pytest.mark.e2e
def test_control_a_fault_of_a_refused_form_is_found(site: Site, browser: Browser) -> None:
    """The summary without its words, a status that is another, and 15 px too many are each told."""
    context = site.context(browser, "anonymous", width=320)
    page = context.new_page()
    state = State("refused /sign-in", "anonymous", "/sign-in", 422, {"#email": "camille"})
    show(site, page, state)
    assert faults(page) == []
    page.evaluate("document.querySelector('.error-summary a').replaceChildren()")
    assert "axe link-name" in " ".join(faults(page))
    page.evaluate("document.querySelector('.error-summary a').append('Adresse')")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p id=wide>x</p>')")
    page.evaluate("Object.assign(document.getElementById('wide').style, {position: 'absolute', left: 0})")
    for beyond, told in ((0, []), (15, ["15 px wider than the window: p."])):
        page.evaluate(f"document.getElementById('wide').style.width = 'calc(100vw + {beyond}px)'")
        assert faults(page) == told
    assert _look(site, page, Complaints(page), replace(state, status=200), "fr") == ["answered 422, not 200"]
    context.close()
