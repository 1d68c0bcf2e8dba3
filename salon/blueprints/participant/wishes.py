"""My wish list: one wish at a time, or the whole list; two tabs never lose anything."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from salon.blueprints.participant import bp
from salon.blueprints.participant.catalogue import card_page, catalogue_page
from salon.errors import DomainError
from salon.extensions import db
from salon.forms.wishes import ListForm, OneWish, one_wish, version
from salon.guard import me
from salon.models import Edition, Organisation
from salon.numbers import read_id
from salon.queries import attendee_agenda
from salon.queries import catalogue as catalogue_reads
from salon.queries import wish_list as reads
from salon.queries.catalogue_search import Filters, search
from salon.services import wish_order
from salon.services import wishes as service
from salon.services.wish_order import Item, WishList
from salon.services.wishes import Saved
from salon.shell import catalogue as catalogue_words
from salon.shell import wish_list as words
from salon.shell.catalogue import Card
from salon.shell.served import outcomes
from salon.wording import describe
from salon.wording.wishes import LEVELS, level_choices

SUGGESTED = 5


@bp.get("/e/<edition>/me/wishes")
def wishes(edition: Edition) -> ResponseReturnValue:
    """My list, with its counters and its dates."""
    return list_page(edition)


def list_page(edition: Edition, refusal: str = "", status: int = 200) -> ResponseReturnValue:
    """The list, perhaps with the refusal of what was just asked."""
    mine = words.load(db.session(), edition, me(), g.actor, g.now)
    published = attendee_agenda.newest(db.session(), edition)
    page = render_template(
        "participant/wishes.html",
        mine=mine,
        levels=level_choices(),
        here=url_for(".wishes", edition=edition.slug),
        outcomes=outcomes(db.session(), edition, me(), mine, published) if published else {},
        published=published,
        changed=read_id(request.args.get("line")),
        opened="more" in request.args,
        suggestions=_suggestions(edition, mine),
        refusal=refusal,
    )
    return page, status


def _suggestions(edition: Edition, mine: words.MyWishes) -> list[Card]:
    """A few structures that answer a need, or need an offer, and are not in the list yet."""
    if not mine.may_write or mine.is_full:
        return []
    directory = catalogue_reads.directory(db.session(), edition, me())
    found = search(directory, Filters(chosen=frozenset({"no"})), mine.levels).firms[:SUGGESTED]
    cards = [catalogue_words.card(edition, directory, firm) for firm in found]
    return [card for card in cards if card.reason]


# One wish ---------------------------------------------------------------------------------------------------


@bp.post("/e/<edition>/me/wishes/<int:organisation>")
def wish(edition: Edition, organisation: Organisation) -> ResponseReturnValue:
    """Add, change, move or take out one wish; what it was can be put back."""
    asked = one_wish()
    try:
        saved = _apply(edition, organisation, asked)
    except DomainError as error:
        if error.code == "wishes_changed":
            return _conflict(edition, _meant(organisation.id, asked))
        return _refused(edition, organisation, asked, error)
    _tell(edition, organisation, asked, saved)
    return redirect(_after(edition, organisation, asked), 303)


def _after(edition: Edition, organisation: Organisation, asked: OneWish) -> str:
    """The page one came from; on the list itself, with the line that just changed in sight."""
    here = url_for(".wishes", edition=edition.slug)
    if asked.back and urlsplit(asked.back).path != here:
        return asked.back
    more = 1 if asked.says_several and asked.rank is None else None
    return url_for(".wishes", edition=edition.slug, line=organisation.id if asked.level else None, more=more)


def _apply(edition: Edition, organisation: Organisation, asked: OneWish) -> Saved:
    session, mine = db.session(), _mine(edition)
    if asked.level is None:
        return service.remove(session, g.actor, g.now, **mine, organisation=organisation.id)
    before = wish_order.find(service.as_list(reads.stored(session, me().id)), organisation.id)
    item = asked.item(organisation.id, before)
    if asked.rank is None or item != before:
        return service.put(session, g.actor, g.now, **mine, item=item, rank=asked.rank)
    return service.move(
        session,
        g.actor,
        g.now,
        **mine,
        version=asked.version,
        organisation=item.organisation,
        rank=asked.rank,
    )


def _mine(edition: Edition) -> dict[str, Any]:
    return {"edition": edition, "owner": me()}


def _meant(organisation: int, asked: OneWish) -> WishList:
    """The list that the person meant: the one on their page, moved as they asked."""
    seen = asked.seen if asked.seen is not None else service.as_list(reads.stored(db.session(), me().id))
    return wish_order.moved(seen, organisation, asked.rank or 1)


def _refused(
    edition: Edition, organisation: Organisation, asked: OneWish, error: DomainError
) -> ResponseReturnValue:
    """The page one came from, with the refusal on top and nothing changed."""
    parts, message = urlsplit(asked.back), describe(error)
    if parts.path == url_for(".catalogue", edition=edition.slug):
        filters = catalogue_words.read(MultiDict(parse_qsl(parts.query)))
        return catalogue_page(edition, filters, message, error.status)
    if parts.path == url_for(".card", edition=edition.slug, organisation=organisation.id):
        return card_page(edition, organisation, message, error.status)
    return list_page(edition, message, error.status)


def _tell(edition: Edition, organisation: Organisation, asked: OneWish, saved: Saved) -> None:
    """Say what happened, with the way back; and that another tab had changed the list before."""
    if saved.before == saved.after:
        return
    undo = render_template(
        "participant/_undo.html",
        message=_what_happened(organisation, saved),
        action=url_for(".wish_undo", edition=edition.slug, organisation=organisation.id),
        before=wish_order.written([item for item in saved.before if item.organisation == organisation.id]),
        rank=wish_order.rank_of(saved.before, organisation.id) or "",
        back=asked.back,
    )
    flash(Markup(undo), "ok")  # noqa: S704 - a template of ours, which escaped what it was given
    if asked.version >= 0 and asked.version != saved.version - 1:
        flash(_("Votre liste avait changé dans un autre onglet : la voici à jour."), "ok")


def _what_happened(organisation: Organisation, saved: Saved) -> str:
    name = organisation.name
    before = wish_order.find(saved.before, organisation.id)
    after = wish_order.find(saved.after, organisation.id)
    if after is None:
        return _("%(name)s n’est plus dans votre liste.", name=name)
    level = LEVELS[after.level][0]()
    if before is None or before.level is not after.level:
        return _("%(name)s : « %(level)s ».", name=name, level=level)
    rank = wish_order.rank_of(saved.after, organisation.id)
    if rank == wish_order.rank_of(saved.before, organisation.id):
        return _("%(name)s : choix enregistré.", name=name)
    ranked = wish_order.counts(saved.after)[1]
    return _("%(name)s passe au rang %(rank)s sur %(all)s.", name=name, rank=rank, all=ranked)


@bp.post("/e/<edition>/me/wishes/<int:organisation>/undo")
def wish_undo(edition: Edition, organisation: Organisation) -> ResponseReturnValue:
    """Put one wish back as it was, at its rank if its level still holds it."""
    asked = one_wish()
    try:
        _restore(edition, organisation)
    except DomainError as error:
        return _refused(edition, organisation, asked, error)
    flash(_("Annulé : votre liste est comme avant."), "ok")
    return redirect(asked.back or url_for(".wishes", edition=edition.slug), 303)


def _restore(edition: Edition, organisation: Organisation) -> Saved:
    session, mine = db.session(), _mine(edition)
    before = wish_order.read(request.form.get("before", "")) or ()
    item = wish_order.find(before, organisation.id)
    if item is None:
        return service.remove(session, g.actor, g.now, **mine, organisation=organisation.id)
    rank = read_id(request.form.get("was"))
    return service.put(session, g.actor, g.now, **mine, item=item, rank=rank)


# The whole list ---------------------------------------------------------------------------------------------


@bp.get("/e/<edition>/me/wishes/edit")
def wishes_edit(edition: Edition) -> ResponseReturnValue:
    """The whole list as one form: ranks, levels and people, saved together."""
    items = service.as_list(reads.stored(db.session(), me().id))
    return _edit_page(edition, ListForm(), items, me().wishes_version)


def _edit_page(
    edition: Edition, form: ListForm, items: WishList, shown_version: int, status: int = 200
) -> ResponseReturnValue:
    facts = reads.targets(db.session(), me(), {item.organisation for item in items})
    mine = words.load(db.session(), edition, me(), g.actor, g.now)
    page = render_template(
        "participant/wishes_edit.html",
        form=form,
        lines=words.lines(edition, items, facts),
        mine=mine,
        version=shown_version,
        levels=level_choices(),
        form_errors=form.is_refused,
    )
    return page, status


@bp.post("/e/<edition>/me/wishes")
def wishes_save(edition: Edition) -> ResponseReturnValue:
    """Save the whole list; if another tab saved in between, both lists are shown and nothing is lost."""
    form, shown_version = ListForm(), version(request.form)
    items: WishList = ()
    try:
        items = form.items()
        service.replace(
            db.session(), g.actor, g.now, edition=edition, owner=me(), version=shown_version, items=items
        )
    except DomainError as error:
        if error.code == "wishes_changed":
            return _conflict(edition, items)
        form.refuse(error)
        return _edit_page(edition, form, _typed_again(items), shown_version, error.status)
    flash(_("Votre liste est enregistrée."), "ok")
    return redirect(url_for(".wishes", edition=edition.slug), 303)


def _typed_again(items: WishList) -> WishList:
    """What was typed, and what it left out of the stored list: nothing disappears from a refused page."""
    return items or service.as_list(reads.stored(db.session(), me().id))


# Two tabs ---------------------------------------------------------------------------------------------------


def _conflict(edition: Edition, mine: WishList) -> ResponseReturnValue:
    """Both lists side by side: keep the stored one, keep this one, or bring them together."""
    stored = service.as_list(reads.stored(db.session(), me().id))
    both = wish_order.merged(mine, stored)
    facts = reads.targets(db.session(), me(), {item.organisation for item in both})
    number_now, saved_at = reads.version(db.session(), me().id)
    page = render_template(
        "participant/wishes_conflict.html",
        stored=words.lines(edition, stored, facts),
        mine=words.lines(edition, mine, facts),
        differing=_differing(stored, mine),
        adds=both != mine,
        fits=_fits(edition, both),
        mine_text=wish_order.written(mine),
        both_text=wish_order.written(both),
        both_count=wish_order.counts(both)[1],
        most=edition.max_wishes,
        version=number_now,
        saved=words.saved_words(saved_at),
    )
    return page, 409


def _differing(one: WishList, other: WishList) -> frozenset[int]:
    """The structures that the two lists do not say the same of."""
    said = [
        {item.organisation: (item, rank) for item, rank in wish_order.ranks(items)} for items in (one, other)
    ]
    return frozenset(key for key in said[0].keys() | said[1].keys() if said[0].get(key) != said[1].get(key))


def _fits(edition: Edition, items: tuple[Item, ...]) -> bool:
    musts, ranked = wish_order.counts(items)
    most = service.limits(edition)
    return ranked <= most.wishes and musts <= most.musts
