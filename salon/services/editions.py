"""Editions: created, described, dated, opened and shown."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon import brand
from salon.actor import Actor
from salon.clockwork import is_zone
from salon.enums import Role
from salon.errors import DomainError, Invalid
from salon.models import Edition, Fair, Membership
from salon.services import audit, edition_defaults, programme

RESERVED_SLUGS = frozenset({"new", "nouvelle", "static", "assets", "guide", "stop-acting"})
MAX_DAYS = 14
STEPS = 7  # of the set-up wizard


@dataclass(frozen=True, slots=True)
class NewEdition:
    """What it takes to begin."""

    name: str
    first_day: date
    last_day: date
    place: str = ""
    timezone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Identity:
    """The first step of the wizard; names are those of `Edition`'s columns."""

    name: str
    subtitle: str
    place: str
    address: str
    timezone: str
    first_day: date
    last_day: date
    languages: list[str]
    contact_email: str
    contact_phone: str
    accent: str | None


@dataclass(frozen=True, slots=True)
class Phases:
    """The date line; names are those of `Edition`'s columns."""

    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    wishes_open_at: datetime | None
    wishes_close_at: datetime | None
    publication_at: datetime | None
    max_wishes: int


def create(session: Session, actor: Actor, now: datetime, *, values: NewEdition) -> Edition:
    """An edition of a new fair, filled with defaults, owned by its creator."""
    check_days(values.first_day, values.last_day, now)
    _check_zone(values.timezone)
    fair = Fair(name=values.name, created_at=now)
    session.add(fair)
    session.flush()
    edition = Edition(
        fair_id=fair.id,
        slug=free_slug(session, values.name),
        languages=list(edition_defaults.LANGUAGES),
        contact_email=actor.email,
        created_at=now,
        texts={},
        **asdict(values),
    )
    session.add(edition)
    session.flush()
    edition_defaults.fill(session, now, edition)
    own(session, actor, now, edition)
    audit.record(session, actor, now, "edition_created", edition_id=edition.id, obj=edition)
    return edition


def own(session: Session, actor: Actor, now: datetime, edition: Edition) -> None:
    """The actor, if a person, becomes an owner of the new edition."""
    if actor.account_id is not None:
        session.add(
            Membership(edition_id=edition.id, account_id=actor.account_id, role=Role.OWNER, created_at=now)
        )
        session.flush()


def check_days(first: date, last: date, now: datetime) -> None:
    """Raise `Invalid` unless the days are in order, few, and within reach."""
    if last < first:
        raise Invalid("days_in_order", field="last_day")
    if (last - first).days >= MAX_DAYS:
        raise Invalid("too_many_days", field="last_day", limit=MAX_DAYS)
    if not now.year - 2 <= first.year <= now.year + 10:
        raise Invalid("day_out_of_reach", field="first_day", first=now.year - 2, last=now.year + 10)


def _check_zone(zone: str) -> None:
    if not is_zone(zone):
        raise Invalid("unknown_zone", field="timezone")


def slugify(name: str) -> str:
    """`Passerelles 2027 – Été` becomes `passerelles-2027-ete`; never empty, never a reserved word."""
    bare = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("’", " ")).casefold()
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in bare if not unicodedata.combining(c))
    slug = "-".join(part for part in letters.split("-") if part)[:50].rstrip("-")
    return slug if slug and slug not in RESERVED_SLUGS else f"edition-{slug}".rstrip("-")


def free_slug(session: Session, name: str) -> str:
    """The slug of a name, numbered when another edition has it."""
    base = slugify(name)
    taken = set(session.scalars(select(Edition.slug).where(Edition.slug.startswith(base, autoescape=True))))
    candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


# Steps of the wizard ----------------------------------------------------------------------------------------


def check_version(edition: Edition, version: int) -> None:
    """Raise `changed_meanwhile` when somebody saved the edition since the form was shown."""
    if edition.version != version:
        raise DomainError("changed_meanwhile")


def save_identity(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, version: int, values: Identity
) -> None:
    """The edition is described anew; when it moves as a whole, its sessions move along.

    Raises
    ------
    Invalid
        Days in disorder, a session left outside, an unknown zone, language or colour.
    DomainError
        `changed_meanwhile`, `settings_run_active`.
    """
    check_version(edition, version)
    check_days(values.first_day, values.last_day, now)
    _check_zone(values.timezone)
    if not values.languages or not set(values.languages) <= set(edition_defaults.LANGUAGES):
        raise Invalid("languages_needed", field="languages")
    if values.accent is not None and not brand.is_colour(values.accent):
        raise Invalid("not_a_colour", field="accent")
    _follow(session, edition, values)
    changed = _assign(edition, values)
    reach(edition, 2)
    session.flush()
    audit.record(session, actor, now, "identity_changed", edition_id=edition.id, obj=edition, fields=changed)


