"""Access rows of the public pages."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "registration.form": Access(Audience.PUBLIC),
    "registration.submit": Access(Audience.PUBLIC),
    "registration.sent": Access(Audience.PUBLIC),
    "registration.confirm": Access(Audience.TOKEN),
    "registration.use_confirmation": Access(Audience.TOKEN),
    "public.home": Access(Audience.PUBLIC),
    "public.edition": Access(Audience.PUBLIC),
    "public.notice": Access(Audience.PUBLIC),
    "public.service_notice": Access(Audience.PUBLIC),
}
