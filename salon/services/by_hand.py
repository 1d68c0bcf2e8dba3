"""Registering one person at the desk or on the phone: an import of one line that sends no file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import DelegateStatus, MailKind
from salon.errors import DomainError, Invalid
from salon.keys import email_key, name_key
from salon.models import Account, Delegate, Edition, ParticipantType
from salon.queries import import_context
from salon.services import audit, import_planning, import_writing, outbox
from salon.services.import_cells import READERS, BadCell, Parsed
from salon.services.import_planning import Fate, Options

FIELDS = (
    "first_name",
    "last_name",
    "email",
    "job_title",
    "phone",
    "organisation",
    "kind",
    "department",
    "town",
)


def add(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, typed: dict[str, str], type_id: int,
    status: DelegateStatus, locale: str, step_free: bool, invite: bool,
) -> Delegate:  # fmt: skip
    """A new registration; the structure is joined when one of that name is known, never altered.

    Raises `Invalid` on the field that cannot be read, `DomainError` when the address is registered already.
    """
    _check_type(session, edition, type_id)
    values = _values(typed)
    values["step_free"] = step_free
    context = import_context.load(session, edition, [email_key(values["email"])])
    options = Options((), type_id, status, locale)
    if email_key(values["email"]) in context.people:
        raise DomainError("already_registered", field="email")
    for name in ("kind", "department", "town"):  # a structure that is known keeps what it says of itself
        if context.organisations.get(name_key(values["organisation"])):
            values.pop(name, None)
    plan = import_planning.plan([Parsed(1, {**values, "type": ""})], context, options, {})
    if plan.lines[0].fate is not Fate.NEW:
        raise DomainError("changed_meanwhile")
    done = import_writing.write(session, now, edition, None, _typed(plan, type_id), context, options)
    delegate = session.get_one(Delegate, done.effects["delegates"][0][0])
    audit.record(session, actor, now, "registration_added", edition_id=edition.id, obj=delegate)
    if invite:
        _invite(session, now, edition, delegate)
    return delegate


def _typed(plan: import_planning.Plan, type_id: int) -> import_planning.Plan:
    """The plan with the chosen type, whatever the structure's other people are."""
    line = plan.lines[0]
    person = {**line.person, "type_id": type_id}
    changed = import_planning.PlannedLine(
        line.number, line.fate, line.email, line.organisation, line.organisation_key, person
    )
    return import_planning.Plan((changed,), plan.organisations, plan.fingerprint)


def _check_type(session: Session, edition: Edition, type_id: int) -> None:
    known = select(ParticipantType.id).where(
        ParticipantType.id == type_id, ParticipantType.edition_id == edition.id
    )
    if session.scalar(known) is None:
        raise Invalid("unknown_type", field="type")


def _values(typed: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in FIELDS:
        if text := typed.get(name, ""):
            try:
                found[name] = READERS[name](text, name)
            except BadCell as bad:
                raise Invalid(f"bad_{bad.code}", field=name) from bad
        elif name in ("first_name", "last_name", "email", "organisation"):
            raise Invalid("bad_empty", field=name)
    return found


def _invite(session: Session, now: datetime, edition: Edition, delegate: Delegate) -> None:
    account = session.get_one(Account, delegate.account_id)
    outbox.queue_mail(
        session, now, MailKind.INVITATION, account=account, edition=edition, delegate=delegate,
        dedupe_key=f"invitation:{delegate.id}",
    )  # fmt: skip