def _follow(session: Session, edition: Edition, values: Identity) -> None:
    """Sessions, slots and items go where the edition goes."""
    days = (values.first_day - edition.first_day).days
    moves_whole = days == (values.last_day - edition.last_day).days
    if not moves_whole:
        days = 0
        if lost := programme.outside(session, edition, values.first_day, values.last_day):
            raise Invalid("sessions_left_outside", field="last_day", days=lost)
    if days or values.timezone != edition.timezone:
        programme.refuse_during_run(session, edition)
        programme.move_all(session, edition, days=days, new_zone=values.timezone)


def _assign(edition: Edition, values: Any) -> list[str]:
    """Set the columns that differ; returns their names for the journal."""
    changed = []
    for field in fields(values):
        new = getattr(values, field.name)
        if getattr(edition, field.name) != new:
            setattr(edition, field.name, new)
            changed.append(field.name)
    return changed


def save_phases(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, version: int, values: Phases
) -> None:
    """The date line is set; raises `Invalid` when its dates contradict each other."""
    check_version(edition, version)
    _check_phases(values)
    changed = _assign(edition, values)
    reach(edition, 6)
    session.flush()
    audit.record(session, actor, now, "phases_changed", edition_id=edition.id, obj=edition, fields=changed)


def _check_phases(values: Phases) -> None:
    if not 1 <= values.max_wishes <= 100:
        raise Invalid("wishes_between", field="max_wishes")
    for opens, closes in (
        ("registration_opens_at", "registration_closes_at"),
        ("wishes_open_at", "wishes_close_at"),
    ):
        start, end = getattr(values, opens), getattr(values, closes)
        if start is not None and end is not None and end <= start:
            raise Invalid("closes_before_opening", field=closes)
    after = values.wishes_close_at
    if after is not None and values.publication_at is not None and values.publication_at < after:
        raise Invalid("published_before_wishes_close", field="publication_at")


PHASE_COLUMNS = {
    "registration": ("registration_opens_at", "registration_closes_at"),
    "wishes": ("wishes_open_at", "wishes_close_at"),
}


def open_phase(session: Session, actor: Actor, now: datetime, *, edition: Edition, phase: str) -> None:
    """The phase is open from now on; a closing date that has passed is forgotten."""
    opens, closes = PHASE_COLUMNS[phase]
    setattr(edition, opens, now)
    if (end := getattr(edition, closes)) is not None and end <= now:
        setattr(edition, closes, None)
    session.flush()
    audit.record(session, actor, now, "phase_opened", edition_id=edition.id, obj=edition, phase=phase)


def close_phase(session: Session, actor: Actor, now: datetime, *, edition: Edition, phase: str) -> None:
    """The phase is closed from now on; raises `phase_not_open` when it is not open."""
    opens, closes = PHASE_COLUMNS[phase]
    start, end = getattr(edition, opens), getattr(edition, closes)
    if start is None or start > now or (end is not None and end <= now):
        raise DomainError("phase_not_open")
    setattr(edition, closes, now)
    session.flush()
    audit.record(session, actor, now, "phase_closed", edition_id=edition.id, obj=edition, phase=phase)


TEXT_KEYS = (
    "about",
    "access",
    "how_to",
    "after_registration",
    "practical",
    "controller",  # who answers for the data, as the legal notice names it
    "retention",
    "privacy",
)


def save_texts(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    edition: Edition,
    version: int,
    texts: dict[str, dict[str, str]],
) -> None:
    """The edition's translated texts, empty ones dropped; keys are `TEXT_KEYS`."""
    check_version(edition, version)
    kept = {key: {lang: text for lang, text in texts[key].items() if text} for key in TEXT_KEYS}
    edition.texts = {**edition.texts, **kept}
    reach(edition, 7)
    session.flush()
    audit.record(session, actor, now, "texts_changed", edition_id=edition.id, obj=edition)


def set_public(session: Session, actor: Actor, now: datetime, *, edition: Edition, is_public: bool) -> None:
    """The edition's page is shown to everybody, or hidden again."""
    edition.is_public = is_public
    if is_public:
        reach(edition, STEPS)
    session.flush()
    action = "page_published" if is_public else "page_hidden"
    audit.record(session, actor, now, action, edition_id=edition.id, obj=edition)


def reach(edition: Edition, step: int) -> None:
    """Note the furthest step of the wizard that was opened."""
    if edition.set_up_step < step <= STEPS:
        edition.set_up_step = step
