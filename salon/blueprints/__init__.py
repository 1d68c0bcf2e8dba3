"""All pages, grouped as the life of a fair goes; each view translates HTTP and nothing more."""

from __future__ import annotations

from flask import Blueprint

from salon.blueprints import assets, guide, health, organiser, public

BLUEPRINTS: tuple[Blueprint, ...] = (
    assets.bp,
    health.bp,
    public.bp,
    organiser.bp,
    guide.bp,
)
