"""Registering oneself and one's colleagues, from the form to the first decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon import phases
from salon.actor import Actor
from salon.enums import DelegateStatus, MailKind, Phase, Source
from salon.errors import DomainError, Invalid, TooMany
from salon.models import (
    Account,
    Answer,
    Delegate,
    Edition,
    Organisation,
    OrganisationTerm,
    ParticipantType,
    Participation,
    Question,
)
from salon.services import accounts, audit, consents, outbox, registrations, throttle, tokens
from salon.services.registration_inputs import (
    MAX_COLLEAGUES,
    Application,
    PersonInput,
    codes,
    person_values,
    structure_values,
)
from salon.structures import Structure


def register(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, application: Application,
    browser: str | None, ip: str,
) -> None:  # fmt: skip
    """The person is in the list and a message asks them to confirm; a known address is only reminded.

    `browser` is the hash of the asking browser. The caller's answer is the same in both cases.

    Raises
    ------
    DomainError
        `registration_not_open`, `type_closed`, `type_full_public`.
    Invalid
        On the field that cannot be right.
    TooMany
        Thirty registrations from one IP in an hour.
    """
    check_open(edition, now)
    type_ = _open_type(session, edition, application.type_id, now)
    structure, person = structure_values(application.structure), person_values(application.person)
    for colleague in application.colleagues:
        person_values(colleague)
    throttle.check(session, now, throttle.REGISTRATION_PER_IP, ip)
    throttle.count(session, now, throttle.REGISTRATION_PER_IP, ip)
    account = _account(session, now, application.person)
    if account is None:
        return
    if (known := _registered(session, edition, account)) is not None:
        _remind(session, now, edition, known, account, browser)
        return
    host, is_new = _structure(session, now, edition, structure, application.structure)
    delegate = _enter(session, now, edition, type_, host, account, person, Source.SELF, is_lead=is_new)
    _answer(session, edition, delegate, application)
    consents.save(session, actor, now, delegate=delegate, wanted=application.consents,
                  wording=application.wording)  # fmt: skip
    audit.record(session, actor, now, "registered", edition_id=edition.id, obj=delegate)
    for colleague in application.colleagues[:MAX_COLLEAGUES]:
        _bring(session, actor, now, edition=edition, host=host, type_=type_, person=colleague)
    if actor.account_id == account.id and actor.acting_for is None:
        settle(session, actor, now, delegate=delegate)
    else:
        _ask_confirmation(session, now, edition, delegate, account, browser)


def check_open(edition: Edition, now: datetime) -> None:
    """Raise `registration_not_open` outside the registration phase."""
    state = phases.registration(edition, now)
    if state is not Phase.OPEN:
        raise DomainError("registration_not_open", state=state)


def _open_type(session: Session, edition: Edition, type_id: int, now: datetime) -> ParticipantType:
    type_ = session.get(ParticipantType, type_id)
    if type_ is None or type_.edition_id != edition.id:
        raise Invalid("unknown_type", field="type")
    if not type_.is_open or (type_.closes_at is not None and now >= type_.closes_at):
        raise DomainError("type_closed", field="type")
    if not type_.has_waiting_list and registrations.is_full(session, type_):
        raise DomainError("type_full_public", field="type")
    return type_


def _account(session: Session, now: datetime, person: PersonInput) -> Account | None:
    """The account of the address; None when it was closed, which nobody is told."""
    name = f"{person.first_name} {person.last_name}"
    try:
        account = accounts.ensure(session, now, person.email, name=name, locale=person.locale)
    except Invalid:
        raise
    except DomainError:
        return None
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update())  # one at a time
    return account


def _registered(session: Session, edition: Edition, account: Account) -> Delegate | None:
    here = (Delegate.edition_id == edition.id, Delegate.account_id == account.id)
    return session.scalar(select(Delegate).where(*here))


def _remind(
    session: Session, now: datetime, edition: Edition, known: Delegate, account: Account, browser: str | None
) -> None:
    """At most three messages in a quarter of an hour; beyond, silence, for the answer must not differ."""
    key = f"remind:{known.id}"
    try:
        throttle.check(session, now, throttle.LINK_PER_ADDRESS, key)
    except TooMany:
        return
    throttle.count(session, now, throttle.LINK_PER_ADDRESS, key)
    if known.status is DelegateStatus.UNCONFIRMED:
        _ask_confirmation(session, now, edition, known, account, browser)
    else:
        _mail(session, now, MailKind.ALREADY_REGISTERED, edition, known, account, {})


def _mail(
    session: Session, now: datetime, kind: MailKind, edition: Edition, delegate: Delegate, account: Account,
    params: dict[str, object], key: str = "",
) -> None:  # fmt: skip
    outbox.queue_mail(
        session, now, kind, account=account, edition=edition, delegate=delegate, params=params,
        dedupe_key=key or f"{kind.value}:{delegate.id}:{tokens.new_secret()[:16]}",
    )  # fmt: skip


def _ask_confirmation(
    session: Session, now: datetime, edition: Edition, delegate: Delegate, account: Account,
    browser: str | None,
) -> None:  # fmt: skip
    _mail(session, now, MailKind.CONFIRM_ADDRESS, edition, delegate, account, {"browser": browser})


# Rows -------------------------------------------------------------------------------------------------------


def _structure(
    session: Session, now: datetime, edition: Edition, values: dict[str, object], typed: Structure
) -> tuple[Organisation, bool]:
    """The organisation of that name in the fair, never altered; else a new one (True)."""
    same = (Organisation.fair_id == edition.fair_id, Organisation.name_key == values["name_key"])
    host, is_new = session.scalar(select(Organisation).where(*same)), False
    if host is None:
        host = Organisation(fair_id=edition.fair_id, created_at=now, **values)
        host.terms = [
            OrganisationTerm(kind=kind, code=code)
            for kind, given in typed.terms.items()
            for code in codes(kind, given)
        ]
        is_new = accounts.added(session, host)
        host = host if is_new else session.scalars(select(Organisation).where(*same)).one()
    ensure_participation(session, now, edition, host.id)
    return host, is_new


def ensure_participation(
    session: Session, now: datetime, edition: Edition, organisation_id: int
) -> Participation:
    """The organisation takes part in the edition."""
    here = (Participation.edition_id == edition.id, Participation.organisation_id == organisation_id)
    row = session.scalar(select(Participation).where(*here))
    if row is None:
        made = Participation(edition_id=edition.id, organisation_id=organisation_id, created_at=now)
        row = (
            made
            if accounts.added(session, made)
            else session.scalars(select(Participation).where(*here)).one()
        )
    return row


def _enter(
    session: Session, now: datetime, edition: Edition, type_: ParticipantType, host: Organisation,
    account: Account, person: dict[str, object], source: Source, *, is_lead: bool,
) -> Delegate:  # fmt: skip
    delegate = Delegate(
        edition_id=edition.id,
        organisation_id=host.id,
        account_id=account.id,
        type_id=type_.id,
        status=DelegateStatus.UNCONFIRMED,
        source=source,
        is_lead=is_lead,
        code=tokens.new_badge_code(),
        created_at=now,
        **person,
    )
    session.add(delegate)
    session.flush()
    return delegate


def _answer(session: Session, edition: Edition, delegate: Delegate, application: Application) -> None:
    asked = set(session.scalars(select(Question.id).where(Question.edition_id == edition.id)))
    session.add_all(
        Answer(delegate_id=delegate.id, question_id=number, value=value)
        for number, value in application.answers.items()
        if number in asked
    )
    session.flush()


# Colleagues -------------------------------------------------------------------------------------------------


def _bring(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, host: Organisation,
    type_: ParticipantType, person: PersonInput,
) -> Delegate | None:  # fmt: skip
    """A colleague in the list, unless their address already is; no message leaves yet."""
    account = _account(session, now, person)
    if account is None or _registered(session, edition, account) is not None:
        return None
    values = person_values(person)
    colleague = _enter(session, now, edition, type_, host, account, values, Source.COLLEAGUE, is_lead=False)
    audit.record(session, actor, now, "colleague_added", edition_id=edition.id, obj=colleague)
    return colleague


def add_colleague(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, lead: Delegate, person: PersonInput
) -> None:
    """A colleague of the lead is asked to confirm; an address that is already registered is only reminded.

    Raises
    ------
    DomainError
        `lead_only`, `too_many_colleagues`, or that the registrations or the type are closed.
    """
    if not lead.is_lead or lead.status in registrations.GONE:
        raise DomainError("lead_only")
    check_open(edition, now)
    type_ = _open_type(session, edition, lead.type_id, now)
    if len(_colleagues(session, lead)) >= MAX_COLLEAGUES:
        raise DomainError("too_many_colleagues", most=MAX_COLLEAGUES)
    host = session.get_one(Organisation, lead.organisation_id)
    added = _bring(session, actor, now, edition=edition, host=host, type_=type_, person=person)
    account = accounts.find(session, person.email)
    if account is None:
        return
    if added is not None:
        _invite_colleague(session, now, edition, added, account)
    elif (known := _registered(session, edition, account)) is not None:
        _remind(session, now, edition, known, account, None)


def _colleagues(session: Session, lead: Delegate) -> list[Delegate]:
    theirs = (
        Delegate.edition_id == lead.edition_id,
        Delegate.organisation_id == lead.organisation_id,
        Delegate.source == Source.COLLEAGUE,
        Delegate.status.not_in(registrations.GONE),
    )
    return list(session.scalars(select(Delegate).where(*theirs)))


def _invite_colleague(
    session: Session, now: datetime, edition: Edition, colleague: Delegate, account: Account
) -> None:
    key = f"colleague:{colleague.id}"  # once for each, whoever confirms first
    _mail(session, now, MailKind.CONFIRM_ADDRESS, edition, colleague, account, {"browser": None}, key)


# Confirming -------------------------------------------------------------------------------------------------


def confirm(session: Session, actor: Actor, now: datetime, *, account: Account) -> tuple[Delegate, ...]:
    """Every registration that waited for this address is settled; the latest first.

    Raises
    ------
    DomainError
        `type_full_public` when the only ones left have neither a place nor a waiting list.
    """
    who = actor if actor.is_signed_in else Actor(account_id=account.id)  # the link proved it
    waiting = (Delegate.account_id == account.id, Delegate.status == DelegateStatus.UNCONFIRMED)
    settled, refusal = [], None
    for delegate in session.scalars(select(Delegate).where(*waiting).order_by(Delegate.id.desc())).all():
        try:
            settle(session, who, now, delegate=delegate)
            settled.append(delegate)
        except DomainError as error:
            delegate.confirmed_at, refusal = None, error
    if refusal is not None and not settled:
        raise refusal
    return tuple(settled)


def settle(session: Session, actor: Actor, now: datetime, *, delegate: Delegate) -> None:
    """A confirmed registration is approved, waits for the organiser, or waits for a place.

    Raises
    ------
    DomainError
        `type_full_public` when no place is left and there is no waiting list.
    """
    delegate.confirmed_at = now
    registrations.place(session, actor, now, delegate=delegate, action="registration_confirmed")
    if delegate.is_lead:
        edition = session.get_one(Edition, delegate.edition_id)
        for colleague in _colleagues(session, delegate):
            if colleague.status is DelegateStatus.UNCONFIRMED:
                account = session.get_one(Account, colleague.account_id)
                _invite_colleague(session, now, edition, colleague, account)


def rejoin(session: Session, actor: Actor, now: datetime, *, edition: Edition, delegate: Delegate) -> None:
    """Somebody who withdrew comes back, behind those who wait.

    Raises
    ------
    DomainError
        `cannot_rejoin` when an organiser ended the registration; or that the registrations are closed.
    """
    if delegate.status is not DelegateStatus.WITHDRAWN:
        raise DomainError("cannot_rejoin")
    check_open(edition, now)
    delegate.confirmed_at = now
    registrations.place(session, actor, now, delegate=delegate)
