"""The wheel alone: built from the source archive, installed outside the checkout, the demo run from an empty folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLAY = """
import json, pathlib, sys
import exports, salon, scheduling
from salon.demo import story
story.TIME_LIMIT_S, story.ITEMS = 4, ("door_list", "calendars")  # the long one is `make demo`
from salon.cli.main import main
try:
    main(["demo", "--no-serve"])
except SystemExit as end:
    code = end.code
from salon import create_app
app = create_app()
client = app.test_client()
base = "http://127.0.0.1:8000"
said = {path: client.get(path, base_url=base).status_code for path in json.loads(sys.argv[1])}
texts = {lang: client.get("/?lang=" + lang, base_url=base).text for lang in ("fr", "en")}
homes = {str(pathlib.Path(one.__file__).parents[1]) for one in (salon, exports, scheduling)}
print("SAID " + json.dumps({"code": code, "homes": sorted(homes), "said": said, "lang": [texts["fr"] != texts["en"]],
      "instance": app.instance_path, "papers": sorted(p.name for p in pathlib.Path(app.instance_path, "demo").iterdir())}))
"""
PAGES = [
    "/",
    "/e/passerelles/",
    "/sign-in",
    "/static/css/salon.css",
    "/bootstrap/static/css/bootstrap.min.css",
]


def run(*words: str | Path, cwd: Path, **environment: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    ended = subprocess.run(
        [str(word) for word in words], cwd=cwd, env={**kept, **environment}, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-3000:]
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out, HOME=str(out))
    (found,) = out.glob("*.whl")
    return found


def lacking(tracked: list[str], names: set[str]) -> set[str]:
    """What the checkout has for users and the wheel has not."""
    packaged = {path for path in tracked if path.startswith(("salon/", "exports/", "scheduling/"))}
    return (packaged | {f"salon/{path}" for path in tracked if path.startswith("templates/")}) - names


@pytest.mark.slow
def test_the_wheel_holds_everything_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    if shutil.which("git") is None:
        pytest.skip("no git to ask what the checkout holds")
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not tracked:
        pytest.skip("this is no git checkout")
    there = [path for path in tracked if (ROOT / path).is_file()]
    assert not lacking(there, names)
    assert lacking(there, names - {"salon/templates/pdf/agenda.html"}) == {"salon/templates/pdf/agenda.html"}
    assert not [
        name
        for name in names
        if name.startswith(("tests", "instance", ".")) or name.endswith((".sqlite", ".env"))
    ]


@pytest.mark.slow
def test_the_demo_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    """The libraries are those of this environment: what is tested is that our wheel lacks nothing."""
    venv, home, empty = tmp_path / "venv", tmp_path / "home", tmp_path / "empty"
    empty.mkdir()
    home.mkdir()
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=tmp_path)
    (site,) = venv.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = venv / "bin" / "python"
    run(
        sys.executable, "-m", "pip", "--python", python, "install", "-q", "--disable-pip-version-check", "--no-deps",
        "--no-index", wheel, cwd=empty, HOME=str(home),
    )  # fmt: skip
    out = run(python, "-c", PLAY, json.dumps(PAGES), cwd=empty, HOME=str(home))
    (line,) = [line for line in out.splitlines() if line.startswith("SAID ")]
    said = json.loads(line.removeprefix("SAID "))
    assert said["code"] == 0
    assert said["homes"] == [str(site)]  # nothing comes from the checkout
    assert said["said"] == dict.fromkeys(PAGES, 200)
    assert said["instance"] == str(home / ".salon") and len(said["papers"]) == 2
    assert not list(empty.iterdir())
    assert said["lang"] == [True] or not list((ROOT / "salon" / "translations").glob("*/LC_MESSAGES/*.mo"))
    assert "salon" in run(venv / "bin" / "salon", "--version", cwd=empty, HOME=str(home))
