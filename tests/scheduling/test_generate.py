"""Generated fairs: stable across releases, turned by knobs, in named sizes, with every rule when asked."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import fields, replace

import pytest

from scheduling import Problem, Solution, generate, io, verify
from scheduling.bench import vendors
from scheduling.possible import Possible
from scheduling.problem import TermName

# SHA-256 of the encoded problem, first 16 digits: who publishes a result on a generated fair relies on these.
DIGESTS = {
    ("bench", 20, 7): "cc01049ac9d2adf8",
    ("bench", 60, 1): "b4823586cc89da65",
    ("bench", 250, 1): "e8136047436fe64a",
    ("ess", 20, 7): "5988b952f7d3d8de",
    ("ess", 60, 1): "37ac02c9cbbff47e",
    ("ess", 250, 1): "32fbabf4d4e72c19",
    ("ess-full", 20, 7): "a0b56e466971a8fd",
    ("ess-full", 60, 1): "aa5d074a6ff52e9c",
    ("ess-full", 250, 1): "4c7d257d5cf4669c",
}


def digest(problem: Problem) -> str:
    return hashlib.sha256(io.encode(io.problem_to(problem)).encode()).hexdigest()[:16]


@pytest.mark.parametrize(("kind", "people", "seed"), sorted(DIGESTS))
def test_generated_problems_never_change(kind: str, people: int, seed: int) -> None:
    problem = generate.KINDS[kind](people, seed=seed)
    assert digest(problem) == DIGESTS[kind, people, seed]
    assert digest(generate.KINDS[kind](people, seed=seed + 1)) != DIGESTS[kind, people, seed]


def test_a_digest_sees_a_small_change() -> None:
    problem = generate.bench(20, seed=7)
    assert digest(replace(problem, tables=problem.tables[1:])) != digest(problem)


def test_another_process_makes_the_same() -> None:
    """The hashing of texts is random in each process: nothing may depend on it."""
    arguments = ["generate", "--kind", "ess-full", "--participants", "60", "--seed", "1"]
    found = subprocess.run(
        [sys.executable, "-m", "scheduling", *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    text = found.stdout.removesuffix("\n")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == DIGESTS["ess-full", 60, 1]


def used_rules(problem: Problem) -> set[str]:
    """What of the full list of rules a problem uses."""
    people, pairs = problem.participants, problem.pairs
    lengths = {slot.end_min - slot.start_min for slot in problem.slots}
    tests = {
        "minimum": any(one.min for one in people),
        "maximum": any(one.max is not None for one in people),
        "maximum per day": any(one.max_per_day is not None for one in people),
        "minimum per day": any(one.min_per_day for one in people),
        "type minimum": any(limit.min for one in people for limit in one.type_limits),
        "type maximum": any(limit.max is not None for one in people for limit in one.type_limits),
        "hard minimum": any(one.hard_min and one.min for one in people),
        "types": problem.type_rules is not None,
        "zones": len({table.zone for table in problem.tables}) > 2,
        "walks": any(problem.walks.values()),
        "openings": any(table.available is not None for table in problem.tables),
        "stands": any(table.organisation is not None for table in problem.tables),
        "step-free": any(one.step_free for one in people),
        "stay put": any(one.stay_put for one in people),
        "pins": bool(problem.pins),
        "exclusions": bool(problem.exclusions),
        "no thanks": bool(problem.no_thanks),
        "mandatory": bool(problem.mandatory),
        "forbidden pairs": any(len(one) == 2 for one in problem.forbidden),
        "forbidden trios": any(len(one) > 2 for one in problem.forbidden),
        "precedences": bool(problem.precedences),
        "limits of organisations": bool(problem.organisation_limits),
        "days": len({slot.day for slot in problem.slots}) > 1,
        "sessions": len({slot.session for slot in problem.slots}) > 2,
        "unequal slots": len(lengths) > 1,
        "tied to a session": any(one.available is not None for one in pairs),
        "several slots": any(
            len(problem.covered(slot.id, one.length_min) or ()) > 1 for one in pairs for slot in problem.slots
        ),
        "groups of three": any(len(one.members) == 3 for one in problem.groups),
        "larger groups": any(len(one.members) > 3 for one in problem.groups),
        "colleagues": any(one.a_instead for one in pairs) and any(one.b_instead for one in pairs),
        "languages": any(one.languages for one in people),
        "interpreters": bool(problem.interpreters),
        "rest": any(one.max_in_a_row is not None for one in people),
        "credit": any(one.credit != 100 for one in people),
        "silos": TermName.CROSS_SILO in problem.terms(),
        "baseline": TermName.CHANGES in problem.terms(),
        "every term": set(problem.weights.order) == set(TermName),
    }
    return {name for name, holds in tests.items() if holds}


ALL_RULES = 37


def test_ess_full_uses_every_rule_and_ess_does_not() -> None:
    full = generate.KINDS["ess-full"](250, seed=1)
    assert len(used_rules(full)) == ALL_RULES
    assert len(used_rules(generate.ess(250, seed=1))) < ALL_RULES / 2
    assert "groups of three" not in used_rules(replace(full, groups=()))  # each test can fail


def test_no_field_of_a_problem_is_left_out() -> None:
    """A rule added to the format must be added to the kind that has every rule."""
    full = generate.KINDS["ess-full"](250, seed=1)
    plain = ("max_per_organisations",)  # its exceptions are used
    for field in fields(Problem):
        if field.init and field.name not in plain:
            assert getattr(full, field.name), field.name


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_ordered_could_be_held(seed: int) -> None:
    problem = generate.KINDS["ess-full"](120, seed=seed)
    possible = Possible(problem)
    pinned = {pin.key for pin in problem.pins}
    for meeting in problem.mandatory:
        assert possible.may_meet(meeting)
        assert tuple(sorted(meeting)) not in pinned
    ordered = {tuple(sorted(meeting)) for meeting in problem.mandatory} | pinned
    assert ordered.isdisjoint(tuple(sorted(meeting)) for meeting in problem.forbidden)


def test_knobs_turn_one_thing_each() -> None:
    base = generate.make("ess", 40, seed=1)
    assert len(generate.make("ess", 40, seed=1, slots=9).slots) == 9
    assert {slot.session for slot in generate.make("ess", 40, seed=1, slots=9).slots} == {1, 2}
    assert len(generate.make("ess", 40, seed=1, tables=7).tables) == 7
    assert all(one.max == 4 for one in generate.make("ess", 40, seed=1, most=4).participants)
    assert all(one.max is None for one in generate.make("bench", 40, seed=1, most=4).participants)
    assert len(generate.make("ess", 40, seed=1, wishes=3).pairs) < len(base.pairs) / 2
    assert generate.make("ess", 40, seed=1) == generate.ess(40, seed=1)


def test_full_fairs_of_few_slots_are_valid() -> None:
    for slots in (1, 2, 3, 5):
        assert len(generate.make("ess-full", 30, seed=1, slots=slots).slots) == slots


@pytest.mark.parametrize("name", ["S", "ESS", "M"])
@pytest.mark.parametrize("kind", ["bench", "ess"])
def test_a_size_holds_about_the_meetings_it_names(kind: str, name: str) -> None:
    size = generate.SIZES[name]
    problem = generate.make(kind, name, seed=1)
    assert len(problem.participants) == size.participants
    plan: Solution = vendors.plan(problem, vendors.PASSES["mutual"])
    assert not verify.violations(problem, plan)
    assert 0.9 * size.meetings < len(plan.assignments) < 1.1 * size.meetings


def test_the_large_sizes_have_room_for_what_they_name() -> None:
    for size in generate.SIZES.values():
        assert size.knobs.slots and size.knobs.tables
        assert size.meetings <= size.knobs.slots * size.knobs.tables < 1.1 * size.meetings
