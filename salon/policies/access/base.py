"""Access rows of what every installation serves: files, fonts, health."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "static": Access(Audience.PUBLIC),
    "bootstrap.static": Access(Audience.PUBLIC),
    "assets.font": Access(Audience.PUBLIC),
    "assets.theme": Access(Audience.PUBLIC),
    "assets.logo": Access(Audience.PUBLIC),
    "assets.security_txt": Access(Audience.PUBLIC),
    "assets.robots": Access(Audience.PUBLIC),
    "badge.show": Access(Audience.TOKEN),
    "health.health": Access(Audience.PUBLIC),
    "health.ready": Access(Audience.PUBLIC),
}
