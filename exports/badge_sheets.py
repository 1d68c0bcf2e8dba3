"""Badge layouts: which piece of paper, how many badges on it and where."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from enum import StrEnum

A4 = (210.0, 297.0)
A6 = (105.0, 148.5)


class Design(StrEnum):
    """How one badge is drawn."""

    UPRIGHT = "upright"  # A6 with the day's agenda
    LABEL = "label"  # anything wider than high
    FOLD = "fold"  # A4 folded twice: front, back, agenda, plan


@dataclass(frozen=True, slots=True)
class Layout:
    """Sizes in mm; `left` and `top` place the first piece, `pitch` the next ones."""

    key: str
    design: Design
    page: tuple[float, float]
    piece: tuple[float, float]
    columns: int = 1
    rows: int = 1
    left: float = 0.0
    top: float = 0.0
    pitch: tuple[float, float] = (0.0, 0.0)
    crop: bool = False
    bleed: float = 0.0

    @property
    def face(self) -> tuple[float, float]:
        """The size of what is worn: the piece, or a quarter of the sheet which is folded in four."""
        return A6 if self.design is Design.FOLD else self.piece

    @property
    def capacity(self) -> int:
        return self.columns * self.rows

    def place(self, index: int) -> tuple[float, float]:
        """Left and top of the piece at `index` (0-based, row by row) on its page."""
        row, column = divmod(index % self.capacity, self.columns)
        return self.left + column * self.pitch[0], self.top + row * self.pitch[1]


def _grid(
    key: str, design: Design, piece: tuple[float, float], columns: int, rows: int, **more: float
) -> Layout:
    """A sheet of A4 filled without gaps; the rest of the paper is margin on both sides."""
    left = more.get("left", (A4[0] - columns * piece[0]) / 2)
    top = more.get("top", (A4[1] - rows * piece[1]) / 2)
    crop = left == top == 0
    pitch = (more.get("pitch_x", piece[0]), more.get("pitch_y", piece[1]))
    return Layout(key, design, A4, piece, columns, rows, left, top, pitch, crop)


# Label sheets: sizes and margins as their makers sell them (domain handbook §7); a printer's own error is
# corrected by the calibration page and an offset.
LAYOUTS: dict[str, Layout] = {
    layout.key: layout
    for layout in (
        _grid("a6x4", Design.UPRIGHT, A6, 2, 2),
        _grid("a7x8", Design.LABEL, (105.0, 74.25), 2, 4),
        Layout("a6", Design.UPRIGHT, A6, A6),
        Layout("a6_bleed", Design.UPRIGHT, A6, A6, bleed=3.0),
        _grid("durable_1445", Design.LABEL, (90.0, 54.0), 2, 5, left=15.0, top=12.0),
        _grid("durable_1453", Design.LABEL, (75.0, 40.0), 2, 6),
        _grid("durable_1456", Design.LABEL, (90.0, 60.0), 2, 4),
        _grid("durable_8334", Design.LABEL, (75.0, 40.0), 2, 6),
        _grid(
            "herma_4412", Design.LABEL, (80.0, 50.0), 2, 5, left=17.5, top=13.5, pitch_x=95.0, pitch_y=55.0
        ),
        Layout("holder_96x82", Design.LABEL, (96.0, 82.0), (96.0, 82.0)),
        Layout("cr80", Design.LABEL, (85.6, 54.0), (85.6, 54.0)),
        Layout("a4_fold", Design.FOLD, A4, A4),
    )
}


def names(catalogue: gettext.NullTranslations | None = None) -> dict[str, str]:
    """Every layout's key with its name in the reader's language, in the order to offer them."""
    _ = (catalogue or gettext.NullTranslations()).gettext
    return {
        "a6x4": _("A6, quatre par feuille A4, à couper"),
        "a7x8": _("A7, huit par feuille A4, à couper"),
        "a6": _("A6, un par page"),
        "a6_bleed": _("A6 pour l’imprimeur, fond perdu de 3 mm"),
        "durable_1445": _("Durable Badgemaker 54 × 90 mm (1445-02)"),
        "durable_1453": _("Durable Badgemaker 40 × 75 mm (1453-02)"),
        "durable_1456": _("Durable Badgemaker 60 × 90 mm (1456-02)"),
        "durable_8334": _("Durable Badgefix 40 × 75 mm (8334-02)"),
        "herma_4412": _("Herma 50 × 80 mm (4412)"),
        "holder_96x82": _("Porte-badge 96 × 82 mm, un par page"),
        "cr80": _("Carte 85,6 × 54 mm, une par page"),
        "a4_fold": _("A4 à plier en quatre : badge, agenda et plan"),
    }
