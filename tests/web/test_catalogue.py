"""The catalogue: who is in it, what search and facets find, what it never tells, what it costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from salon import vocabulary
from salon.enums import DelegateStatus, Source, TermKind, WishLevel
from salon.models import (
    Account,
    Delegate,
    Exclusion,
    Organisation,
    OrganisationTerm,
    Participation,
    ParticipationTerm,
)
from salon.queries import catalogue, catalogue_search
from salon.queries.catalogue_search import Filters
from salon.services import tokens
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter, plain

LIVE = datetime.now(UTC)


class Fair:
    """A buyer in front of suppliers, wishes open now."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make = session, make
        self.edition = make.edition(
            wishes_open_at=LIVE - timedelta(days=1), wishes_close_at=LIVE + timedelta(days=4)
        )
        self.buyers, self.suppliers = make.two_sides(self.edition)
        self.me = make.delegate(self.edition, self.buyers)

    def supplier(
        self, name: str, terms: dict[TermKind, list[str]] | None = None, **fields: Any
    ) -> Organisation:
        home = self.make.organisation(self.edition, name, **fields)
        self.make.delegate(self.edition, self.suppliers, home)
        part = self.session.query(Participation).filter_by(organisation_id=home.id).one()
        for kind, codes in (terms or {}).items():
            here = kind in (TermKind.OFFERED_SECTOR, TermKind.NEEDED_SECTOR)
            for code in codes:
                self.session.add(
                    ParticipationTerm(participation_id=part.id, kind=kind, code=code)
                    if here
                    else OrganisationTerm(organisation_id=home.id, kind=kind, code=code)
                )
        self.session.flush()
        return home

    def found(self, **asked: Any) -> list[str]:
        directory = catalogue.directory(self.session, self.edition, self.me)
        return [firm.name for firm in catalogue_search.search(directory, Filters(**asked), ()).firms]

    @property
    def url(self) -> str:
        return f"/e/{self.edition.slug}/me/catalogue"


@pytest.fixture
def fair(session: Session, make: Factory) -> Fair:
    return Fair(session, make)


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url, base_url=BASE)
    assert answer.status_code == status, answer.text[:400]
    return plain(answer.text)


def seen_by(client: FlaskClient, fair: Fair, person: Delegate | None = None) -> None:
    enter(client, fair.session.get_one(Account, (person or fair.me).account_id))


# Who is in it -----------------------------------------------------------------------------------------------


def test_only_structures_one_may_meet_are_there(fair: Fair, make: Factory) -> None:
    fair.supplier("Alpha")
    make.delegate(fair.edition, fair.buyers, make.organisation(fair.edition, "Même côté"))
    waiting = make.organisation(fair.edition, "En attente")
    make.delegate(fair.edition, fair.suppliers, waiting, status=DelegateStatus.PENDING)
    make.organisation(fair.edition, "Sans personne")
    make.delegate(fair.edition, fair.suppliers, fair.session.get_one(Organisation, fair.me.organisation_id))
    assert fair.found() == ["Alpha"]


def test_an_excluded_structure_looks_like_any_other(fair: Fair, client: FlaskClient) -> None:
    plain_one, excluded = fair.supplier("Jardin Clos"), fair.supplier("Jardin Ouvert")
    seen_by(client, fair)
    before = page(client, fair.url), page(client, f"{fair.url}/{excluded.id}")
    first, second = sorted((fair.me.organisation_id, excluded.id))
    fair.session.add(Exclusion(edition_id=fair.edition.id, first_id=first, second_id=second, created_at=NOW))
    fair.session.commit()
    after = page(client, fair.url), page(client, f"{fair.url}/{excluded.id}")

    def bare(text: str) -> str:
        return "\n".join(
            line for line in text.splitlines() if "csrf_token" not in line and "nonce" not in line
        )

    assert [bare(text) for text in after] == [bare(text) for text in before]
    answer = client.post(
        f"/e/{fair.edition.slug}/me/wishes/{excluded.id}", data={"level": "must"}, base_url=BASE
    )
    other = client.post(
        f"/e/{fair.edition.slug}/me/wishes/{plain_one.id}", data={"level": "must"}, base_url=BASE
    )
    assert answer.status_code == other.status_code == 303


def test_it_is_for_approved_people(fair: Fair, client: FlaskClient, make: Factory) -> None:
    waiting = make.delegate(fair.edition, fair.buyers, status=DelegateStatus.PENDING)
    seen_by(client, fair, waiting)
    page(client, fair.url, 403)


def test_the_empty_catalogue_says_why(fair: Fair, client: FlaskClient, make: Factory) -> None:
    seen_by(client, fair)
    assert "Personne ne peut encore vous rencontrer" in page(client, fair.url)
    visitor = make.delegate(fair.edition, make.type(fair.edition, "V"))
    seen_by(client, fair, visitor)
    assert "n’a pas de rendez-vous à ce salon" in page(client, fair.url)


