"""An open fair with somebody signed in to it, for the tests of the attendee's own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from salon.enums import DelegateStatus, ReleaseReason, ReleaseStage
from salon.extensions import db
from salon.models import Account, Delegate, Edition, Organisation, ParticipantType, Release
from tests.conftest import BASE, sign_in
from tests.factories import Factory
from tests.web.conftest import plain

LIVE = datetime.now(UTC)


@dataclass
class Visit:
    """One attendee in their browser; `get` and `post` take paths below `/e/<edition>/me`."""

    session: Session
    make: Factory
    client: FlaskClient
    edition: Edition
    type: ParticipantType
    home: Organisation
    me: Delegate

    @property
    def root(self) -> str:
        return f"/e/{self.edition.slug}/me"

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(self.root + path, base_url=BASE)
        assert answer.status_code == status, answer.text[:300]
        return plain(answer.text)

    def post(self, path: str, data: dict[str, Any] | None = None, status: int = 303) -> Any:
        answer = self.client.post(self.root + path, data=data or {}, base_url=BASE)
        assert answer.status_code == status, answer.text[:300]
        db.session.rollback()  # see what was committed
        self.session.expire_all()
        return answer

    def colleague(self, **fields: Any) -> Delegate:
        return self.make.delegate(self.edition, self.type, self.home, **fields)

    def becomes(self, status: DelegateStatus, **fields: Any) -> None:
        self.me.status = status
        for name, value in fields.items():
            setattr(self.me, name, value)
        self.session.commit()

    def publish(self) -> None:
        """The planning is out; nothing else matters here."""
        self.session.add(
            Release(
                edition_id=self.edition.id, number=1, stage=ReleaseStage.FINAL,
                reason=ReleaseReason.PUBLICATION, fingerprint="", diff={}, created_at=LIVE,
            )
        )  # fmt: skip
        self.session.commit()


def visit(session: Session, make: Factory, client: FlaskClient, **fields: Any) -> Visit:
    """The contact of a structure, approved, in a fair whose registrations and wishes are open."""
    edition = make.edition(
        registration_opens_at=LIVE - timedelta(days=9), registration_closes_at=LIVE + timedelta(days=9),
        wishes_open_at=LIVE - timedelta(days=2), wishes_close_at=LIVE + timedelta(days=5),
    )  # fmt: skip
    buyers, _suppliers = make.two_sides(edition)
    home = make.organisation(edition, "Les Ateliers du Lac")
    values = {"is_lead": True, "first_name": "Claire", "last_name": "Béranger", **fields}
    me = make.delegate(edition, buyers, home, **values)
    sign_in(client, session.get_one(Account, me.account_id))
    return Visit(session, make, client, edition, buyers, home, me)
