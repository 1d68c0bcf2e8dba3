"""All pages, grouped as the life of a fair goes; each view translates HTTP and nothing more."""

from __future__ import annotations

from flask import Blueprint

from salon.blueprints import (
    account_security,
    assets,
    badge,
    documents,
    exclusions,
    feeds,
    guide,
    health,
    imports,
    journal,
    mandatory,
    members,
    messages,
    organiser,
    participant,
    plan,
    public,
    registration,
    registrations,
    releases,
    room,
    runs,
    search,
    second_step,
    settings,
    wishes_overview,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    assets.bp,
    badge.bp,
    health.bp,
    public.bp,
    second_step.bp,  # sign-in and what follows it
    account_security.bp,
    registration.bp,
    participant.bp,
    feeds.bp,
    organiser.bp,
    settings.bp,
    room.bp,
    members.bp,
    journal.bp,
    guide.bp,
    search.bp,
    registrations.bp,
    imports.bp,
    messages.bp,
    wishes_overview.bp,
    exclusions.bp,
    mandatory.bp,
    runs.bp,
    plan.bp,
    releases.bp,
    documents.bp,
)
