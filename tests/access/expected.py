"""Who may use which address, written down a second time: by hand, from the addresses, never from the access table.

The first pattern that matches an address decides; `*` stands for the edition's slug. An address that a pattern
meant for others must get a line of its own here, and the matrix then tells whether table and guard agree.
"""

from __future__ import annotations

import re

from werkzeug.routing import Rule

# Pattern of the rule, verb (None: any), audience.
LINES: tuple[tuple[str, str | None, str], ...] = (
    # The organisers' side.
    (r"/o/new", None, "creator"),
    (r"/o/(stop-acting|guide.*)?", None, "signed_in"),
    (r"/o/\*/duplicate", None, "owner"),
    (r"/o/\*/team", "GET", "reader"),
    (r"/o/\*/team.*", None, "owner"),
    (r"/o/\*/(exclusions|mandatory|imports)/.*", None, "editor"),
    (r"/o/\*/registrations/(<int:delegate>)?", "GET", "reader"),
    (r"/o/\*/registrations/.*", None, "editor"),
    (r"/o/\*/plan/meetings/new", None, "editor"),
    (r"/o/\*/releases/preview", None, "editor"),
    (r"/o/\*/runs/(new|<int:run>/unserved)", None, "editor"),
    (r"/o/\*/settings/(days|questions|types)/.*", None, "editor"),
    (r"/o/\*/room/tables/<int:table>", None, "editor"),
    (r"/o/\*/documents/(people)?", "GET", "reader"),
    (r"/o/\*/documents/.*", None, "desk"),
    (r"/o/\*/messages/.*", None, "editor"),
    (r"/o/\*/journal(.csv|/verify)", None, "editor"),
    (r"/o/\*/.*", "GET", "reader"),
    (r"/o/\*/.*", "POST", "editor"),
    # The attendees' side.
    (r"/e/\*/me/(catalogue|wishes|badge).*", None, "approved"),
    (r"/e/\*/me/.*", None, "attendee"),
    (r"/outbox/.*", None, "admin"),
    # Everybody's.
    (r"/e/\*/.*", None, "public"),
    (r"/account.*", None, "strong"),
    (r"/second-factor.*", None, "signed_in"),
    (r"/(s|c|i|B|cal)/<[^>]*>[^/]*", None, "token"),
    (r"/|/static/.*|/bootstrap/.*|/assets/.*|/notices/.*|/health|/ready|/robots.txt", None, "public"),
    (r"/sign-in.*|/sign-out|/theme|/language|/.well-known/security.txt", None, "public"),
)

UNSIGNED = frozenset({"anonymous", "expired", "disabled"})
SECRETLY = frozenset({"weak_owner"})  # staff who have yet to show their second factor
_STAFF = frozenset({"reader", "desk", "organiser", "owner", "admin", "acting"})
_OTHERS = frozenset({"member_of_nothing", "elsewhere", "other_owner", "pending", "approved"})

ADMITTED: dict[str, frozenset[str]] = {
    "public": _STAFF | _OTHERS | UNSIGNED | SECRETLY,
    "token": _STAFF | _OTHERS | UNSIGNED | SECRETLY,
    "signed_in": _STAFF | _OTHERS | SECRETLY,
    "strong": _STAFF | _OTHERS,  # their own account: not before the second factor
    "creator": frozenset({"other_owner", "owner", "admin"}),
    "attendee": frozenset(
        {"pending", "approved", "acting"}
    ),  # an organiser who acts for somebody is that person
    "approved": frozenset({"approved", "acting"}),
    "reader": _STAFF,
    "desk": _STAFF - {"reader"},
    "editor": frozenset({"organiser", "owner", "admin", "acting"}),
    "owner": frozenset({"owner", "admin"}),
    "admin": frozenset({"admin"}),
}


def audience(rule: Rule, method: str) -> str | None:
    """The audience that the addresses promise; None when no line speaks of this one."""
    address = rule.rule.replace("<edition>", "*")
    for pattern, verb, found in LINES:
        if verb in (None, method) and re.fullmatch(pattern, address):
            return found
    return None
