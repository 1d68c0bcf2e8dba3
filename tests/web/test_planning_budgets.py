"""Pages that build the engine's problem cost the same statements with one meeting, three and a thousand."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from salon.enums import DraftOrigin, ReleaseStage, WishLevel
from salon.models import Account, ParticipantType, Placement, Wish
from salon.services import drafts, releases
from tests.conftest import BASE, NOW
from tests.factories import Factory
from tests.planning_fair import SmallFair, small_fair
from tests.web.conftest import CountQueries, enter

SIZES = ((1, 1), (3, 1), (40, 25))  # people of each side, slots: 1, 3 and 1,000 meetings
LIMIT = 15


def _fair(session: Session, make: Factory, people: int, slots: int) -> SmallFair:
    """A fair whose buyers wish for everybody, with its first release and a current draft that moved nothing."""
    fair = small_fair(make, people=1, slots=slots, tables=people)
    for side in (fair.buyers, fair.suppliers):
        kind = session.get_one(ParticipantType, side[0].type_id)
        side.extend(make.delegate(fair.edition, kind) for _ in range(people - 1))
    _wishes(session, fair)
    draft = drafts.create(
        session, NOW, edition_id=fair.edition.id, origin=DraftOrigin.MANUAL, places=_places(fair)
    )
    seen = releases.preview(session, fair.edition, draft)
    releases.release(
        session, fair.actor, NOW, edition=fair.edition, draft=draft, fingerprint=seen.fingerprint,
        acknowledged=[one.code for one in seen.cautions], stage=ReleaseStage.PROVISIONAL,
    )  # fmt: skip
    session.commit()
    return fair


def _wishes(session: Session, fair: SmallFair) -> None:
    known = {tuple(row) for row in session.execute(select(Wish.owner_id, Wish.organisation_id))}
    rows = [
        {
            "edition_id": fair.edition.id, "owner_id": one.id, "organisation_id": other.organisation_id,
            "level": WishLevel.MEET, "rank": rank, "created_at": NOW, "updated_at": NOW,
        }
        for one in fair.buyers
        for rank, other in enumerate(fair.suppliers, 1)
        if (one.id, other.organisation_id) not in known
    ]  # fmt: skip
    if rows:
        session.execute(insert(Wish), rows)


def _places(fair: SmallFair) -> list[drafts.Place]:
    """Everybody busy at every slot, with somebody new each time."""
    return [
        drafts.Place((buyer.id, fair.suppliers[(row + turn) % len(fair.suppliers)].id), slot.id, table.id)
        for turn, slot in enumerate(fair.slots)
        for row, (buyer, table) in enumerate(zip(fair.buyers, fair.tables, strict=True))
    ]


@pytest.mark.parametrize("page", ["releases/preview", "plan/meetings/{placement}", "runs/new", "plan/"])
def test_a_page_of_the_plan_costs_the_same(
    session: Session, make: Factory, client: FlaskClient, count_queries: CountQueries, page: str
) -> None:
    costs = []
    for people, slots in SIZES:
        fair = _fair(session, make, people, slots)
        assert session.query(Placement).count() >= people * slots
        placement = session.scalars(select(Placement.id).order_by(Placement.id.desc())).first()
        enter(client, session.get_one(Account, fair.owner.id))
        address = f"/o/{fair.edition.slug}/{page.format(placement=placement)}"
        with count_queries() as seen:
            answer = client.get(address, base_url=BASE)
        assert answer.status_code == 200, answer.text[:500]
        costs.append(len(seen))
    assert len(set(costs)) == 1, (costs, seen)
    assert costs[0] <= LIMIT, "\n".join(seen)


def test_control_a_statement_a_meeting_would_be_noticed(
    session: Session, make: Factory, count_queries: CountQueries
) -> None:
    fair = _fair(session, make, 3, 1)
    with count_queries() as seen:
        for placement in session.scalars(select(Placement.id)).all():
            session.execute(select(Placement.slot_id).where(Placement.id == placement))
    assert len(seen) == 1 + len(fair.buyers)
