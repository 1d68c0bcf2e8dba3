"""The demo cast keeps its promises of size, coherence, plausibility and repeatability."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from salon.demo.cast import cast
from salon.demo.cast_calendar import easter, thursday_from
from salon.demo.rows import Cast, EditionRow, ExclusionRow, NoThanksRow
from tests.demo.checks import faults

TODAY = date(2026, 11, 23)
SEEDS = (2027, 1, 2, 3)
CAST = cast(today=TODAY)
MAIN, OPEN, PAST = CAST.editions


def home(rows: Cast) -> dict[str, str]:
    return {d.key: d.organisation for d in rows.delegates}


def pairs(rows: Cast, edition: EditionRow) -> tuple[set[tuple[str, str]], set[frozenset[str]]]:
    """Directed, then unordered, pairs of organisations that someone wished."""
    directed = {(home(rows)[w.delegate], w.organisation) for w in edition.wishes}
    return directed, {frozenset(pair) for pair in directed}


# --- coherence, with a negative control per family of faults


@pytest.mark.parametrize("seed", SEEDS)
def test_no_fault(seed: int) -> None:
    assert faults(cast(seed, today=TODAY)) == []


def with_main(**changes: Any) -> Cast:
    return dataclasses.replace(CAST, editions=(dataclasses.replace(MAIN, **changes), OPEN, PAST))


def with_first(field: str, **changes: Any) -> Cast:
    first, *rest = getattr(CAST, field)
    return dataclasses.replace(CAST, **{field: (dataclasses.replace(first, **changes), *rest)})


def with_first_of_main(field: str, **changes: Any) -> Cast:
    first, *rest = getattr(MAIN, field)
    return with_main(**{field: (dataclasses.replace(first, **changes), *rest)})


FIRST_WISH = MAIN.wishes[0]
FIRST_HOME = home(CAST)[FIRST_WISH.delegate]
BUYERS = [o.key for o in CAST.organisations if o.side == "buyer"]
A_BUYER = next(w.delegate for w in MAIN.wishes if home(CAST)[w.delegate] in BUYERS)
OTHER_BUYER = next(
    home(CAST)[r.delegate]
    for r in MAIN.registrations
    if r.side == "buyer" and home(CAST)[r.delegate] != home(CAST)[A_BUYER]
)
PENDING = next(r.delegate for r in MAIN.registrations if r.status == "pending")


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (with_first("delegates", email="a.b@gmail.com"), "not an address of fiction"),
        (with_first("delegates", email=CAST.delegates[1].email), "there twice"),
        (with_first("delegates", last_name="Le Goff", first_name="Maëlle"), "full name Maëlle Le Goff"),
        (with_first("delegates", phone="06 12 34 56 78"), "not a number of fiction"),
        (with_first("delegates", access_needs=("wheelchair",)), "'wheelchair' is not in access_needs"),
        (with_first("organisations", kind="licorne"), "'licorne' is not in kinds"),
        (with_first("organisations", name=CAST.organisations[1].name), "organisation name"),
        (with_first("offers", organisation="nobody"), "nobody is nobody's organisation"),
        (with_first("offers", nationwide=True), "has no range, or several"),
        (with_first("needs", amount="a2"), "'a2' is not in amounts"),
        (with_first_of_main("wishes", organisation=FIRST_HOME), "their own or absent"),
        (with_first_of_main("wishes", organisation=OPEN.name), "their own or absent"),
        (with_first_of_main("wishes", delegate=PENDING), "without being approved"),
        (with_first_of_main("wishes", rank=2), "has the ranks"),
        (with_first_of_main("wishes", person=FIRST_WISH.delegate), "is not there for"),
        (with_first_of_main("wishes", made_at=MAIN.wishes_close_at + timedelta(1)), "outside the wishing"),
        (with_first_of_main("registrations", unavailable=(16,)), "slots that do not exist"),
        (with_first_of_main("registrations", side="partner"), "not on the side"),
        (with_first_of_main("tables", label="T02"), "table T02 is there twice"),
        (with_first_of_main("tables", organisation=BUYERS[0]), "stand T01 is held by"),
        (with_first_of_main("tables", zone="Cave"), "is in no zone"),
        (with_main(no_thanks=(NoThanksRow(FIRST_WISH.delegate, FIRST_WISH.organisation),)), "refuses what"),
        (with_main(no_thanks=(NoThanksRow(A_BUYER, OTHER_BUYER),)), "may not meet the side of"),
        (with_main(exclusions=(MAIN.exclusions[0],) * 2), "twice"),
        (
            with_main(
                exclusions=(
                    ExclusionRow(MAIN.mandatory[0].second, MAIN.mandatory[0].first, "litigation", ""),
                )
            ),
            "both excluded and promised",
        ),
        (with_main(changeover_minutes=6), "no change-over before slot 1"),
    ],
)
def test_a_broken_cast_is_caught(broken: Cast, complaint: str) -> None:
    found = faults(broken)
    assert any(complaint in fault for fault in found), found


# --- sizes


@pytest.mark.parametrize("seed", SEEDS)
def test_the_main_edition_has_its_size(seed: int) -> None:
    rows = cast(seed, today=TODAY)
    main = rows.editions[0]
    sides = Counter(r.side for r in main.registrations)
    assert sides == {"supplier": 156, "buyer": 90, "partner": 4} and sides.total() == 250
    side = {o.key: o.side for o in rows.organisations}
    teams = Counter(home(rows)[r.delegate] for r in main.registrations)
    assert Counter(side[key] for key in teams) == {"supplier": 100, "buyer": 60, "partner": 4}
    assert {n for key, n in teams.items() if side[key] == "supplier"} == {1, 2, 3}
    assert {n for key, n in teams.items() if side[key] == "buyer"} == {1, 2}
    assert Counter(r.status for r in main.registrations) == {"approved": 246, "pending": 4}


@pytest.mark.parametrize(("edition", "organisations", "people"), [(OPEN, 60, 90), (PAST, 40, 56)])
def test_the_other_editions_have_theirs(edition: EditionRow, organisations: int, people: int) -> None:
    assert len({home(CAST)[r.delegate] for r in edition.registrations}) == organisations
    assert len(edition.registrations) == people


def test_editions_share_organisations_and_people() -> None:
    main, second, past = ({r.delegate for r in e.registrations} for e in CAST.editions)
    assert past < main
    assert 20 <= len(main & second) < len(second)
    assert main | second == {d.key for d in CAST.delegates}


def test_written_material_is_plentiful_and_used() -> None:
    assert len({o.description for o in CAST.offers}) >= 100
    assert len({n.title for n in CAST.needs}) >= 60
    buyers = {o.key for o in CAST.organisations if o.side == "buyer"}
    assert buyers <= {n.organisation for n in CAST.needs}
    assert all(o.sectors for o in CAST.organisations if o.side != "partner")


def test_offers_do_not_sound_like_a_template() -> None:
    openings = Counter(" ".join(o.description.split()[:2]).casefold() for o in CAST.offers)
    assert max(openings.values()) <= 4
    assert max(Counter(" ".join(n.title.split()[:1]) for n in CAST.needs).values()) <= 5


def test_the_kinds_of_the_trade_are_represented() -> None:
    kinds = Counter(o.kind for o in CAST.organisations if o.side == "supplier")
    assert len(kinds) >= 13 and all(kinds[code] >= 10 for code in ("ei", "ea", "esat", "aci", "scop"))
    networks = Counter(len(o.networks) for o in CAST.organisations if o.side == "supplier")
    assert networks[0] >= 10 and networks[1] >= 40 and networks[2] >= 3


# --- plausibility


@pytest.mark.parametrize("seed", SEEDS)
def test_wishes_are_many_mutual_and_uneven(seed: int) -> None:
    rows = cast(seed, today=TODAY)
    main = rows.editions[0]
    directed, unordered = pairs(rows, main)
    assert 1500 <= len(unordered) <= 1900
    assert 0.25 <= (len(directed) - len(unordered)) / len(unordered) <= 0.40
    lengths = Counter(w.delegate for w in main.wishes)
    assert sum(n == 10 for n in lengths.values()) >= 200 and min(lengths.values()) >= 2
    assert 5 <= len(main.registrations) - len(lengths) <= 15
    asked = sorted(Counter(w.organisation for w in main.wishes).values())
    assert asked[-1] >= 2 * asked[len(asked) // 2]
    assert 0.15 <= Counter(w.level for w in main.wishes)["must"] / len(main.wishes) <= 0.30
    people = len({n.delegate for n in main.no_thanks})
    assert 0.30 <= people / len(lengths) <= 0.36


@pytest.mark.parametrize("edition", CAST.editions, ids=lambda e: e.key)
def test_wishes_go_mostly_to_the_other_side(edition: EditionRow) -> None:
    side = {o.key: o.side for o in CAST.organisations}
    directed, _ = pairs(CAST, edition)
    same = sum(side[a] == side[b] for a, b in directed) / len(directed)
    assert 0.05 <= same <= 0.33


def test_trade_and_place_draw_wishes() -> None:
    rows = {o.key: o for o in CAST.organisations}
    present = sorted({home(CAST)[r.delegate] for r in MAIN.registrations})
    directed, _ = pairs(CAST, MAIN)
    chance = [
        (a, b) for a in present for b in present if {rows[a].side, rows[b].side} == {"supplier", "buyer"}
    ]
    wished = [pair for pair in chance if pair in directed]

    def share(among: list[tuple[str, str]], test: Callable[[str, str], bool]) -> float:
        return sum(test(a, b) for a, b in among) / len(among)

    def trade(a: str, b: str) -> bool:
        return bool(set(rows[a].sectors) & set(rows[b].sectors))

    def place(a: str, b: str) -> bool:
        return rows[a].departement == rows[b].departement

    assert share(wished, trade) > 2 * share(chance, trade)
    assert share(wished, place) > 1.2 * share(chance, place)


def test_the_open_edition_is_half_way_through_its_wishes() -> None:
    wishing = {w.delegate for w in OPEN.wishes}
    full = sum(n == 10 for n in Counter(w.delegate for w in OPEN.wishes).values())
    assert 0.4 <= len(wishing) / len(OPEN.registrations) <= 0.8
    assert 0.15 <= full / len(OPEN.registrations) <= 0.45
    claire = [w for w in OPEN.wishes if w.delegate == "claire-beranger"]
    assert len(claire) == 6  # the "6 sur 10" of the design picture


def test_access_needs_and_absences_are_few_and_real() -> None:
    rows = {d.key: d for d in CAST.delegates}
    people = [rows[r.delegate] for r in MAIN.registrations]
    needs = Counter(need for person in people for need in person.access_needs)
    assert needs["step_free"] == 10
    assert needs["interpreter_lsf"] + needs["interpreter_language"] == 5
    for person in people:
        assert ("interpreter_language" in person.access_needs) == ("fr" not in person.languages)
    half = sum(len(r.unavailable) >= 8 for r in MAIN.registrations)
    assert half == 50
    assert 5 <= sum(0 < len(r.unavailable) < 8 for r in MAIN.registrations) <= 20


def test_some_exclusions_fall_on_wishes_and_promises_can_be_kept() -> None:
    _, wished = pairs(CAST, MAIN)
    hit = sum(frozenset((e.first, e.second)) in wished for e in MAIN.exclusions)
    assert (len(MAIN.exclusions), hit) == (25, 6)
    assert len(MAIN.mandatory) == 12
    absent = {home(CAST)[r.delegate] for r in MAIN.registrations if r.unavailable}
    for promise in MAIN.mandatory:
        assert frozenset((promise.first, promise.second)) in wished
        assert not {promise.first, promise.second} & absent


def test_the_room_of_the_main_edition() -> None:
    assert len(MAIN.tables) == 100 and len(MAIN.zones) == 3
    stands = {t.label: t.organisation for t in MAIN.tables if t.organisation}
    assert len(stands) == 30
    assert (stands["S1"], stands["S2"]) == ("blanchisserie-belle-etoile", "numeris-solidaire")
    step_free = [t for t in MAIN.tables if t.step_free]
    assert 0 < len(step_free) < 50 and {bool(t.organisation) for t in step_free} == {True, False}


# --- time


def test_the_day_is_the_one_of_the_pictures() -> None:
    morning, afternoon = MAIN.sessions
    assert [f"{s.start:%H:%M}" for s in morning.slots] == [
        "09:20",
        "09:45",
        "10:10",
        "10:35",
        "11:20",
        "11:45",
        "12:10",
        "12:35",
    ]
    assert [f"{s.end:%H:%M}" for s in afternoon.slots][-1] == "17:50"
    assert all(s.end - s.start == timedelta(minutes=20) for s in MAIN.slots)
    for item in MAIN.programme:
        assert all(s.end <= item.start or item.end <= s.start for s in MAIN.slots), item.title
    assert {"Accueil café", "Déjeuner", "Plénière d’ouverture"} <= {item.title for item in MAIN.programme}


@pytest.mark.parametrize("today", [TODAY + timedelta(days=n) for n in range(0, 400, 23)])
def test_dates_make_sense_from_any_day(today: date) -> None:
    main, second, past = cast(today=today).editions
    assert 70 <= (main.day - today).days <= 90
    assert past.day < today < second.day < main.day
    for edition in (main, second, past):
        assert edition.day.weekday() == 3
        moments = [edition.registration_opens_at, edition.wishes_open_at, edition.wishes_close_at]
        moments += [slot.start for slot in edition.slots]
        assert all(one < other for one, other in pairwise(moments))
        assert all(m.utcoffset() is not None for m in moments)
    noon = datetime.combine(today, datetime.min.time(), main.wishes_close_at.tzinfo) + timedelta(hours=12)
    assert main.wishes_close_at < noon < second.wishes_close_at
    assert second.wishes_close_at.date() == today + timedelta(days=10)
    for edition in (main, second, past):
        assert all(w.made_at < noon for w in edition.wishes)
        assert all(r.registered_at < noon for r in edition.registrations)


def test_no_fair_on_a_public_holiday() -> None:
    assert thursday_from(date(2026, 12, 18)) == date(2027, 1, 7)  # not on 24 or 31 December
    assert thursday_from(date(2027, 5, 1)) == date(2027, 5, 13)  # 6 May 2027 is Ascension Day
    assert thursday_from(date(2027, 5, 20)) == date(2027, 5, 20)
    assert [easter(y) for y in (2024, 2026, 2038)] == [date(2024, 3, 31), date(2026, 4, 5), date(2038, 4, 25)]


# --- repeatability


def undated(value: Any) -> Any:
    """The same rows with every date, and the year in an edition's name, taken out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: undated(getattr(value, f.name)) for f in dataclasses.fields(value)}
        if isinstance(value, EditionRow):
            fields["name"] = value.name.removesuffix(f" {value.day.year}")
        return {name: field for name, field in fields.items() if field != "a date"}
    if isinstance(value, tuple):
        return tuple(undated(item) for item in value)
    return "a date" if isinstance(value, date) else value


