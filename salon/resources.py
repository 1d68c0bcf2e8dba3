"""Where the templates live: inside an installed wheel, else at the top of the checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def template_dir() -> Path:
    """The folder of templates; raises `FileNotFoundError` if the installation is broken."""
    for folder in (_PACKAGE / "templates", _PACKAGE.parent / "templates"):
        if (folder / "layout").is_dir():
            return folder
    raise FileNotFoundError("templates are missing: reinstall Salon")
