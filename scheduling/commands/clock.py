"""How long this process has lived, the start of the interpreter included: what a time limit means to a user."""

from __future__ import annotations

import os
import time
from pathlib import Path

START_FIELD = 22  # of /proc/self/stat, proc(5): clock ticks between boot and the start of the process
UNKNOWN_START_SECONDS = 1.0  # where there is no /proc: an interpreter with OR-Tools takes less


def seconds_since_start() -> float:
    """Wall seconds since the process was started."""
    try:
        after_name = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
        ticks = int(after_name.split()[START_FIELD - 3])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError):
        return UNKNOWN_START_SECONDS
