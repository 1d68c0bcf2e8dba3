"""An installation on the disk, a fair in it, and the command run as an operator runs it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from salon.cli.main import main
from salon.extensions import db
from tests.conftest import SECRET
from tests.exports.conftest import font_dir, fontset
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair

__all__ = ["font_dir", "fontset"]


@dataclass(frozen=True, slots=True)
class Instance:
    """Runs commands on one folder; `read` looks at its database as another process would."""

    folder: Path
    fair: SmallFair
    slug: str

    def salon(self, *words: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(main, ["--instance", str(self.folder), *words], input=answer)

    def json(self, *words: str) -> dict[str, Any]:
        ended = self.salon(*words, "--json")
        assert ended.exit_code == 0, ended.output
        found: dict[str, Any] = json.loads(ended.stdout)
        return found

    def read(self, look: Callable[[Session], Any]) -> Any:
        db.session.rollback()
        return look(db.session())


@pytest.fixture
def instance(tmp_path: Path, make: Factory, monkeypatch: pytest.MonkeyPatch) -> Instance:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "settings.env").write_text(f"SALON_SECRET_KEY={SECRET}\nSALON_SOLVER_WORKERS=1\n")
    fair = small_fair(make)
    return Instance(tmp_path, fair, fair.edition.slug)


@pytest.fixture
def fonts(tmp_path: Path, font_dir: Path, fontset: object) -> None:
    shutil.copytree(font_dir, tmp_path / "fonts")
