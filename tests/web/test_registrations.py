"""The organiser's list of registrations and one person's page."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from salon.actor import Actor
from salon.enums import DelegateStatus, MailKind, Role, TermKind, WishLevel
from salon.models import (
    Absence,
    Account,
    AuditEntry,
    AuthSession,
    Delegate,
    Edition,
    Organisation,
    OrganisationTerm,
    OutboxMail,
    ParticipantType,
)
from salon.services import import_reading, imports
from salon.services.import_planning import Fate
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.web.conftest import CountQueries, enter


class Desk:
    """A signed-in member of an edition with two sides, and the pages as text."""

    def __init__(self, session: Session, make: Factory, client: FlaskClient, role: Role) -> None:
        self.session, self.make, self.client = session, make, client
        self.edition: Edition = make.edition()
        self.buyers, self.exhibitors = make.two_sides(self.edition)
        self.account = make.member(self.edition, role)
        self.root = f"/o/{self.edition.slug}/registrations/"

    def person(
        self, first: str, last: str, type_: ParticipantType | None = None, **fields: object
    ) -> Delegate:
        return self.make.delegate(
            self.edition, type_ or self.buyers, first_name=first, last_name=last, **fields
        )  # type: ignore[arg-type]

    def enter(self) -> Desk:
        enter(self.client, self.account)
        return self

    def get(self, path: str = "", expect: int = 200) -> str:
        self.session.commit()  # shows what was built, and lets go of what was read
        answer = self.client.get(self.root + path, base_url=BASE)
        assert answer.status_code == expect, answer.text[:600]
        return answer.text

    def post(self, path: str, expect: int = 303, **data: object) -> TestResponse:
        self.session.commit()
        answer = self.client.post(self.root + path, base_url=BASE, data=data)
        assert answer.status_code == expect, answer.text[:600]
        return answer

    def names(self, path: str = "") -> list[str]:
        return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', self.get(path))


@pytest.fixture
def desk(session: Session, make: Factory, client: FlaskClient) -> Desk:
    return Desk(session, make, client, Role.ORGANISER)


# The list ---------------------------------------------------------------------------------------------------


def test_an_empty_edition_says_what_to_do(desk: Desk) -> None:
    page = desk.enter().get()
    assert "Personne n’est encore inscrit" in page
    assert "Inscrire une personne" in page
    assert "<table" not in page


def test_search_folds_accents_and_case(desk: Desk) -> None:
    desk.person("Maëlle", "Le Goff")
    desk.person(
        "Étienne", "Morvan", organisation=desk.make.organisation(desk.edition, "Université de l’Estran")
    )
    desk.enter()
    assert desk.names("?q=maelle") == ["Le Goff, Maëlle"]
    assert desk.names("?q=GOFF+maëlle") == ["Le Goff, Maëlle"]
    assert desk.names("?q=universite") == ["Morvan, Étienne"]
    page = desk.get("?q=zzz")
    assert "Aucune inscription ne correspond" in page
    assert "Tout effacer" in page


def test_search_by_address(desk: Desk) -> None:
    desk.person("A", "Un", account=desk.make.account("claire@brevenne.example"))
    desk.person("B", "Deux")
    assert desk.enter().names("?q=claire@brev") == ["Un, A"]


def test_filters_and_what_they_show(desk: Desk) -> None:
    desk.person("A", "Attend", status=DelegateStatus.PENDING)
    second = desk.person("B", "Vient", desk.exhibitors, step_free=True)
    desk.make.wish(second, desk.make.organisation(desk.edition))
    desk.session.add(
        OrganisationTerm(organisation_id=second.organisation_id, kind=TermKind.SECTOR, code="maraichage")
    )
    desk.enter()
    assert desk.names("?status=pending") == ["Attend, A"]
    assert desk.names(f"?type={desk.exhibitors.id}") == ["Vient, B"]
    assert desk.names("?wishes=none") == ["Attend, A"]
    assert desk.names("?wishes=some") == ["Vient, B"]
    assert desk.names("?need=step_free") == ["Vient, B"]
    assert desk.names("?need=interpreter&need=step_free") == ["Vient, B"]
    assert desk.names("?sector=maraichage") == ["Vient, B"]
    assert "1 sur 7" in desk.get("?status=pending")


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=-3", "?page=99999999999", "?page=x", "?sort=%00", "?type=9e9", "?status=nope",
              "?sector=nope", "?wishes=both", "?q=" + "x" * 5000, "?type=²"]
)  # fmt: skip
def test_nonsense_filters_are_left_out(desk: Desk, query: str) -> None:
    desk.person("A", "Un")
    desk.enter().get(query)


def test_sorting_knows_french(desk: Desk) -> None:
    for last in ("Zola", "Éluard", "de Kersaint", "Aragon"):
        desk.person("X", last)
    desk.enter()
    assert desk.names("?sort=name") == ["Aragon, X", "de Kersaint, X", "Éluard, X", "Zola, X"]
    assert desk.names("?sort=-name")[0] == "Zola, X"
    assert 'aria-sort="ascending"' in desk.get("?sort=name")


def test_pages(desk: Desk) -> None:
    for n in range(60):
        desk.person("P", f"N{n:02d}", created_at=NOW - timedelta(hours=n))
    desk.enter()
    assert desk.names() == [f"N{n:02d}, P" for n in range(25)]
    assert desk.names("?page=3") == [f"N{n:02d}, P" for n in range(50, 60)]
    assert desk.names("?page=400") == desk.names("?page=3")
    assert "26–50 sur 60" in desk.get("?page=2")


def test_the_list_costs_the_same_whatever_its_length(desk: Desk, count_queries: CountQueries) -> None:
    counts = []
    desk.person("P", "Un")
    desk.enter()
    desk.get()
    for more in (0, 2, 60):
        for n in range(more):
            person = desk.person("P", f"N{n}")
            desk.make.wish(person, desk.make.organisation(desk.edition))
        desk.session.commit()
        with count_queries() as seen:
            desk.get()
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 15, "\n".join(seen)


# Who sees what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.DESK, Role.READ_ONLY])
def test_other_roles_see_names_only(session: Session, make: Factory, client: FlaskClient, role: Role) -> None:
    desk = Desk(session, make, client, role)
    account = make.account("claire@brevenne.example")
    one = desk.person("Claire", "Béranger", account=account, phone="06 39 98 00 01")
    make.wish(one, make.organisation(desk.edition, "Secret Désir"))
    desk.enter()
    for page in (desk.get(), desk.get(f"{one.id}")):
        assert "Béranger" in page
        assert "brevenne.example" not in page
        assert "06 39 98" not in page
        assert "Secret Désir" not in page
        assert "Exporter" not in page
    assert desk.names("?q=claire@brevenne") == []
    for path in (f"{one.id}/approve", f"{one.id}/act", "export", "bulk", f"{one.id}/person"):
        assert client.post(desk.root + path, base_url=BASE).status_code == 403
    desk.get(f"{one.id}/exchanges", expect=403)


def test_the_organiser_sees_the_address_and_the_names(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger", account=desk.make.account("claire@brevenne.example"))
    desk.make.wish(one, desk.make.organisation(desk.edition, "Secret Désir"), WishLevel.MUST)
    page = desk.enter().get(f"{one.id}")
    assert "claire@brevenne.example" in page
    assert "Secret Désir" in page


def test_another_edition_s_person_is_not_there(desk: Desk) -> None:
    other = desk.make.edition()
    buyers, _sellers = desk.make.two_sides(other)
    stranger = desk.make.delegate(other, buyers)
    desk.enter()
    desk.get(f"{stranger.id}", expect=404)
    desk.post(f"{stranger.id}/approve", expect=404)


# The page of one person -------------------------------------------------------------------------------------


def test_the_page_of_a_person_stays_within_its_budget(desk: Desk, count_queries: CountQueries) -> None:
    one = desk.person("Claire", "Béranger")
    slots = desk.make.slots(desk.edition, 6)
    desk.session.add(Absence(delegate_id=one.id, slot_id=slots[2].id))
    counts = []
    desk.enter()
    desk.get(f"{one.id}")
    for more in (1, 5):
        for _ in range(more):
            desk.make.wish(one, desk.make.organisation(desk.edition))
            desk.make.delegate(
                desk.edition, desk.buyers, desk.session.get_one(Organisation, one.organisation_id)
            )
        desk.session.commit()
        with count_queries() as seen:
            page = desk.get(f"{one.id}")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 15, "\n".join(seen)
    assert "5 libres sur 6" in page
    with count_queries() as seen:
        desk.get(f"{one.id}/exchanges")
    assert len(seen) <= 15


def test_history_and_messages(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger", status=DelegateStatus.PENDING)
    desk.enter().post(f"{one.id}/approve")
    page = desk.get(f"{one.id}/exchanges")
    assert "Inscription validée" in page
    assert "Confirmation de l’inscription" in page


# Decisions --------------------------------------------------------------------------------------------------


def test_a_refusal_needs_its_reason(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger", status=DelegateStatus.PENDING)
    desk.enter()
    assert "Béranger" in desk.get(f"{one.id}/refuse")
    desk.post(f"{one.id}/refuse", expect=422, reason="  ")
    assert one.status is DelegateStatus.PENDING
    desk.post(f"{one.id}/refuse", reason="Salon réservé aux acheteurs publics.")
    desk.session.expire_all()
    assert (one.status, one.reason) == (DelegateStatus.REFUSED, "Salon réservé aux acheteurs publics.")
    assert MailKind.REFUSAL in set(desk.session.scalars(select(OutboxMail.kind)))


@pytest.mark.parametrize(
    ("step", "status"), [("cancel", DelegateStatus.CANCELLED), ("withdraw", DelegateStatus.WITHDRAWN)]
)
def test_leaving(desk: Desk, step: str, status: DelegateStatus) -> None:
    one = desk.person("Claire", "Béranger")
    desk.enter().post(f"{one.id}/{step}", reason="Doublon")
    desk.session.expire_all()
    assert one.status is status
    assert "Béranger" in desk.post(f"{one.id}/{step}", expect=422, reason="Encore").text


def test_an_unknown_step_is_not_there(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger")
    desk.enter().get(f"{one.id}/promote", expect=404)
    desk.get("bulk/withdraw?ids=1", expect=404)


def test_bulk_validation_names_whom_it_skipped(desk: Desk) -> None:
    waits = [desk.person("P", f"Attend{n}", status=DelegateStatus.PENDING) for n in range(2)]
    done = desk.person("Déjà", "Validée")
    desk.enter().post("bulk", do="approve", ids=[*(w.id for w in waits), done.id, 999999])
    page = desk.get()
    assert "2 inscriptions validées" in page
    assert "Déjà Validée n’a pas été traité" in page
    desk.session.expire_all()
    assert {w.status for w in waits} == {DelegateStatus.APPROVED}


def test_bulk_refusal_asks_once_for_the_reason(desk: Desk) -> None:
    people = [desk.person("P", f"Attend{n}", status=DelegateStatus.PENDING) for n in range(3)]
    ids = ",".join(str(p.id) for p in people[:2])
    answer = desk.enter().post("bulk", do="refuse", ids=[p.id for p in people[:2]])
    assert answer.location.endswith(f"bulk/refuse?ids={ids}")
    assert "2 personnes" in desk.get(f"bulk/refuse?ids={ids}")
    desk.post(f"bulk/refuse?ids={ids}", expect=422, reason="", ids=ids)
    desk.post("bulk/refuse", reason="Complet", ids=ids)
    desk.session.expire_all()
    assert [p.status for p in people] == [DelegateStatus.REFUSED] * 2 + [DelegateStatus.PENDING]


@pytest.mark.parametrize("ids", ["", "x", "0,-1", "99999999999999999999", "1,2,²"])
def test_bulk_without_anybody_goes_back(desk: Desk, ids: str) -> None:
    desk.enter()
    assert desk.client.get(f"{desk.root}bulk/refuse?ids={ids}", base_url=BASE).status_code == 303
    desk.post("bulk", do="approve", ids=ids.split(","))


# Corrections ------------------------------------------------------------------------------------------------


def person_data(desk: Desk, one: Delegate, **over: object) -> dict[str, object]:
    return {
        "version": one.version, "first_name": one.first_name, "last_name": one.last_name,
        "email": desk.session.get_one(Account, one.account_id).email, "type": one.type_id, "locale": "fr",
        "interpreter": "", **over,
    }  # fmt: skip


def test_a_person_is_corrected(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger")
    desk.enter().get(f"{one.id}/person")
    more = {"languages": ["fr", "en"], "type": desk.exhibitors.id, "step_free": "y"}
    data = person_data(desk, one, job_title="Acheteuse", min_override="2", max_override="6", **more)
    desk.post(f"{one.id}/person", **data)
    desk.session.expire_all()
    assert (one.job_title, one.min_override, one.max_override) == ("Acheteuse", 2, 6)
    assert (one.step_free, one.languages, one.type_id) == (True, ["fr", "en"], desk.exhibitors.id)
    assert "person_updated" in set(desk.session.scalars(select(AuditEntry.action)))


def test_a_refused_form_keeps_what_was_typed(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger")
    data = person_data(desk, one, job_title="Acheteuse", min_override="9", max_override="2")
    page = desk.enter().post(f"{one.id}/person", expect=422, **data).text
    assert "Le minimum dépasse le maximum" in page
    assert 'value="Acheteuse"' in page
    assert "<title>Erreur" in page.replace("\n", "").replace("    ", "")
    page = desk.post(
        f"{one.id}/person", expect=422, **person_data(desk, one, max_meetings="cent", phone="demain")
    ).text
    assert "demain" in page


def test_two_organisers_at_once(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger")
    stale = person_data(desk, one, job_title="Seconde")
    desk.enter().post(f"{one.id}/person", **person_data(desk, one, job_title="Première"))
    page = desk.post(f"{one.id}/person", expect=409, **stale).text
    assert "Première" in page
    assert "Seconde" in page
    desk.session.expire_all()
    assert one.job_title == "Première"
    again = {**stale, "version": re.search(r'name="version"[^>]*value="(\d+)"', page)[1]}  # type: ignore[index]
    desk.post(f"{one.id}/person", **again)
    desk.session.expire_all()
    assert one.job_title == "Seconde"


def test_an_address_is_corrected_until_it_is_confirmed(desk: Desk) -> None:
    account = desk.make.account("fote@x.example", verified_at=None)
    one = desk.person("Claire", "Béranger", account=account)
    desk.make.account("prise@x.example")
    desk.enter()
    assert (
        "Un autre compte"
        in desk.post(f"{one.id}/person", expect=422, **person_data(desk, one, email="PRISE@x.example")).text
    )
    desk.post(f"{one.id}/person", **person_data(desk, one, email="faute@x.example"))
    desk.session.expire_all()
    assert account.email_key == "faute@x.example"
    account.verified_at = NOW
    desk.session.commit()
    assert (
        "seule la personne"
        in desk.post(f"{one.id}/person", expect=422, **person_data(desk, one, email="autre@x.example")).text
    )


def test_a_structure_is_corrected(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger")
    desk.make.organisation(desk.edition, "Prise")
    home = desk.session.get_one(Organisation, one.organisation_id)
    good = {"version": f"{home.version}.1", "name": "Métropole de Brévenne", "kind": "esat", "siret": "",
            "website": "brevenne.example", "department": "44", "sectors": ["maraichage"],
            "offers": "Du linge"}  # fmt: skip
    desk.enter().get(f"{one.id}/organisation")
    assert (
        "porte déjà ce nom"
        in desk.post(f"{one.id}/organisation", expect=422, **{**good, "name": "PRISÉ"}).text
    )
    assert "SIRET" in desk.post(f"{one.id}/organisation", expect=422, **{**good, "siret": "123"}).text
    assert (
        "adresse de site"
        in desk.post(f"{one.id}/organisation", expect=422, **{**good, "website": "javascript:alert(1)"}).text
    )
    desk.post(f"{one.id}/organisation", **good)
    desk.session.expire_all()
    assert (home.name, home.website, home.kind) == (
        "Métropole de Brévenne",
        "https://brevenne.example",
        "esat",
    )
    assert "Du linge" in desk.get(f"{one.id}")


def test_presence_is_set_at_somebody_s_place(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger")
    slots = desk.make.slots(desk.edition, 4)
    foreign = desk.make.slots(desk.make.edition(), 1)
    desk.enter().get(f"{one.id}/presence")
    desk.post(f"{one.id}/presence", free=[slots[0].id, slots[3].id])
    assert set(desk.session.scalars(select(Absence.slot_id))) == {slots[1].id, slots[2].id}
    desk.post(f"{one.id}/presence", expect=422, free=[foreign[0].id])
    desk.post(f"{one.id}/presence", free=[s.id for s in slots])
    assert desk.session.scalars(select(Absence.slot_id)).all() == []


# By hand ----------------------------------------------------------------------------------------------------


def new_data(desk: Desk, **over: object) -> dict[str, object]:
    return {
        "first_name": "Lou", "last_name": "Morvan", "email": "lou@x.example", "organisation": "Papier Libre",
        "kind": "", "department": "", "type": desk.buyers.id, "locale": "fr", "status": "approved", **over,
    }  # fmt: skip


def test_somebody_is_registered_by_hand_and_invited(desk: Desk) -> None:
    desk.enter().get("new")
    desk.post("new", **new_data(desk, invite="y"))
    one = desk.session.scalars(select(Delegate)).one()
    assert (one.full_name, one.status, one.type_id) == ("Lou Morvan", DelegateStatus.APPROVED, desk.buyers.id)
    mail = desk.session.scalars(select(OutboxMail)).one()
    assert (mail.kind, mail.delegate_id) == (MailKind.INVITATION, one.id)


def test_by_hand_joins_a_known_structure_and_leaves_it_as_it_is(desk: Desk) -> None:
    home = desk.make.organisation(desk.edition, "papier libre", town="Nantes")
    desk.enter().post("new", **new_data(desk, town="Rezé"))
    assert desk.session.scalars(select(Delegate.organisation_id)).one() == home.id
    desk.session.expire_all()
    assert home.town == "Nantes"
    assert desk.session.scalars(select(OutboxMail)).all() == []


def test_by_hand_refuses_and_keeps(desk: Desk) -> None:
    desk.enter().post("new", **new_data(desk))
    page = desk.post("new", expect=422, **new_data(desk, email="LOU@x.example", job_title="Gérante")).text
    assert "déjà inscrite" in page
    assert 'value="Gérante"' in page
    page = desk.post("new", expect=422, **new_data(desk, email="autre@", organisation="***")).text
    assert "nom@structure.fr" in page
    desk.post("new", expect=422, **new_data(desk, email="b@x.example", organisation="***"))
    desk.post("new", expect=422, **new_data(desk, type=999999))


def test_without_types_there_is_no_form(desk: Desk) -> None:
    bare = desk.make.edition()
    desk.make.member(bare, Role.OWNER, desk.account)
    desk.enter()
    page = desk.client.get(f"/o/{bare.slug}/registrations/new", base_url=BASE)
    assert "Définissez d’abord les types" in page.text


# Export -----------------------------------------------------------------------------------------------------


def test_the_export_follows_the_filters_and_is_written_down(desk: Desk) -> None:
    desk.person("=1+1", "Béranger", phone="+33 1 02 03 04 05")
    desk.person("Autre", "Morvan", desk.exhibitors)
    answer = desk.enter().post("export", expect=200, format="xlsx", type=desk.buyers.id)
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert len(rows) == 2
    assert (rows[1][1].value, rows[1][1].data_type) == ("=1+1", "s")
    entry = desk.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "registrations_exported")
    ).one()
    assert entry.details == {"format": "xlsx", "lines": 1}
    text = desk.post("export", expect=200, format="csv", q="béranger").data.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "'+33 1 02" in text
    assert "Morvan" not in text
    desk.post("export", expect=422, format="exe")


def test_an_export_can_be_imported_again_without_any_change(desk: Desk) -> None:
    home = desk.make.organisation(desk.edition, "Papier Libre", kind="esat", town="Nantes", department="01",
                                  size="n10_19", website="https://papier.example", siret=None)  # fmt: skip
    desk.session.add(OrganisationTerm(organisation_id=home.id, kind=TermKind.NETWORK, code="unea"))
    desk.person("Lou", "Morvan", organisation=home, phone="+33 1 02 03 04 05", languages=["fr", "en"],
                step_free=True, interpreter="interpreter_lsf", max_meetings=6,
                job_title="Gérante")  # fmt: skip
    desk.enter()
    for kind in ("xlsx", "csv"):
        content = desk.post("export", expect=200, format=kind).data
        table = import_reading.read(content)
        batch = imports.store(
            desk.session, _actor(desk), NOW, edition=desk.edition, filename="x", table=table
        )
        plan = imports.preview(desk.session, desk.edition, batch).plan
        assert plan is not None
        assert [(line.fate, line.problems, line.changes) for line in plan.lines] == [(Fate.SAME, (), ())]


def _actor(desk: Desk) -> Actor:
    return Actor(account_id=desk.account.id)


# Acting at somebody's place ---------------------------------------------------------------------------------


def test_acting_shows_a_strip_and_ends(desk: Desk) -> None:
    one = desk.person("Claire", "Béranger")
    two = desk.person("Autre", "Personne")
    desk.enter().post(f"{one.id}/act")
    page = desk.get()
    assert "Vous agissez pour" in page
    assert "/o/stop-acting" in page
    desk.post(f"{two.id}/act", expect=409)
    answer = desk.client.post("/o/stop-acting", base_url=BASE)
    assert answer.status_code == 303
    assert answer.location.endswith(f"/registrations/{one.id}")
    assert "Vous agissez pour" not in desk.get()
    actions = list(desk.session.scalars(select(AuditEntry.action)))
    assert actions.count("impersonation_started") == actions.count("impersonation_ended") == 1


def test_nobody_acts_for_a_colleague_or_an_administrator(desk: Desk) -> None:
    colleague = desk.make.member(desk.make.edition(), Role.READ_ONLY)
    admin = desk.make.account(is_admin=True)
    gone = desk.make.account(disabled_at=NOW)
    people = [
        desk.person("P", f"N{n}", account=a) for n, a in enumerate((colleague, admin, desk.account, gone))
    ]
    desk.enter()
    assert [desk.client.post(f"{desk.root}{p.id}/act", base_url=BASE).status_code for p in people] == [
        403,
        403,
        403,
        409,
    ]
    assert set(desk.session.scalars(select(AuthSession.acting_for_id))) == {None}


def test_stopping_without_having_started_changes_nothing(desk: Desk) -> None:
    desk.enter()
    assert desk.client.post("/o/stop-acting", base_url=BASE).status_code == 303
    assert "impersonation_ended" not in set(desk.session.scalars(select(AuditEntry.action)))


def test_get_writes_nothing(desk: Desk, count_queries: CountQueries) -> None:
    one = desk.person("Claire", "Béranger", status=DelegateStatus.PENDING)
    desk.enter()
    for path in ("", f"{one.id}", f"{one.id}/exchanges", f"{one.id}/person", f"{one.id}/organisation",
                 f"{one.id}/presence", f"{one.id}/refuse", "new", f"bulk/refuse?ids={one.id}"):  # fmt: skip
        with count_queries() as seen:
            desk.get(path)
        assert not [s for s in seen if s.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))], path
