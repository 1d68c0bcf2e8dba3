"""Programs that stand in for the solver's child and misbehave, each in one way."""

from __future__ import annotations

import json
import sys

from salon.jobs.supervision import Command

_READ = "import sys, time, json; problem = json.loads(sys.stdin.readline())\n"
_SAY = "def say(o): print(json.dumps(o), flush=True)\n"


def program(code: str) -> Command:
    """A child that runs this code after reading its problem."""
    return Command((sys.executable, "-c", _READ + _SAY + code))


def progress(**figures: object) -> str:
    line = {"event": "progress", "elapsed": 0.1, "step": "improve", "meetings": 1, **figures}
    return f"say(json.loads({json.dumps(json.dumps(line))}))\n"


def plan(meetings: object) -> str:
    return f"say({{'event': 'plan', 'meetings': json.loads({json.dumps(json.dumps(meetings))})}})\n"


def answer(**fields: object) -> str:
    whole = {"status": "feasible", "terms": [], "trace": [], "conflict": [], "versions": {}, **fields}
    return f"say({{'event': 'result', 'result': json.loads({json.dumps(json.dumps(whole))})}})\n"