# Search -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("blanchisserie", ["Blanchisserie Été"]),
        ("ETE", ["Blanchisserie Été"]),
        ("été blanch", ["Blanchisserie Été"]),
        ("traiteurs", ["Œuf & Cie"]),
        ("oeuf", ["Œuf & Cie"]),
        ("linge", ["Blanchisserie Été"]),
        ("esat", ["Blanchisserie Été"]),
        ("loire atlantique", ["Blanchisserie Été"]),
        ("lanchisserie", []),  # starts of words only
        ("%", ["Blanchisserie Été", "Œuf & Cie"]),  # no word at all asks nothing
        ("été traiteur", []),
    ],
)
def test_search_knows_no_accents_and_every_word(fair: Fair, q: str, names: list[str]) -> None:
    fair.supplier("Blanchisserie Été", kind="esat", department="44", pitch="Entretien du linge")
    home = fair.supplier("Œuf & Cie")
    fair.session.query(Participation).filter_by(
        organisation_id=home.id
    ).one().offers = "Plateaux-repas, traiteur"
    fair.session.flush()
    assert sorted(fair.found(q=q)) == names


def test_facets_count_what_one_press_would_leave(fair: Fair) -> None:
    sector = vocabulary.sectors()[0]
    other = next(one for one in vocabulary.sectors() if one.group != sector.group)
    fair.supplier(
        "A", {TermKind.SECTOR: [sector.code], TermKind.NETWORK: ["unea"]}, kind="esat", department="44"
    )
    fair.supplier("B", {TermKind.SECTOR: [other.code]}, kind="esat", department="35")
    fair.supplier("C", {TermKind.SECTOR: [sector.code, other.code]}, kind="ei", department="44")
    directory = catalogue.directory(fair.session, fair.edition, fair.me)
    everything = catalogue_search.search(directory, Filters(), ())
    assert everything.counts["kind"] == {"esat": 2, "ei": 1}
    assert everything.counts["sector"] == {sector.group: 2, other.group: 2}
    assert everything.counts["network"] == {"unea": 1}
    assert everything.counts["region"] == {"52": 2, "53": 1}
    narrowed = catalogue_search.search(directory, Filters(kind=frozenset({"esat"})), ())
    assert [firm.name for firm in narrowed.firms] == ["A", "B"]
    assert narrowed.counts["kind"] == {"esat": 2, "ei": 1}  # its own choice does not narrow a facet
    assert narrowed.counts["region"] == {"52": 1, "53": 1}
    for name, counts in narrowed.counts.items():
        for value, count in counts.items():
            asked: dict[str, Any] = {"kind": frozenset({"esat"}), name: frozenset({value})}
            assert len(catalogue_search.search(directory, Filters(**asked), ()).firms) == count, (name, value)


def test_what_answers_a_need_comes_first(fair: Fair) -> None:
    sector = vocabulary.sectors()[3].code
    part = fair.session.query(Participation).filter_by(organisation_id=fair.me.organisation_id).one()
    fair.session.add(ParticipationTerm(participation_id=part.id, kind=TermKind.NEEDED_SECTOR, code=sector))
    fair.supplier("Alpha")
    fair.supplier("Zéta", {TermKind.OFFERED_SECTOR: [sector]})
    assert fair.found() == ["Zéta", "Alpha"]
    assert fair.found(sort="name") == ["Alpha", "Zéta"]


def test_the_page_searches_filters_and_pages(fair: Fair, client: FlaskClient) -> None:
    for n in range(25):
        fair.supplier(f"Atelier {n:02d}", kind="esat" if n % 2 else "ei")
    seen_by(client, fair)
    first = page(client, fair.url)
    assert "25 résultats, 1 à 20 ici" in first and "Atelier 19" in first and "Atelier 20" not in first
    assert "Atelier 24" in page(client, f"{fair.url}?page=2")
    assert "Atelier 24" in page(client, f"{fair.url}?page=99")
    assert "12 résultats" in page(client, f"{fair.url}?kind=esat")
    nothing = page(client, f"{fair.url}?q=zzz&kind=esat")
    assert "Aucune structure ne correspond" in nothing and "Tout effacer" in nothing
    assert "Sans « Mots cherchés » : 12 résultats" in nothing and "Sans « Type de structure »" not in nothing
    for odd in ("page=-1", "page=" + "9" * 400, "type=" + "9" * 400, "kind=%00", "sort=x", "q=" + "é" * 5000):
        page(client, f"{fair.url}?{odd}")


# One structure ----------------------------------------------------------------------------------------------


def test_the_sheet_shows_contact_only_with_consent(fair: Fair, client: FlaskClient, make: Factory) -> None:
    home = fair.supplier("Alpha", website="javascript:alert(1)", pitch="<b>gras</b>")
    shy = make.delegate(fair.edition, fair.suppliers, home, phone="0601020304", step_free=True)
    open_one = make.delegate(fair.edition, fair.suppliers, home, phone="0708091011", shows_contact=True)
    gone = make.delegate(fair.edition, fair.suppliers, home, status=DelegateStatus.WITHDRAWN)
    seen_by(client, fair)
    text = page(client, f"{fair.url}/{home.id}")
    for person, shown in ((shy, False), (open_one, True)):
        assert person.full_name in text
        assert (fair.session.get_one(Account, person.account_id).email in text) is shown
    assert "0601020304" not in text and "0708091011" in text and gone.full_name not in text
    assert "javascript:" not in text and "<b>gras</b>" not in text and "&lt;b&gt;gras" in text
    assert "plain-pied" not in text


