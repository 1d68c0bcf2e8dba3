"""What each application would compile anew, kept for all tests of a process: templates, and the makers of addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """Compiled templates in memory; Jinja itself drops one whose source has changed."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def remember_rules() -> None:
    """Werkzeug writes and compiles a function for each rule of each application: now once for each rule."""
    compile_one: Callable[..., Callable[..., tuple[str, str]]] = Rule._compile_builder
    kept: dict[Any, Callable[..., tuple[str, str]]] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)  # all that it is made from
        if key not in kept:
            kept[key] = compile_one(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = remembered  # type: ignore[assignment, method-assign]
