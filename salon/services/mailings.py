"""Sendings that an organiser orders: looked at before, sent once, followed, and sent again one by one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from salon import phases
from salon.actor import Actor
from salon.enums import DelegateStatus, MailKind, Phase
from salon.errors import DomainError
from salon.models import Account, Delegate, Edition, MailBatch, OutboxMail, Release
from salon.queries import messages as reads
from salon.queries import releases as promises
from salon.queries.messages import Candidate
from salon.services import audit, outbox, throttle, tokens

SENDABLE = (
    MailKind.INVITATION,
    MailKind.WISHES_OPEN,
    MailKind.WISHES_REMINDER,
    MailKind.PUBLICATION,
    MailKind.CONFIRMATION,
)
MAX_NOTE = 400
TRIALS = throttle.Limit("mail_trial", 20, timedelta(hours=1))
_PRESENT = frozenset({DelegateStatus.PENDING, DelegateStatus.WAITING, DelegateStatus.APPROVED})
_APPROVED = frozenset({DelegateStatus.APPROVED})
_WISH_KINDS = (MailKind.WISHES_OPEN, MailKind.WISHES_REMINDER)


class Audience(StrEnum):
    """Who is meant, among those whom the message concerns."""

    NEW = "new"  # who never had it
    ALL = "all"
    CHOSEN = "chosen"  # people picked one by one


class Reason(StrEnum):
    """Why somebody who could be expected gets nothing."""

    UNREACHABLE = "unreachable"
    STATUS = "status"
    HAS_WISHES = "has_wishes"
    CANNOT_MEET = "cannot_meet"
    OTHER_TYPE = "other_type"
    ALREADY = "already"


_SAID = {
    Audience.CHOSEN: frozenset(Reason),  # the organiser named them: each deserves an answer
    Audience.NEW: frozenset({Reason.UNREACHABLE, Reason.ALREADY}),
    Audience.ALL: frozenset({Reason.UNREACHABLE}),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What an organiser asks for; `types` empty means every type."""

    kind: MailKind
    audience: Audience = Audience.ALL
    types: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What sending now would do; `obstacle` is the code of the refusal, if any."""

    order: Order
    recipients: tuple[Candidate, ...]
    left_out: tuple[tuple[Candidate, Reason], ...]
    obstacle: str
    release_id: int | None
    fingerprint: str

    @property
    def again(self) -> tuple[Candidate, ...]:
        """Recipients who had such a message before."""
        return tuple(one for one in self.recipients if one.last_sent is not None)


def preview(session: Session, now: datetime, *, edition: Edition, order: Order) -> Preview:
    """Look, and write nothing."""
    if order.kind not in SENDABLE:
        raise DomainError("mail_kind_not_sendable")
    everybody = reads.candidates(session, edition, order.kind)
    lost = frozenset(promises.unreachable(session, tuple(one.id for one in everybody)))
    judged = [(one, _judge(one, order, lost)) for one in everybody if _meant(one, order)]
    recipients = tuple(one for one, reason in judged if reason is None)
    release = promises.latest(session, edition.id) if order.kind is MailKind.PUBLICATION else None
    return Preview(
        order=order,
        recipients=recipients,
        left_out=tuple(
            (one, reason) for one, reason in judged if reason is not None and reason in _SAID[order.audience]
        ),
        obstacle=_obstacle(edition, now, order.kind, release),
        release_id=release.id if release else None,
        fingerprint=_fingerprint(order, recipients, release),
    )


def _meant(one: Candidate, order: Order) -> bool:
    return one.id in order.people if order.audience is Audience.CHOSEN else True


def _judge(one: Candidate, order: Order, lost: frozenset[int]) -> Reason | None:
    """Why this person gets nothing, the first reason that holds; None for a recipient."""
    allowed = _PRESENT if order.kind is MailKind.INVITATION else _APPROVED
    if one.status not in allowed:
        return Reason.STATUS
    if order.types and one.type_id not in order.types:
        return Reason.OTHER_TYPE
    if order.kind in _WISH_KINDS and not one.can_meet:
        return Reason.CANNOT_MEET
    if order.kind is MailKind.WISHES_REMINDER and one.wishes:
        return Reason.HAS_WISHES
    if one.id in lost:
        return Reason.UNREACHABLE
    if order.audience is Audience.NEW and one.last_sent is not None:
        return Reason.ALREADY
    return None


def _obstacle(edition: Edition, now: datetime, kind: MailKind, release: Release | None) -> str:
    if kind in _WISH_KINDS and phases.wishes(edition, now) is not Phase.OPEN:
        return "mail_wishes_not_open"
    if kind is MailKind.PUBLICATION and release is None:
        return "mail_nothing_published"
    return ""


def _fingerprint(order: Order, recipients: tuple[Candidate, ...], release: Release | None) -> str:
    """Changes with the recipients and with every sending to one of them: an old page sends nothing twice."""
    people = [[one.id, one.email, one.last_sent.isoformat() if one.last_sent else ""] for one in recipients]
    content = [order.kind, order.note, release.id if release else None, people]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def send(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, order: Order, fingerprint: str
) -> MailBatch:
    """Queue exactly what was previewed: recomputed here, and refused with the new preview if anything moved.

    Raises
    ------
    DomainError
        `mail_preview_stale`, `mail_nobody`, `mail_wishes_not_open`, `mail_nothing_published`, `note_too_long`.
    """
    if len(order.note) > MAX_NOTE:
        raise DomainError("note_too_long", field="note", limit=MAX_NOTE)
    session.refresh(edition, with_for_update={"key_share": True})  # of two at once, the second is stale
    seen = preview(session, now, edition=edition, order=order)
    if seen.obstacle:
        raise DomainError(seen.obstacle)
    if seen.fingerprint != fingerprint:
        raise DomainError("mail_preview_stale")
    if not seen.recipients:
        raise DomainError("mail_nobody")
    batch = MailBatch(
        edition_id=edition.id, kind=order.kind, account_id=actor.account_id, created_at=now, note=order.note
    )
    session.add(batch)
    session.flush()
    count = _queue(session, now, edition, batch, seen)
    audit.record(
        session,
        actor,
        now,
        "mails_sent",
        edition_id=edition.id,
        obj=batch,
        kind=order.kind.value,
        count=count,
    )
    return batch


def _queue(session: Session, now: datetime, edition: Edition, batch: MailBatch, seen: Preview) -> int:
    ids = [one.id for one in seen.recipients]
    query = select(Delegate).options(joinedload(Delegate.account)).where(Delegate.id.in_(ids))
    release = session.get(Release, seen.release_id) if seen.release_id else None
    return outbox.queue_batch(
        session, now, batch=batch, edition=edition, people=session.scalars(query.order_by(Delegate.id)),
        release=release, params=_params(seen.order), key=seen.fingerprint[:24],
    )  # fmt: skip


def _params(order: Order) -> dict[str, bool]:
    return {"whole": True} if order.kind is MailKind.PUBLICATION else {}


def sample_mail(
    session: Session, now: datetime, *, edition: Edition, order: Order, delegate: Delegate
) -> OutboxMail:
    """The message that a person would get, as a row that is never stored: for the page to show."""
    release = promises.latest(session, edition.id) if order.kind is MailKind.PUBLICATION else None
    return OutboxMail(
        kind=order.kind, edition_id=edition.id, account_id=delegate.account_id, delegate_id=delegate.id,
        release_id=release.id if release else None, recipient="", language=delegate.locale,
        params={**_params(order), "note": order.note}, message_id="", dedupe_key="", next_attempt_at=now,
        created_at=now,
    )  # fmt: skip


def send_trial(
    session: Session, actor: Actor, now: datetime, *, edition: Edition, order: Order, delegate: Delegate
) -> OutboxMail:
    """The message of that person goes to the organiser alone, its secrets replaced.

    Raises
    ------
    DomainError
        As `send`, when the message could not be sent at all.
    TooMany
        Twenty trials in an hour.
    """
    seen = preview(session, now, edition=edition, order=order)
    if seen.obstacle:
        raise DomainError(seen.obstacle)
    assert actor.account_id is not None
    throttle.check(session, now, TRIALS, str(actor.account_id))
    throttle.count(session, now, TRIALS, str(actor.account_id))
    account = session.get_one(Account, actor.account_id)
    mail = outbox.queue_mail(
        session, now, order.kind, account=account, edition=edition,
        release=session.get(Release, seen.release_id) if seen.release_id else None,
        params={**_params(order), "test": True, "sample": delegate.id, "note": order.note},
        dedupe_key=f"trial:{tokens.new_secret()[:24]}",
    )  # fmt: skip
    assert mail is not None  # its key is new
    mail.language = delegate.locale
    session.flush()
    audit.record(session, actor, now, "mail_tried", edition_id=edition.id, obj=mail, kind=order.kind.value)
    return mail


def resend(session: Session, actor: Actor, now: datetime, *, mail: OutboxMail) -> None:
    """A message that failed, or of which nobody knows, is sent again; raises `mail_not_unsure` for others."""
    before = mail.state
    outbox.resend(session, now, mail)
    audit.record(
        session, actor, now, "mail_resent", edition_id=mail.edition_id, obj=mail, kind=mail.kind.value,
        before=before.value,
    )  # fmt: skip


def resend_failed(session: Session, actor: Actor, now: datetime, *, batch: MailBatch) -> int:
    """The failed messages of a sending leave again; how many. Raises `mail_not_unsure` when there is none."""
    count = outbox.resend_failed(session, now, batch)
    if not count:
        raise DomainError("mail_not_unsure")
    audit.record(
        session, actor, now, "mails_resent", edition_id=batch.edition_id, obj=batch, kind=batch.kind.value,
        count=count,
    )  # fmt: skip
    return count


def counts(seen: Preview) -> Mapping[Reason, int]:
    """How many are left out, by reason."""
    found: dict[Reason, int] = {}
    for _one, reason in seen.left_out:
        found[reason] = found.get(reason, 0) + 1
    return found
