"""What anybody reads: the fairs, an edition before, during and after its phases, the notices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, Role
from salon.models import Account, Edition, Fair, ProgrammeItem
from tests.conftest import BASE
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter, plain

TODAY = datetime.now(UTC)  # the pages ask the real clock


def page(client: FlaskClient, path: str) -> Any:
    return client.get(path, base_url=BASE)


def shown(client: FlaskClient, edition: Edition) -> str:
    answer = page(client, f"/e/{edition.slug}/")
    assert answer.status_code == 200
    return plain(answer.text)


def around(**days: int) -> dict[str, Any]:
    """Moments counted in days from today; an edition in three months."""
    day = (TODAY + timedelta(days=90)).date()
    return {"first_day": day, "last_day": day, **{k: TODAY + timedelta(days=v) for k, v in days.items()}}


PHASES = {
    "coming": around(registration_opens_at=5, registration_closes_at=30),
    "open": around(registration_opens_at=-5, registration_closes_at=30),
    "closed": around(registration_opens_at=-30, registration_closes_at=-2),
    "unplanned": {**around(), "registration_opens_at": None, "registration_closes_at": None},
}


@pytest.mark.parametrize(
    ("state", "says", "may_register"),
    [
        ("coming", "Les inscriptions ouvrent le", False),
        ("open", "Aucun mot de passe à retenir", True),
        ("closed", "Les inscriptions sont closes depuis le", False),
        ("unplanned", "n’est pas encore fixée", False),
    ],
)
def test_each_phase_says_what_to_do(
    session: Session, make: Factory, client: FlaskClient, state: str, says: str, may_register: bool
) -> None:
    edition = make.edition(**PHASES[state])
    make.two_sides(edition)
    session.commit()
    text = shown(client, edition)
    assert says in text
    assert (f"/e/{edition.slug}/register" in text) is may_register


@pytest.mark.parametrize(
    ("fields", "taken", "says", "left_out"),
    [
        ({}, 1, "Places libres", "Dernières places"),
        ({"capacity": 3}, 1, "Il reste 2 places.", "Liste d’attente"),
        ({"capacity": 1}, 1, "Liste d’attente", "Il reste"),
        ({"capacity": 1, "has_waiting_list": False}, 1, "Complet", "Liste d’attente"),
        ({"closes_at": TODAY - timedelta(days=1)}, 0, "Clos", "Places libres"),
    ],
)
def test_each_type_says_whether_it_takes_people(
    session: Session,
    make: Factory,
    client: FlaskClient,
    fields: dict[str, Any],
    taken: int,
    says: str,
    left_out: str,
) -> None:
    edition = make.edition(**PHASES["open"])
    kind = make.type(edition, **fields)
    make.type(edition, "Z", is_open=False)
    for _ in range(taken):
        make.delegate(edition, kind)
    session.commit()
    card = shown(client, edition).split('class="type-lines"')[1].split("</ul>")[0]
    assert says in card
    assert left_out not in card
    assert "Type A" in card
    assert "Type Z" not in card


def test_nothing_to_register_for_when_every_type_is_full(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    edition = make.edition(**PHASES["open"])
    make.delegate(edition, make.type(edition, capacity=1, has_waiting_list=False))
    session.commit()
    text = shown(client, edition)
    assert "Toutes les places sont prises" in text
    assert f"/e/{edition.slug}/register" not in text


def test_the_organiser_s_words_are_shown_and_escaped(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    texts = {
        "about": {"fr": "Un salon <b>gras</b>\nà la ligne\n\nSecond paragraphe, https://exemple.example"},
        "access": {"fr": "Tram 2", "en": "Tram line 2"},
    }
    edition = make.edition(subtitle="Sous-titre & co", address="1 quai des Docks", texts=texts)
    session.commit()
    text = shown(client, edition)
    assert "Un salon &lt;b&gt;gras&lt;/b&gt;<br>à la ligne</p>" in text
    assert 'href="https://exemple.example" rel="nofollow noopener"' in text
    assert "Sous-titre &amp; co" in text
    assert "1 quai des Docks" in text
    english = plain(page(client, f"/e/{edition.slug}/?lang=en").text)
    assert "Tram line 2" in english
    assert "Second paragraphe" in english  # no English text: the French one rather than nothing


def test_the_programme_goes_by_day_and_hour(session: Session, make: Factory, client: FlaskClient) -> None:
    edition = make.edition(first_day=date(2031, 3, 11), last_day=date(2031, 3, 12))
    make.slots(edition, 4)
    noon = datetime(2031, 3, 12, 11, 0, tzinfo=UTC)
    session.add(
        ProgrammeItem(
            edition_id=edition.id, starts_at=noon, ends_at=noon + timedelta(hours=1),
            title={"fr": "Déjeuner"}, place="Hall",
        )
    )  # fmt: skip
    session.commit()
    text = shown(client, edition).split("<main")[1]
    assert "4 créneaux de 20 minutes" in text
    days = text.split('class="day-name">')[1:]
    assert [day.split("<")[0] for day in days] == ["mardi 11 mars 2031", "mercredi 12 mars 2031"]
    assert "Rendez-vous d’affaires" in days[0]
    assert "Déjeuner" in days[1]
    assert ">12 h 00</time>" in text  # Paris, not UTC


def test_afterwards_the_page_points_to_the_next_edition(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    fair = Fair(name="Salon", created_at=TODAY)
    session.add(fair)
    session.flush()
    past = make.edition(fair=fair, first_day=date(2025, 3, 11), last_day=date(2025, 3, 11))
    make.two_sides(past)
    hidden = make.edition(
        name="Secret 2032",
        fair=fair,
        first_day=date(2032, 1, 1),
        last_day=date(2032, 1, 1),
        is_public=False,
    )
    later = make.edition(name="La suite", fair=fair, first_day=date(2033, 1, 1), last_day=date(2033, 1, 1))
    session.commit()
    text = shown(client, past)
    assert "Cette édition a eu lieu" in text
    assert f"/e/{later.slug}/" in text
    assert "La suite" in text
    assert hidden.name not in text
    assert f"/e/{past.slug}/register" not in text


def test_a_hidden_edition_is_not_there_for_strangers(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    edition = make.edition(is_public=False)
    owner, stranger = make.member(edition, Role.OWNER), make.account()
    session.commit()
    for path in ("", "notices/privacy", "register"):
        assert page(client, f"/e/{edition.slug}/{path}").status_code == 404
    enter(client, stranger)
    assert page(client, f"/e/{edition.slug}/").status_code == 404
    assert edition.name not in page(client, "/").text
    enter(client, owner)
    text = shown(client, edition)
    assert "pas encore publique" in text
    assert "noindex" in text
    assert f"/o/{edition.slug}/settings/review" in text


def test_whoever_is_registered_finds_their_space(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    edition = make.edition(is_public=False)
    person = make.delegate(edition, make.type(edition), status=DelegateStatus.PENDING, account=make.account())
    account_id = person.account_id
    session.commit()
    enter(client, session.get_one(Account, account_id))
    text = shown(client, edition)
    assert f"/e/{edition.slug}/me/" in text
    assert "settings/review" not in text


def test_the_list_puts_the_nearest_fair_first_and_past_ones_last(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    empty = plain(page(client, "/").text)
    assert "Aucun salon n’est annoncé" in empty
    assert "Salons passés" not in empty
    for name, days in (("Lointain", 200), ("Proche", 20), ("Passé", -30), ("Ancien", -400)):
        day = (TODAY + timedelta(days=days)).date()
        make.edition(name=name, first_day=day, last_day=day)
    session.commit()
    text = plain(page(client, "/").text)
    order = [text.index(f">{word}<") for word in ("Proche", "Lointain", "Passé", "Ancien")]
    assert order == sorted(order)
    assert "Dans 20 jours" in text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["privacy", "legal", "accessibility"])
def test_notices_quote_what_was_declared(
    session: Session, make: Factory, client: FlaskClient, name: str, language: str
) -> None:
    texts = {
        "controller": {"fr": "Association <Les Docks>, 1 quai, Brévenne"},
        "retention": {"fr": "Six mois", "en": "Six months"},
    }
    edition = make.edition(texts=texts)
    session.commit()
    answer = page(client, f"/e/{edition.slug}/notices/{name}?lang={language}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert edition.contact_email in answer.text
    if name != "accessibility":
        assert "Association &lt;Les Docks&gt;" in answer.text
    if name == "privacy":
        assert ("Six mois" if language == "fr" else "Six months") in answer.text
    assert page(client, f"/notices/{name}?lang={language}").status_code == 200


def test_public_pages_lead_to_the_registration_while_it_is_open(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    opened, closed = make.edition(**PHASES["open"]), make.edition(**PHASES["closed"])
    make.type(opened)
    session.commit()
    way = 'register-link" href="/e/{}/register"'
    assert way.format(opened.slug) in page(client, f"/e/{opened.slug}/notices/legal").text
    assert "register-link" not in page(client, f"/e/{closed.slug}/notices/legal").text
    assert "register-link" not in page(client, f"/e/{opened.slug}/register").text


def test_an_unknown_notice_is_not_there(session: Session, make: Factory, client: FlaskClient) -> None:
    edition = make.edition()
    session.commit()
    assert page(client, "/notices/none").status_code == 404
    assert page(client, f"/e/{edition.slug}/notices/privacy.fr").status_code == 404


def test_every_layout_leads_to_the_notices(session: Session, make: Factory, client: FlaskClient) -> None:
    edition = make.edition()
    owner = make.member(edition)
    session.commit()
    for path in ("/", "/sign-in", "/nowhere"):
        assert 'href="/notices/privacy"' in page(client, path).text
    assert f'href="/e/{edition.slug}/notices/legal"' in page(client, f"/e/{edition.slug}/").text
    enter(client, owner)
    assert f'href="/e/{edition.slug}/notices/accessibility"' in page(client, f"/o/{edition.slug}/").text


@pytest.mark.parametrize("path", ["/", "/e/{slug}/"])
def test_a_page_costs_the_same_whatever_the_rows(
    session: Session, make: Factory, client: FlaskClient, count_queries: CountQueries, path: str
) -> None:
    edition = make.edition()
    make.slots(edition, 2)
    make.type(edition, "A")
    session.commit()
    costs = set()
    for more in (0, 2, 997):
        _grow(session, make, edition, more)
        page(client, path.format(slug=edition.slug))  # the first request after a change may differ
        with count_queries() as seen:
            page(client, path.format(slug=edition.slug))
        costs.add(len(seen))
    assert len(costs) == 1
    assert costs.pop() <= 10


def _grow(session: Session, make: Factory, edition: Edition, more: int) -> None:
    start = datetime(2031, 1, 1, 9, 0, tzinfo=UTC)
    if more:
        row = {"edition_id": edition.id, "title": {"fr": "Moment"}, "place": "", "on_agendas": True}
        session.execute(
            insert(ProgrammeItem),
            [{**row, "starts_at": start, "ends_at": start + timedelta(minutes=5)} for _ in range(more)],
        )
        values = {c.name: getattr(edition, c.name) for c in Edition.__table__.columns if c.name != "id"}
        session.execute(insert(Edition), [{**values, "slug": f"copie-{more}-{n}"} for n in range(more)])
    session.commit()
