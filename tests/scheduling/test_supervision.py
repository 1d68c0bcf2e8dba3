"""The output of a process that answers in lines: what libraries write in C never gets between them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_SPEAK = """
import contextlib, ctypes, os
from scheduling import supervision
c = ctypes.CDLL(None)
with {context}:
    c.puts(b"a solver's own words, kept in C's buffer until it is full or the process ends")
print("answer", flush=True)
"""


@pytest.mark.parametrize(
    ("context", "heard"),
    [("supervision.silent_output()", False), ("contextlib.nullcontext()", True)],  # the second is the control
)
def test_what_a_library_writes_in_c_is_not_heard(context: str, heard: bool) -> None:
    code = _SPEAK.format(context=context)
    buffered = {
        name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"
    }  # C's buffer too
    said = subprocess.run(
        [sys.executable, "-c", code], env=buffered, capture_output=True, text=True, check=True
    ).stdout
    assert "answer" in said.splitlines()
    assert (said.splitlines() != ["answer"]) is heard
