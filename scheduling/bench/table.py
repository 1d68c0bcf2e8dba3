"""Results as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from scheduling.bench.judge import CLOSED, WRONG
from scheduling.bench.records import Record

HEAD = ("instance", "status", "breaks", "bound", "published", "seconds", "verdict")


def line(record: Record) -> str:
    """One record, its baseline and remark at the end."""
    cells = (record.status, record.objective, record.bound, record.published, record.seconds, record.verdict)
    baseline = (
        f"  baseline {record.baseline_status} {record.baseline_seconds} s" if record.baseline_seconds else ""
    )
    remark = f"  {record.remark}" if record.remark else ""
    return row(record.instance, *cells) + baseline + remark


def row(*cells: str) -> str:
    """Cells of one width, the first one wide."""
    return f"{cells[0]:<44}" + "".join(f"{cell:>11}" for cell in cells[1:])


def summary(found: Sequence[Record]) -> str:
    """Totals, and last how many cases are closed."""
    lines = [f"total {sum(float(record.seconds) for record in found):.1f} s"]
    if any(record.baseline_seconds for record in found):
        total = sum(float(record.baseline_seconds or 0) for record in found)
        lines.append(f"baseline total {total:.1f} s")
    if wrong := [record.instance for record in found if record.verdict == WRONG]:
        lines.append("WRONG: " + ", ".join(wrong))
    closed = sum(record.verdict == CLOSED for record in found)
    lines.append(f"closed {closed} of {len(found)}")
    return "\n".join(lines)