def test_a_sheet_that_is_not_here_is_not_found(fair: Fair, client: FlaskClient, make: Factory) -> None:
    nobody = make.organisation(fair.edition, "Sans personne")
    elsewhere = Fair(fair.session, make).supplier("Ailleurs")
    seen_by(client, fair)
    for number in (nobody.id, elsewhere.id, 2**31 + 5):
        page(client, f"{fair.url}/{number}", 404)


def test_own_and_same_side_are_shown_without_a_choice(fair: Fair, client: FlaskClient, make: Factory) -> None:
    same = make.organisation(fair.edition, "Même côté")
    make.delegate(fair.edition, fair.buyers, same)
    seen_by(client, fair)
    assert "C’est votre propre structure" in page(client, f"{fair.url}/{fair.me.organisation_id}")
    text = page(client, f"{fair.url}/{same.id}")
    assert "ne rencontre pas cette structure" in text and "Ajouter à mes vœux" not in text


# Cost -------------------------------------------------------------------------------------------------------


def many(session: Session, fair: Fair, how_many: int) -> None:
    """So many more suppliers, in a few statements."""
    base = max(session.query(Organisation.id).order_by(Organisation.id.desc()).limit(1).scalar() or 0, 10_000)
    numbers = range(base + 1, base + how_many + 1)
    session.execute(
        insert(Organisation),
        [
            {"id": n, "fair_id": fair.edition.fair_id, "name": f"Structure É {n}", "name_key": f"structure e {n}",
             "kind": "esat", "department": "44", "town": "Brévenne", "pitch": "Des choses utiles",
             "legal_form": "", "size": "", "website": "", "created_at": NOW, "version": 1}
            for n in numbers
        ],
    )  # fmt: skip
    session.execute(
        insert(Participation),
        [
            {"id": n, "edition_id": fair.edition.id, "organisation_id": n, "offers": "Service", "needs": "",
             "created_at": NOW, "version": 1}
            for n in numbers
        ],
    )  # fmt: skip
    codes = [one.code for one in vocabulary.sectors()]
    session.execute(
        insert(OrganisationTerm),
        [
            {"organisation_id": n, "kind": TermKind.SECTOR, "code": codes[(n + k) % len(codes)]}
            for n in numbers
            for k in (0, 7)
        ],
    )
    session.execute(
        insert(Account),
        [
            {"id": n, "email": f"p{n}@exemple.example", "email_key": f"p{n}@exemple.example", "name": "",
             "locale": "fr", "is_admin": False, "totp_last_step": 0, "created_at": NOW}
            for n in numbers
        ],
    )  # fmt: skip
    session.execute(
        insert(Delegate),
        [
            {"id": n, "edition_id": fair.edition.id, "organisation_id": n, "account_id": n,
             "type_id": fair.suppliers.id, "status": DelegateStatus.APPROVED, "source": Source.SELF,
             "is_lead": True, "first_name": "Une", "last_name": f"Personne {n}", "job_title": "", "phone": "",
             "locale": "fr", "languages": [], "shows_contact": False, "step_free": False, "interpreter": "",
             "stays_put": False, "code": tokens.new_badge_code(), "reason": "", "created_at": NOW,
             "wishes_version": 0, "version": 1}
            for n in numbers
        ],
    )  # fmt: skip
    session.commit()


def test_the_page_costs_the_same_whatever_the_number_of_structures(
    fair: Fair, client: FlaskClient, session: Session, count_queries: CountQueries
) -> None:
    seen_by(client, fair)
    counts: list[int] = []
    rows = 0
    for target in (1, 3, 1000):
        many(session, fair, target - rows)
        rows = target
        fair.make.wish(
            fair.me, session.get_one(Organisation, 10_000 + target), WishLevel.MEET, rank=len(counts) + 1
        )
        session.commit()
        with count_queries() as seen:
            text = page(client, f"{fair.url}?q=utile")
        assert f"{target:,} résultat".replace(",", " ") in text
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], "\n".join(seen)
    assert counts[0] <= 15, "\n".join(seen)


def test_the_sheet_costs_the_same_whatever_the_number_of_people(
    fair: Fair, client: FlaskClient, make: Factory, session: Session, count_queries: CountQueries
) -> None:
    home = fair.supplier("Alpha")
    seen_by(client, fair)
    counts = []
    for more in (0, 2, 20):
        for _ in range(more):
            make.delegate(fair.edition, fair.suppliers, home)
        session.commit()
        with count_queries() as seen:
            page(client, f"{fair.url}/{home.id}")
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] <= 15, "\n".join(seen)
