"""All pages, grouped as the life of a fair goes; each view translates HTTP and nothing more."""

from __future__ import annotations

from flask import Blueprint

from salon.blueprints import (
    account_security,
    assets,
    badge,
    exclusions,
    guide,
    health,
    imports,
    mandatory,
    organiser,
    plan,
    public,
    registrations,
    releases,
    runs,
    second_step,
    wishes_overview,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    assets.bp,
    badge.bp,
    health.bp,
    public.bp,
    second_step.bp,  # sign-in and what follows it
    account_security.bp,
    organiser.bp,
    guide.bp,
    registrations.bp,
    imports.bp,
    wishes_overview.bp,
    exclusions.bp,
    mandatory.bp,
    runs.bp,
    plan.bp,
    releases.bp,
)
