"""`salon export`: the same documents as the page, in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Instance

pytestmark = pytest.mark.usefixtures("fonts")


def test_nothing_to_print_is_refused(instance: Instance, tmp_path: Path) -> None:
    ended = instance.salon("export", "--edition", instance.slug, "--to", str(tmp_path / "out"))
    assert ended.exit_code == 1 and not (tmp_path / "out").exists()


def test_a_draft_then_a_release(instance: Instance, tmp_path: Path) -> None:
    instance.json("run", "--edition", instance.slug, "--time-limit", "3")
    out = tmp_path / "out"
    ended = instance.salon(
        "export", "--edition", instance.slug, "--what", "agendas", "--what", "planning_csv", "--to", str(out)
    )
    assert ended.exit_code == 0, ended.output
    assert sorted(path.name.rpartition("-")[2] for path in out.iterdir()) == [
        "brouillon.csv",
        "brouillon.pdf",
    ]
    instance.json("release", "--edition", instance.slug, "--yes")
    found = instance.json(
        "export", "--edition", instance.slug, "--to", str(out), "--locale", "en", "--layout", "a7x8"
    )
    assert found["release"] == 1 and len(found["files"]) == 9
    for name in found["files"]:
        assert Path(name).stat().st_size > 500 and "-v1." in name
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_wrong_usage(instance: Instance, tmp_path: Path) -> None:
    instance.json("run", "--edition", instance.slug, "--time-limit", "3")
    base = ["export", "--edition", instance.slug, "--to", str(tmp_path / "out"), "--what", "planning_csv"]
    assert instance.salon(*base, "--what", "posters").exit_code == 2
    assert instance.salon(*base, "--layout", "poster").exit_code == 1
    assert instance.salon(*base, "--release", "7").exit_code == 1
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    ended = instance.salon(
        "export", "--edition", instance.slug, "--what", "planning_csv", "--to", str(blocked / "x")
    )
    assert ended.exit_code == 2 and "Traceback" not in ended.output
