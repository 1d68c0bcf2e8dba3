"""`faults` names all that is wrong in a cast: loose references, unknown codes, real addresses, rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from salon import vocabulary
from salon.demo.rows import Cast, EditionRow

MAIL = re.compile(r"[a-z0-9.-]+@[a-z0-9-]+\.example")
PHONE = re.compile(r"06 39 98 \d\d \d\d")


def faults(cast: Cast) -> list[str]:
    """One sentence per fault, empty for a sound cast."""
    found = [*_uniqueness(cast), *_codes(cast), *_references(cast)]
    for edition in cast.editions:
        found += [f"{edition.key}: {fault}" for fault in _edition_faults(cast, edition)]
    return found


def _twice(what: str, values: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {value} is there twice" for value, n in Counter(values).items() if n > 1)


def _uniqueness(cast: Cast) -> Iterator[str]:
    yield from _twice("organisation key", (o.key for o in cast.organisations))
    yield from _twice("organisation name", (o.name.casefold() for o in cast.organisations))
    yield from _twice("mail domain", (o.mail_domain for o in cast.organisations))
    yield from _twice("pitch", (o.pitch for o in cast.organisations))
    yield from _twice("offer", (o.title for o in cast.offers))
    yield from _twice("need", (n.title for n in cast.needs))
    yield from _twice("delegate key", (d.key for d in cast.delegates))
    yield from _twice("full name", (f"{d.first_name} {d.last_name}" for d in cast.delegates))
    yield from _twice("address", (p.email for p in (*cast.delegates, *cast.staff)))
    yield from _twice("edition", (e.key for e in cast.editions))


def _codes(cast: Cast) -> Iterator[str]:
    book = vocabulary.packaged()
    used: list[tuple[str, str]] = []
    for o in cast.organisations:
        used += [("kinds", o.kind), ("legal_forms", o.legal_form), ("sizes", o.size)]
        used += [("departements", o.departement)]
        for name in ("sectors", "prestas", "networks", "labels", "languages"):
            used += [(name, code) for code in getattr(o, name)]
    for offer in cast.offers:
        used += [("sectors", c) for c in offer.sectors] + [("prestas", c) for c in offer.prestas]
        used += [("departements", c) for c in offer.departements]
    for need in cast.needs:
        used += [("sectors", c) for c in need.sectors] + [("amounts", need.amount)]
        used += [("departements", c) for c in need.departements]
    for person in cast.delegates:
        used += [("languages", c) for c in person.languages]
        used += [("access_needs", c) for c in person.access_needs]
    for edition in cast.editions:
        used += [("languages", c) for c in edition.languages] + [("departements", edition.departement)]
    yield from (f"{code!r} is not in {name}" for name, code in set(used) if not book.has(name, code))


def _references(cast: Cast) -> Iterator[str]:
    domains = {o.key: o.mail_domain for o in cast.organisations}
    for row in (*cast.offers, *cast.needs, *cast.delegates):
        if row.organisation not in domains:
            yield f"{row.organisation} is nobody's organisation"
    for person in (*cast.delegates, *cast.staff):
        if not MAIL.fullmatch(person.email):
            yield f"{person.email} is not an address of fiction"
    for person in cast.delegates:
        if person.email.split("@")[1] != domains.get(person.organisation):
            yield f"{person.email} is not an address of {person.organisation}"
        if not PHONE.fullmatch(person.phone):
            yield f"{person.phone} is not a number of fiction"
        if not person.languages:
            yield f"{person.key} speaks no language"
    for offer in cast.offers:
        if sum((offer.nationwide, bool(offer.departements), offer.radius_km is not None)) != 1:
            yield f"{offer.key} has no range, or several"


def _edition_faults(cast: Cast, edition: EditionRow) -> Iterator[str]:
    home = {d.key: d.organisation for d in cast.delegates}
    side = {o.key: o.side for o in cast.organisations}
    approved = {r.delegate for r in edition.registrations if r.status == "approved"}
    present = {home[r.delegate] for r in edition.registrations}
    permitted = {frozenset((rule.first, rule.second)) for rule in edition.type_rules}
    yield from _twice("registration of", (r.delegate for r in edition.registrations))
    yield from (
        f"{r.delegate} is not on the side of their organisation"
        for r in edition.registrations
        if side[home[r.delegate]] != r.side
    )
    for w in (*edition.wishes, *edition.no_thanks):
        own = home[w.delegate]
        if w.delegate not in approved:
            yield f"{w.delegate} wishes without being approved"
        if w.organisation == own or w.organisation not in present:
            yield f"{w.delegate} wishes {w.organisation}, which is their own or absent"
        elif frozenset((side[own], side[w.organisation])) not in permitted:
            yield f"{w.delegate} may not meet the side of {w.organisation}"
    yield from _list_faults(edition, home, approved)
    yield from _rule_faults(edition, present)
    yield from _room_faults(edition, present, side)


def _list_faults(edition: EditionRow, home: dict[str, str], approved: set[str]) -> Iterator[str]:
    yield from _twice("wish", (f"{w.delegate}>{w.organisation}" for w in edition.wishes))
    ranks: dict[str, list[int]] = {}
    for w in edition.wishes:
        ranks.setdefault(w.delegate, []).append(w.rank)
        if w.person is not None and (home[w.person] != w.organisation or w.person not in approved):
            yield f"{w.person} is not there for {w.organisation}"
        if not edition.wishes_open_at <= w.made_at <= edition.wishes_close_at:
            yield f"{w.delegate} wished outside the wishing"
    for delegate, given in ranks.items():
        if given != list(range(1, len(given) + 1)) or len(given) > edition.max_wishes:
            yield f"{delegate} has the ranks {given}"
    wished = {(home[w.delegate], w.organisation) for w in edition.wishes}
    for no in edition.no_thanks:
        if (home[no.delegate], no.organisation) in wished:
            yield f"{no.delegate} refuses what their organisation wishes"


def _rule_faults(edition: EditionRow, present: set[str]) -> Iterator[str]:
    excluded = [frozenset((e.first, e.second)) for e in edition.exclusions]
    promised = [frozenset((m.first, m.second)) for m in edition.mandatory]
    for pair in (*excluded, *promised):
        if len(pair) != 2 or not pair <= present:
            yield f"{sorted(pair)} are not two organisations of the edition"
    if len(set(excluded)) < len(excluded) or len(set(promised)) < len(promised):
        yield "a pair is excluded or promised twice"
    if set(excluded) & set(promised):
        yield "a pair is both excluded and promised"


def _room_faults(edition: EditionRow, present: set[str], side: dict[str, str]) -> Iterator[str]:
    slots = edition.slots
    yield from _twice("table", (t.label for t in edition.tables))
    yield from _twice("place", (f"{t.x_m}, {t.y_m}" for t in edition.tables))
    yield from _twice("stand of", (t.organisation for t in edition.tables if t.organisation))
    for t in edition.tables:
        if t.organisation and (t.organisation not in present or side[t.organisation] != "supplier"):
            yield f"stand {t.label} is held by {t.organisation}"
        if t.zone not in edition.zones:
            yield f"table {t.label} is in no zone"
    if [s.index for s in slots] != list(range(len(slots))):
        yield "slots are not numbered in order"
    for before, after in pairwise(slots):
        if (after.start - before.end).total_seconds() < edition.changeover_minutes * 60:
            yield f"no change-over before slot {after.index}"
    for r in edition.registrations:
        if not set(r.unavailable) <= {s.index for s in slots}:
            yield f"{r.delegate} is absent from slots that do not exist"
