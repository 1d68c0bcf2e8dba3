"""All pages, grouped as the life of a fair goes; each view translates HTTP and nothing more."""

from __future__ import annotations

from flask import Blueprint

from salon.blueprints import (
    assets,
    auth,
    exclusions,
    guide,
    health,
    imports,
    mandatory,
    organiser,
    public,
    registrations,
    wishes_overview,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    assets.bp,
    health.bp,
    public.bp,
    auth.bp,
    organiser.bp,
    guide.bp,
    registrations.bp,
    imports.bp,
    wishes_overview.bp,
    exclusions.bp,
    mandatory.bp,
)
