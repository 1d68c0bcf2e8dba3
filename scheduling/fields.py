"""Reading decoded JSON field by field; each function takes a value and its path, which a `BadInput` names."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from scheduling.parts import Id

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class BadInput(ValueError):
    """A file that cannot be read; the message is one line and names the field."""


class Fields:
    """The fields of one JSON object, each read once; `done` refuses those nobody read (a misspelt rule)."""

    def __init__(self, data: object, path: str) -> None:
        if not isinstance(data, dict):
            raise BadInput(f"{path or 'file'}: must be an object")
        self.data, self.path, self.left = data, path, set(data)

    def name(self, field: str) -> str:
        return f"{self.path}.{field}" if self.path else field

    def get(self, field: str, read: Callable[[object, str], T], default: T | None = None) -> T:
        """The field converted by `read`; an absent one is `default`, or an error without one."""
        self.left.discard(field)
        if field not in self.data:
            if default is None:
                raise BadInput(f"{self.name(field)}: is missing")
            return default
        return read(self.data[field], self.name(field))

    def rows(self, field: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        """A list that may be absent."""
        return self.maybe(field, list_of(read)) or ()

    def maybe(self, field: str, read: Callable[[object, str], T]) -> T | None:
        """The field converted by `read`; absent and null are None."""
        self.left.discard(field)
        return None if self.data.get(field) is None else read(self.data[field], self.name(field))

    def done(self) -> None:
        if self.left:
            raise BadInput(f"{self.name(min(self.left))}: is not a field of this format")


def whole(data: object, path: str) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise BadInput(f"{path}: must be a whole number")
    return data


def truth(data: object, path: str) -> bool:
    if not isinstance(data, bool):
        raise BadInput(f"{path}: must be true or false")
    return data


def text(data: object, path: str) -> str:
    if not isinstance(data, str):
        raise BadInput(f"{path}: must be a text")
    return data


def identifier(data: object, path: str) -> Id:
    if isinstance(data, bool) or not isinstance(data, int | str):
        raise BadInput(f"{path}: must be an id, a whole number or a text")
    return data  # type: ignore[return-value]  # see problem.Id


def list_of(read: Callable[[object, str], T]) -> Callable[[object, str], tuple[T, ...]]:
    def items(data: object, path: str) -> tuple[T, ...]:
        if not isinstance(data, list):
            raise BadInput(f"{path}: must be a list")
        return tuple(read(one, f"{path}[{rank}]") for rank, one in enumerate(data))

    return items


def couple_of(read: Callable[[object, str], T]) -> Callable[[object, str], tuple[T, T]]:
    def couple(data: object, path: str) -> tuple[T, T]:
        if not isinstance(data, list) or len(data) != 2:
            raise BadInput(f"{path}: must be a list of two")
        return read(data[0], f"{path}[0]"), read(data[1], f"{path}[1]")

    return couple


def choice_of(kind: type[E]) -> Callable[[object, str], E]:
    def choice(data: object, path: str) -> E:
        try:
            return kind(text(data, path))
        except ValueError:
            raise BadInput(f"{path}: must be one of {', '.join(kind)}") from None

    return choice
