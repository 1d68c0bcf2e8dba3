"""Big piles in small parts: what prints them one after the other, here or in child processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from jinja2 import Environment

from exports.fonts import FontSet

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with parts done and parts in all after each part; raising in it stops the work."""

Part = Callable[..., bytes]
"""Renders one chunk: `part(chunk, env, fonts=fonts, **options)`; a top-level function of `exports`."""


def chunks(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """`items` cut into parts of `size`; no item gives one empty part, so that a file still exists."""
    return [items[start : start + size] for start in range(0, len(items), size)] or [items]


class Press(Protocol):
    """Renders parts and gives them back in order."""

    @property
    def env(self) -> Environment: ...

    @property
    def fonts(self) -> FontSet: ...

    def run(
        self,
        part: Part,
        parts: Sequence[Sequence[Any]],
        options: Mapping[str, Any],
        on_progress: Progress | None = None,
    ) -> list[bytes]: ...


@dataclass(frozen=True, slots=True)
class HandPress:
    """Renders in this process, one part after the other: for tests and small piles."""

    env: Environment
    fonts: FontSet

    def run(
        self,
        part: Part,
        parts: Sequence[Sequence[Any]],
        options: Mapping[str, Any],
        on_progress: Progress | None = None,
    ) -> list[bytes]:
        done: list[bytes] = []
        for chunk in parts:
            done.append(part(chunk, self.env, fonts=self.fonts, **options))
            if on_progress:
                on_progress(len(done), len(parts))
        return done
