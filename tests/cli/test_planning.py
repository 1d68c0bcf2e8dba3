"""`salon run` and `salon release`: what they keep, what they say, and the code that scripts read."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.enums import RunState
from salon.models import AuditEntry, Delegate, MandatoryMeeting, OutboxMail, Release, Slot, SolverRun, Wish
from salon.services import planning, runs
from tests.cli.conftest import Instance
from tests.web.conftest import plain


def test_a_run_leaves_a_draft_and_its_certificate(instance: Instance) -> None:
    ended = instance.salon("run", "--edition", instance.slug, "--time-limit", "3", "--seed", "5")
    assert ended.exit_code == 0, ended.output
    said = plain(ended.output)
    assert "Certificat du calcul n° 1" in said and "Non prouvé" in said
    assert "plan " in ended.output and "meetings" in ended.output  # its progress, line by line
    run = instance.read(lambda session: session.scalars(select(SolverRun)).one())
    assert (run.state, run.seed, run.time_limit_s) == (RunState.DONE, 5, 3)
    assert "run_requested" in instance.read(lambda s: s.scalars(select(AuditEntry.action)).all())


def test_a_run_for_scripts(instance: Instance) -> None:
    found = instance.json("run", "--edition", instance.slug, "--time-limit", "3", "--preset", "fairest")
    assert found["state"] == "done" and found["draft"] == 1 and found["terms"]
    assert found["summary"]["meetings"] > 0


def test_rules_that_clash_are_named(instance: Instance) -> None:
    def two_meetings_for_one_place(session: Session) -> None:
        slots = session.scalars(select(Slot).order_by(Slot.id)).all()
        for slot in slots[1:]:
            session.delete(slot)
        one, two, three = (
            instance.fair.buyers[0].id,
            instance.fair.suppliers[0].id,
            instance.fair.suppliers[1].id,
        )
        for other in (two, three):
            first, second = sorted((one, other))
            session.add(
                MandatoryMeeting(
                    edition_id=instance.fair.edition.id, first_id=first, second_id=second, reason="",
                    created_at=instance.fair.edition.created_at,
                )
            )  # fmt: skip
        session.commit()

    instance.read(two_meetings_for_one_place)
    ended = instance.salon("run", "--edition", instance.slug, "--time-limit", "5")
    assert ended.exit_code == 1 and "these clash" in ended.output and "obligatoires ont lieu" in ended.output


def test_nothing_found_in_time_has_its_own_code(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine answers that it knows nothing; the double stands for one that is out of time."""
    from salon.jobs import runs as jobs

    unknown = {"status": "unknown", "terms": [], "trace": [], "conflict": [], "versions": {}, "seconds": 1.0}
    monkeypatch.setattr(jobs, "supervise", lambda *_: runs.Ended(answer=unknown))
    ended = instance.salon("run", "--edition", instance.slug, "--time-limit", "1")
    assert ended.exit_code == 3 and "--time-limit" in ended.output


def test_an_edition_without_wishes_is_refused(instance: Instance) -> None:
    def forget(session: Session) -> None:
        for wish in session.scalars(select(Wish)).all():
            session.delete(wish)
        session.commit()

    instance.read(forget)
    ended = instance.salon("run", "--edition", instance.slug)
    assert ended.exit_code == 1 and ended.output.startswith("Error: ") and "Traceback" not in ended.output


def test_wrong_usage(instance: Instance) -> None:
    ended = instance.salon("run", "--edition", "nowhere")
    assert ended.exit_code == 2 and instance.slug in ended.output
    for words in (
        ["run"],
        ["run", "--edition", "x", "--time-limit", "0"],
        ["run", "--edition", "x", "--preset", "z"],
    ):
        assert instance.salon(*words).exit_code == 2
    (instance.folder / "settings.env").unlink()
    ended = instance.salon("run", "--edition", instance.slug)
    assert ended.exit_code == 2 and "salon init" in ended.output


def test_control_c_keeps_the_best_plan(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    from salon.cli import following

    calls = []

    def once(seconds: float) -> None:
        calls.append(seconds)
        if len(calls) == 1:
            raise KeyboardInterrupt

    real = planning.request_cancel
    asked = []
    monkeypatch.setattr(planning, "request_cancel", lambda *a, **k: asked.append(k) or real(*a, **k))
    monkeypatch.setattr(following.time, "sleep", once)
    ended = instance.salon("run", "--edition", instance.slug, "--time-limit", "20")
    assert len(asked) == 1
    run = instance.read(lambda session: session.scalars(select(SolverRun)).one())
    assert run.state in (RunState.CANCELLED, RunState.DONE)  # a small fair may be solved before it hears
    assert ended.exit_code == (0 if (run.result or {}).get("draft") else 1)


def planned(instance: Instance) -> None:
    instance.json("run", "--edition", instance.slug, "--time-limit", "3")


def test_a_release_is_shown_before_it_is_published(instance: Instance) -> None:
    assert instance.salon("release", "--edition", instance.slug).exit_code == 1  # no draft yet
    planned(instance)
    shown = instance.salon("release", "--edition", instance.slug, "--dry-run")
    assert shown.exit_code == 0 and "Release 1, from draft 1" in shown.output
    assert instance.salon("release", "--edition", instance.slug).exit_code == 1  # nobody there to answer
    count = select(func.count()).select_from(Release)
    assert instance.read(lambda session: session.scalar(count)) == 0
    ended = instance.salon(
        "release", "--edition", instance.slug, "--note", "À jeudi", "--stage", "final", "--yes"
    )
    assert ended.exit_code == 0 and "Release 1 is published" in ended.output
    release = instance.read(lambda session: session.scalars(select(Release)).one())
    assert (release.number, release.note, release.stage.value) == (1, "À jeudi", "final")
    assert instance.read(lambda s: s.scalar(select(func.count()).select_from(OutboxMail))) == 6


def test_a_release_for_scripts_names_its_warnings(instance: Instance) -> None:
    def busy(session: Session) -> None:
        one = session.get_one(Delegate, instance.fair.buyers[0].id)
        one.min_override = 4
        session.commit()

    instance.read(busy)
    planned(instance)
    ended = instance.salon("release", "--edition", instance.slug, "--json")
    assert ended.exit_code == 1 and "--yes" in ended.output
    found = instance.json("release", "--edition", instance.slug, "--yes")
    assert found["published"] and found["release"] == 1 and found["messages"] == 6
    (people,) = found["cautions"].values()
    assert instance.fair.buyers[0].last_name in people[0]
    second = instance.json("release", "--edition", instance.slug, "--dry-run")
    assert second["release"] == 2 and sum(second["changes"].values()) == 0


@pytest.mark.parametrize(
    "command", ["run", "release", "import", "export", "demo", "init", "worker", "backup"]
)
def test_every_command_explains_itself(command: str, instance: Instance) -> None:
    ended = instance.salon(command, "--help")
    assert ended.exit_code == 0 and "Usage: " in ended.output and len(ended.output) > 150
