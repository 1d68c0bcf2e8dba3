"""Access rows of the sign-in pages."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "auth.sign_in": Access(Audience.PUBLIC),
    "auth.request_link": Access(Audience.PUBLIC),
    "auth.code": Access(Audience.PUBLIC),
    "auth.enter_code": Access(Audience.PUBLIC),
    "auth.link": Access(Audience.TOKEN),
    "auth.use_link": Access(Audience.TOKEN),
    "auth.sign_out": Access(Audience.PUBLIC),
}
