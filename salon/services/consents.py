"""Consents: one line for each change, never rewritten; as easily taken back as given."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.enums import ConsentPurpose
from salon.models import ConsentRecord, Delegate
from salon.services import audit


def given(session: Session, delegate_id: int) -> frozenset[ConsentPurpose]:
    """The consents that hold now: the last line of each purpose says."""
    lines = session.execute(
        select(ConsentRecord.purpose, ConsentRecord.given)
        .where(ConsentRecord.delegate_id == delegate_id)
        .order_by(ConsentRecord.id)
    )
    last: dict[ConsentPurpose, bool] = {}
    for purpose, is_given in lines:
        last[purpose] = is_given
    return frozenset(purpose for purpose, is_given in last.items() if is_given)


def save(
    session: Session, actor: Actor, now: datetime, *, delegate: Delegate,
    wanted: Collection[ConsentPurpose], wording: str,
) -> None:  # fmt: skip
    """Exactly these consents hold; each that changed leaves a line with the version of the text shown.

    The directory's consent also decides whether address and phone are in the catalogue.
    """
    before = given(session, delegate.id)
    changed = before.symmetric_difference(wanted)
    for purpose in sorted(changed):
        session.add(
            ConsentRecord(
                delegate_id=delegate.id, purpose=purpose, given=purpose in wanted, wording=wording, at=now
            )
        )
    delegate.shows_contact = ConsentPurpose.DIRECTORY in wanted
    session.flush()
    for purpose in sorted(changed):
        audit.record(
            session, actor, now, "consent_changed", edition_id=delegate.edition_id, obj=delegate,
            purpose=purpose.value, given=purpose in wanted,
        )  # fmt: skip
