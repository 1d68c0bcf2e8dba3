"""All pages, grouped as the life of a fair goes; each view translates HTTP and nothing more."""

from __future__ import annotations

from flask import Blueprint

from salon.blueprints import assets, auth, guide, health, organiser, public

BLUEPRINTS: tuple[Blueprint, ...] = (
    assets.bp,
    health.bp,
    public.bp,
    auth.bp,
    organiser.bp,
    guide.bp,
)
