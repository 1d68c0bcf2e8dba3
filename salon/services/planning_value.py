"""What a wish is worth, in one place: the engine adds these numbers up, people read them in the guide.

A *must meet* is worth 6 whatever its rank. A *meet* is worth 3 at ranks 1 to 3, 2 at ranks 4 to 7, then 1.
A meeting that both sides wish is worth the sum of both and 3 more. Ranks count all of a person's wishes.
"""

from __future__ import annotations

from salon.enums import WishLevel

MUST = 6
MUTUAL_BONUS = 3
_BY_RANK = ((3, 3), (7, 2))  # up to this rank, this much
_LAST = 1


def worth(level: WishLevel, rank: int | None) -> int:
    """One side's wish; a *no thanks* has no worth and is a mistake here."""
    if level is WishLevel.NO_THANKS:
        raise ValueError("a no-thanks is a rule, not a value")
    if level is WishLevel.MUST:
        return MUST
    return next((value for last, value in _BY_RANK if rank is not None and rank <= last), _LAST)


def pair_value(first: int | None, second: int | None) -> int:
    """Both sides together; None for a side that did not wish."""
    both = first is not None and second is not None
    return (first or 0) + (second or 0) + (MUTUAL_BONUS if both else 0)
