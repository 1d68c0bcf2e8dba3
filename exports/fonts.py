"""The two typefaces, made from fontpkg's variable fonts: statics for paper, Latin subsets for the web."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata, resources
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from exports.measure import Ruler, ruler

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# Latin, accents, French and English typography, arrows, stars, a few signs: what pages use.
LATIN = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x192, 0x218, 0x219, 0x21A, 0x21B, 0x2C6, 0x2DA, 0x2DC,
    *range(0x2009, 0x2012), *range(0x2012, 0x2027), 0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044,
    0x20AC, 0x2116, 0x2122, *range(0x2190, 0x2194), 0x21C4, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x2605,
    0x2606, 0x2713, 0x2717, 0x1E9E,
)  # fmt: skip
_FEATURES = ["kern", "liga", "tnum", "lnum", "mark", "mkmk", "ccmp", "locl"]


@dataclass(frozen=True, slots=True)
class Face:
    """One weight of one family: `axes` pins the variable font, `name` is the file's stem."""

    name: str
    package: str
    file: str
    family: str
    weight: int
    axes: tuple[tuple[str, float], ...]


FACES = (
    Face("inter-400", "fontpkg_inter", "Inter[opsz,wght].ttf", "Inter", 400, (("wght", 400), ("opsz", 14))),
    Face("inter-600", "fontpkg_inter", "Inter[opsz,wght].ttf", "Inter", 600, (("wght", 600), ("opsz", 14))),
    Face("vollkorn-600", "fontpkg_vollkorn", "Vollkorn[wght].ttf", "Vollkorn", 600, (("wght", 600),)),
)


@dataclass(frozen=True)
class FontSet:
    """Where the built fonts are; bytes are read once."""

    folder: Path

    @cached_property
    def assets(self) -> dict[str, bytes]:
        """The static fonts by the name documents fetch them under: `asset:fonts/inter-400.ttf`."""
        return {f"fonts/{face.name}.ttf": (self.folder / f"{face.name}.ttf").read_bytes() for face in FACES}

    def web(self, name: str) -> Path | None:
        """The WOFF2 file called `name` (`inter-400.woff2`), or None: no other name reaches the disk."""
        known = {f"{face.name}.woff2" for face in FACES}
        return self.folder / name if name in known else None

    @cached_property
    def css(self) -> str:
        """The `@font-face` rules of documents."""
        rule = "@font-face{{font-family:{f.family};font-weight:{f.weight};src:url(asset:fonts/{f.name}.ttf)}}"
        return "\n".join(rule.format(f=face) for face in FACES)

    @cached_property
    def regular(self) -> Ruler:
        return ruler(self.assets["fonts/inter-400.ttf"])

    @cached_property
    def semibold(self) -> Ruler:
        return ruler(self.assets["fonts/inter-600.ttf"])

    @cached_property
    def title(self) -> Ruler:
        return ruler(self.assets["fonts/vollkorn-600.ttf"])


def build(folder: Path) -> FontSet:
    """All faces exist below `folder`, made if missing; safe to call again and from two processes at once."""
    home = folder / _version()
    if not all((home / f"{face.name}{end}").exists() for face in FACES for end in (".ttf", ".woff2")):
        home.mkdir(parents=True, exist_ok=True)
        for face in FACES:
            for suffix, content in _made(face):
                _write(home / (face.name + suffix), content)
    return FontSet(home)


def _version() -> str:
    """Names the folder, so that newer fonts or another recipe never meet old files."""
    return "-".join(("1", metadata.version("fontpkg-inter"), metadata.version("fontpkg-vollkorn")))


def _made(face: Face) -> Iterator[tuple[str, bytes]]:
    """The static TTF with every character, then its Latin WOFF2; both without alternates."""
    from fontTools.ttLib import TTFont  # late, as below: fonts are made once, and this takes long to load
    from fontTools.varLib.instancer import instantiateVariableFont

    source = resources.files(face.package) / "files" / face.file
    variable = TTFont(BytesIO(source.read_bytes()), recalcTimestamp=False)
    _cut(variable, variable.getBestCmap())
    static = instantiateVariableFont(variable, dict(face.axes), inplace=True)
    yield ".ttf", _bytes(static)
    _cut(static, LATIN)
    static.flavor = "woff2"
    yield ".woff2", _bytes(static)


def _cut(font: TTFont, characters: Iterable[int]) -> None:
    """`font` keeps these characters and the features we use, not its alternates."""
    from fontTools import subset

    cutter = subset.Subsetter(subset.Options(layout_features=_FEATURES, hinting=False))
    cutter.populate(unicodes=characters)
    cutter.subset(font)


def _bytes(font: TTFont) -> bytes:
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    """`path` holds `content` whole or does not exist: written beside, then renamed."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    made = Path(name)
    made.chmod(0o644)
    made.replace(path)