def test_same_arguments_same_cast() -> None:
    assert cast(2027, today=TODAY) == CAST
    assert cast(2028, today=TODAY) != CAST


@pytest.mark.parametrize("days", [1, 6, 30, 200])
def test_another_today_moves_dates_only(days: int) -> None:
    other = cast(2027, today=TODAY + timedelta(days=days))
    assert other != CAST
    assert undated(other) == undated(CAST)
    assert undated(cast(2028, today=TODAY)) != undated(CAST)


def test_another_process_draws_the_same_cast() -> None:
    """No order of a set or hash of a text leaks in: two processes with other hash seeds agree."""
    script = (
        "import hashlib, datetime; from salon.demo.cast import cast;"
        "print(hashlib.sha256(repr(cast(today=datetime.date(2026, 11, 23))).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(digests) == 1 and digests != {""}


def test_edition_by_key() -> None:
    assert CAST.edition("passerelles") is MAIN
    with pytest.raises(KeyError, match="ailleurs"):
        CAST.edition("ailleurs")


def test_texts_follow_french_typography() -> None:
    texts = [o.pitch for o in CAST.organisations] + [o.name for o in CAST.organisations]
    texts += [t for n in CAST.needs for t in (n.title, n.description)] + [o.title for o in CAST.offers]
    texts += [d.job_title for d in CAST.delegates] + [e.note for e in MAIN.exclusions]
    wrong = re.compile(r"'| [;:!?%»]|« |\d €|\d \d{3}\b")
    assert wrong.search("l'offre") and wrong.search("40 000") and not wrong.search("40\u202f000 €"[:6])
    assert [text for text in texts if wrong.search(text)] == []
    assert all(o.pitch.endswith(".") for o in CAST.organisations)
    assert not any(n.title.endswith(".") for n in CAST.needs)
