"""Timetabling given meetings: each meeting's pair is decided, only its slot is not.

The published problem of Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret, *Constraint Solving
Approaches to the Business-to-Business Meeting Scheduling Problem*, JAIR 74 (2022). Pure: no solver here.
"""

from __future__ import annotations

from scheduling.timetabling.objective import breaks, total_breaks
from scheduling.timetabling.problem import Meeting, Session, Slots, Timetabling
from scheduling.timetabling.reader import read
from scheduling.timetabling.verifier import RULES, Violation, violations

__all__ = [
    "RULES",
    "Meeting",
    "Session",
    "Slots",
    "Timetabling",
    "Violation",
    "breaks",
    "read",
    "total_breaks",
    "violations",
]
