"""Run as a program, alone and under limits: an XLSX workbook on stdin, its cells as JSON on stdout.

It imports nothing of ours: a file that eats its memory or its time takes only this process along. `argv` is
the memory limit in bytes, then the most sheets, rows, columns and characters that may come out.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

TOO_MANY_ROWS, TOO_MANY_COLUMNS, TOO_LONG, PROTECTED, UNREADABLE = 11, 12, 13, 14, 15
CPU_S = 20


def text_of(value: Any) -> str:
    """A cell as a person reads it: whole numbers without a point, dates as ISO, booleans in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _rows(values: list[list[Any]], room: int, rows: int, columns: int) -> tuple[list[list[str]], int]:
    if len(values) > rows:
        sys.exit(TOO_MANY_ROWS)
    found = []
    for row in values:
        if len(row) > columns and any(text_of(cell) for cell in row[columns:]):
            sys.exit(TOO_MANY_COLUMNS)
        cells = [text_of(cell) for cell in row[:columns]]
        room -= sum(map(len, cells))
        if room < 0:
            sys.exit(TOO_LONG)
        found.append(cells)
    return found, room


def main(memory: int, sheets: int, rows: int, columns: int, characters: int) -> None:
    """Write `[{"name", "rows"}]` for the first visible sheets, or leave with a code that says why not."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
        names = [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet][:sheets]
        found: list[dict[str, Any]] = []
        for name in names:
            values = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            cells, characters = _rows(values, characters, rows, columns)
            found.append({"name": name, "rows": cells})
    except PasswordError:
        sys.exit(PROTECTED)
    except (CalamineError, MemoryError, ValueError, OverflowError):
        sys.exit(UNREADABLE)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:6]))
