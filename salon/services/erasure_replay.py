"""Erasures written down and done again: a copy of the database may be older than they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.actor import Actor
from salon.ledger import Line
from salon.models import Account, Edition, Erasure
from salon.services import erasure, retention, tokens


def lines(session: Session) -> tuple[Line, ...]:
    """Every erasure that this database knows of."""
    accounts = select(Erasure.at, Account.id, Account.created_at).join(
        Account, Account.id == Erasure.account_id
    )
    found = [
        Line(row.at, "account", _key("account", row.id, row.created_at)) for row in session.execute(accounts)
    ]
    forgotten = session.scalars(select(Edition).where(Edition.anonymised_at.is_not(None)))
    found += [Line(one.anonymised_at, "edition", _key("edition", one.id, one.created_at))
              for one in forgotten if one.anonymised_at]  # fmt: skip
    return tuple(found)


def _key(kind: str, id_: int, created_at: datetime) -> str:
    """A number may be given again after a restore; with the instant it was made it is nobody else's."""
    return tokens.fingerprint(f"{kind}:{id_}:{created_at.isoformat()}", "erasure")


def again(session: Session, actor: Actor, now: datetime, ledger: Iterable[Line]) -> int:
    """Whoever the ledger names and this database still knows is erased, how many."""
    ledger = tuple(ledger)
    wanted = {line.key for line in ledger if line.kind == "account"}
    known = select(Account.id, Account.created_at).where(Account.erased_at.is_(None))
    done = 0
    for id_, created_at in session.execute(known).all() if wanted else ():
        if _key("account", id_, created_at) in wanted:
            erasure.erase_again(session, actor, now, account=session.get_one(Account, id_))
            done += 1
    return done + _editions_again(session, actor, now, ledger)


def _editions_again(session: Session, actor: Actor, now: datetime, ledger: tuple[Line, ...]) -> int:
    latest: dict[str, datetime] = {}
    for line in ledger:
        if line.kind == "edition":
            latest[line.key] = max(line.at, latest.get(line.key, line.at))
    done = 0
    for edition in session.scalars(select(Edition)).all() if latest else ():
        until = latest.get(_key("edition", edition.id, edition.created_at))
        while until and (n := retention.forget_some(session, actor, now, edition=edition, until=until)):
            done += n
    return done
