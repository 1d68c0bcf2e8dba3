"""The guide: every chapter in both languages, reached from every organiser page, searched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from salon import guide
from salon.enums import Role
from salon.models import Edition
from salon.policies.access import ACCESS, ORGANISER_SIDE
from salon.resources import template_dir
from salon.services.editions import slugify
from salon.web import SalonFlask
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import enter, plain

SLUGS = [chapter.slug for chapter in guide.CHAPTERS]
CATALOGUE = Path(__file__).parents[2] / "salon/translations/en/LC_MESSAGES/messages.po"
LABEL = re.compile(r'(?:ui\(|go\("(?P<endpoint>[^"]+)", )"(?P<label>[^"]+)"\)')


@pytest.fixture
def edition(session: Session, make: Factory, client: FlaskClient) -> Edition:
    edition = make.edition()
    account = make.member(edition, Role.OWNER)
    session.commit()
    enter(client, account)
    return edition


def read(client: FlaskClient, path: str) -> Any:
    return client.get(path, base_url=BASE)


def chapter_text(page: str) -> str:
    return page.split('<article class="card prose">')[1].split("</article>")[0]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("slug", SLUGS)
def test_every_chapter_says_something_in_both_languages(
    client: FlaskClient, edition: Edition, slug: str, language: str
) -> None:
    for prefix in (f"/o/{edition.slug}", "/o"):
        answer = read(client, f"{prefix}/guide/{slug}?lang={language}")
        assert answer.status_code == 200
        assert answer.text.count("<h1") == 1
        words = re.sub(r"<[^>]+>", " ", chapter_text(answer.text)).split()
        assert 150 <= len(words) <= 400


@pytest.mark.parametrize("language", ["fr", "en"])
def test_links_of_a_chapter_lead_somewhere(client: FlaskClient, edition: Edition, language: str) -> None:
    links = set()
    for slug in SLUGS:
        text = chapter_text(read(client, f"/o/{edition.slug}/guide/{slug}?lang={language}").text)
        links |= set(re.findall(r'href="(/[^"]+)"', text))
    assert len(links) > 15
    for link in sorted(links):
        assert read(client, link).status_code in (200, 303), link


def test_a_reader_gets_no_link_that_refuses_them(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    edition = make.edition()
    account = make.member(edition, Role.READ_ONLY)
    session.commit()
    enter(client, account)
    text = chapter_text(read(client, f"/o/{edition.slug}/guide/exclusions").text)
    assert "/exclusions" not in text
    assert "<b>Exclusions</b>" in text


def test_chapters_name_pages_and_buttons_as_they_are() -> None:
    with CATALOGUE.open("rb") as file:
        known = {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)}
    wrong = []
    for path in sorted((template_dir() / "guide").glob("??/*.html")):
        for found in LABEL.finditer(path.read_text(encoding="utf-8")):
            if found["label"] not in known or (found["endpoint"] and found["endpoint"] not in ACCESS):
                wrong.append((path.name, found[0]))
    assert wrong == []
    assert LABEL.search('{{ go("settings.types", "Types") }}')  # negative control of the pattern
    assert "Un bouton qui n’existe pas" not in known


def test_both_languages_have_the_same_chapters() -> None:
    for language in ("fr", "en"):
        files = {path.stem for path in (template_dir() / "guide" / language).glob("*.html")}
        assert files == set(SLUGS)
    assert sorted(slug for _title, slugs in guide.PARTS for slug in slugs) == sorted(SLUGS)


def test_every_organiser_page_opens_a_chapter_of_its_own(app: SalonFlask) -> None:
    """Each page of the organiser's side names its chapter by more than the fallback."""
    prefixes = [prefix for chapter in guide.CHAPTERS for prefix in chapter.opened_by]
    pages = [
        endpoint
        for endpoint, access in ACCESS.items()
        if access.audience in ORGANISER_SIDE and endpoint.split(".")[0] != "guide"
    ]
    assert len(pages) > 60
    without = [page for page in pages if not any(page.startswith(prefix) for prefix in prefixes)]
    assert without == []
    assert guide.chapter_for("nothing.known") == SLUGS[0]


@pytest.mark.parametrize(
    ("page", "slug"),
    [
        ("", "create"), ("settings/days", "room"), ("settings/days/sessions/new", "room"), ("room", "room"),
        ("settings/types/new", "types"), ("settings/phases", "wishes"), ("settings/texts", "privacy"),
        ("registrations", "registrations"), ("team", "roles"), ("journal", "privacy"), ("runs/", "run"),
        ("plan/", "correct"), ("exclusions", "exclusions"),
    ],
)  # fmt: skip
def test_help_opens_at_the_page_s_chapter(
    client: FlaskClient, edition: Edition, page: str, slug: str
) -> None:
    answer = client.get(f"/o/{edition.slug}/{page}", base_url=BASE, follow_redirects=True)
    assert answer.status_code == 200
    address = f"/o/{edition.slug}/guide/{slug}"
    assert f'class="icon-btn help-link" href="{address}"' in answer.text
    assert read(client, address).status_code == 200


def test_help_is_there_before_the_first_edition(client: FlaskClient, edition: Edition) -> None:
    assert 'href="/o/guide/create"' in read(client, "/o/").text
    assert slugify("Guide") != "guide"  # its pages would hide the edition's


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_index_lists_every_chapter_once(client: FlaskClient, edition: Edition, language: str) -> None:
    for prefix in (f"/o/{edition.slug}", "/o"):
        page = read(client, f"{prefix}/guide?lang={language}").text.split("<main")[1].split("<footer")[0]
        assert re.findall(rf'href="{prefix}/guide/([a-z]+)"', page) == SLUGS


def test_search_finds_words_without_accents_in_any_order(client: FlaskClient, edition: Edition) -> None:
    page = plain(read(client, f"/o/{edition.slug}/guide?q=attente LISTE").text)
    assert "Types de participants et règles" in page
    assert "<mark>" in page
    folded = read(client, f"/o/{edition.slug}/guide?q=creneau").text
    assert "<mark>créneau</mark>" in folded
    assert "Aucun chapitre" in read(client, f"/o/{edition.slug}/guide?q=zzqx").text
    english = plain(read(client, "/o/guide?q=waiting+list&lang=en").text)
    assert "<mark>" in english


@pytest.mark.parametrize("asked", ["<script>", "%00", "a" * 5000, "' OR 1=1", "é", "%(n)s", "{{7*7}}"])
def test_a_hostile_search_is_only_words(client: FlaskClient, edition: Edition, asked: str) -> None:
    answer = client.get("/o/guide", query_string={"q": asked}, base_url=BASE)
    assert answer.status_code == 200
    assert "<script>" not in answer.text.split("<main")[1].split("</main>")[0]


def test_the_guide_is_for_those_who_signed_in(session: Session, make: Factory, client: FlaskClient) -> None:
    edition = make.edition()
    session.commit()
    for path in ("/o/guide", "/o/guide/create", f"/o/{edition.slug}/guide"):
        assert read(client, path).status_code == 303
    account = make.member(edition)
    session.commit()
    enter(client, account)
    assert read(client, "/o/guide/none").status_code == 404
