"""Letters about meetings: an agenda is published, it changes, somebody withdrew."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import get_translations, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from exports import ical
from exports.rows import AgendaRow
from salon import i18n
from salon.enums import DelegateStatus, ReleaseReason, ReleaseStage
from salon.mail.letter import Attachment, Letter
from salon.mail.writer import Pointless, Writer
from salon.models import Delegate, Organisation, Release
from salon.queries import releases as promises
from salon.queries.agendas import Book
from salon.services.release_diff import Change, Promise
from salon.services.releases import diff_of
from salon.shell.context import dates_label

Names = Mapping[int, str]  # delegate id -> structure and person


def publication(writer: Writer) -> Letter:
    """The whole agenda the first time or on request, else only what changes for this person."""
    _check_attends(writer)
    book = _book(writer)
    changes = () if writer.mail.params.get("whole") else changes_of(writer)
    return _changed(writer, book, changes) if changes else _whole(writer, book)


def cancellation(writer: Writer) -> Letter:
    """Somebody left: what is cancelled, and what remains."""
    _check_attends(writer)
    book = _book(writer)
    changes = changes_of(writer)
    remaining = sum(row.is_on for row in book.agenda(writer.delegate.id))
    return Letter(
        subject=ngettext(
            "%(name)s : un rendez-vous est annulé",
            "%(name)s : %(num)s rendez-vous sont annulés",
            len(changes),
            name=writer.name,
        ),
        paragraphs=(
            writer.hello(),
            _why(writer, len(changes)),
        ),
        lines=_sentences(writer, changes),
        action=writer.space(_("Ouvrir mon agenda"), "participant.agenda"),
        closing=(
            ngettext("Il vous reste %(num)s rendez-vous.", "Il vous reste %(num)s rendez-vous.", remaining),
            *_calendar_words(writer),
        ),
        attachments=_calendar(writer, book),
    )


def _why(writer: Writer, number: int) -> str:
    if writer.release.reason is ReleaseReason.WITHDRAWAL:
        return _("Une personne que vous deviez rencontrer ne peut plus venir :")
    return ngettext(
        "Un rendez-vous de votre agenda n’aura pas lieu :",
        "Des rendez-vous de votre agenda n’auront pas lieu :",
        number,
    )


def _book(writer: Writer) -> Book:
    """The release as this person's agenda knows it."""
    return Book(
        writer.session,
        writer.edition,
        release=writer.release,
        locale=i18n.locale_code(),
        only=writer.delegate.id,
    )


def _check_attends(writer: Writer) -> None:
    if writer.delegate.status is not DelegateStatus.APPROVED:
        raise Pointless("does not attend any more")


def _whole(writer: Writer, book: Book) -> Letter:
    rows = [row for row in book.agenda(writer.delegate.id) if row.is_on]
    if rows:
        said = ngettext(
            "Votre agenda est prêt : vous avez %(num)s rendez-vous.",
            "Votre agenda est prêt : vous avez %(num)s rendez-vous.",
            len(rows),
        )
    else:
        said = _(
            "Le planning est publié, mais aucun rendez-vous n’a pu être placé pour vous. "
            "Nous vous préviendrons si cela change."
        )
    return Letter(
        subject=_("Votre agenda pour %(name)s", name=writer.name),
        paragraphs=(writer.hello(), *_note(writer), said, *_stage(writer), _day_and_place(writer)),
        facts=tuple(_agenda_fact(writer, row) for row in rows),
        action=writer.space(_("Ouvrir mon agenda"), "participant.agenda"),
        closing=_calendar_words(writer) if rows else (),
        attachments=_calendar(writer, book),
    )


def _changed(writer: Writer, book: Book, changes: tuple[Change, ...]) -> Letter:
    return Letter(
        subject=_("Votre agenda change : %(name)s", name=writer.name),
        paragraphs=(
            writer.hello(),
            *_note(writer),
            ngettext(
                "Un changement dans votre agenda :",
                "%(num)s changements dans votre agenda :",
                len(changes),
            ),
        ),
        lines=_sentences(writer, changes),
        action=writer.space(_("Ouvrir mon agenda"), "participant.agenda"),
        closing=(_("Vos autres rendez-vous restent comme ils étaient."), *_calendar_words(writer)),
        attachments=_calendar(writer, book),
    )


def _day_and_place(writer: Writer) -> str:
    here = writer.edition
    days = dates_label(here.first_day, here.last_day)
    return " · ".join(filter(None, (days[:1].upper() + days[1:], here.place, here.address)))


def _note(writer: Writer) -> tuple[str, ...]:
    """The organiser's own words, given when publishing."""
    return (writer.release.note,) if writer.release.note else ()


def _stage(writer: Writer) -> tuple[str, ...]:
    if writer.release.stage is ReleaseStage.PROVISIONAL:
        return (_("Ce planning est provisoire : il peut encore changer, et nous vous le dirions."),)
    return ()


# What changes -----------------------------------------------------------------------------------------------


def changes_of(writer: Writer) -> tuple[Change, ...]:
    """What the release changes for this person, in the order of time; nothing for the first release."""
    release = writer.release
    before = writer.session.scalar(
        select(Release)
        .where(Release.edition_id == release.edition_id, Release.number < release.number)
        .order_by(Release.number.desc())
        .limit(1)
    )
    if before is None:
        return ()
    me = writer.delegate.id
    return diff_of(
        promises.released(writer.session, before.id, only=me),
        promises.released(writer.session, release.id, only=me),
    ).changes


def _sentences(writer: Writer, changes: tuple[Change, ...]) -> tuple[str, ...]:
    met = {one for change in changes for one in change.people}
    query = (
        select(Delegate.id, Organisation.name, Delegate.first_name, Delegate.last_name)
        .join(Organisation, Organisation.id == Delegate.organisation_id)
        .where(Delegate.id.in_(met))
    )
    names = {
        id_: ", ".join(filter(None, (organisation, f"{first} {last}".strip())))
        for id_, organisation, first, last in writer.session.execute(query)
    }
    return tuple(_sentence(writer, names, change) for change in changes)


def _sentence(writer: Writer, names: Names, change: Change) -> str:
    before, after = change.before, change.after
    if before is None and after is not None:
        return _(
            "Nouveau : rendez-vous avec %(who)s, %(when)s, table %(table)s.", **_facts(writer, names, after)
        )
    assert before is not None
    if after is None:
        return _(
            "Annulé : votre rendez-vous avec %(who)s, qui était prévu %(when)s.",
            **_facts(writer, names, before),
        )
    return _moved(writer, names, before, after)


def _moved(writer: Writer, names: Names, before: Promise, after: Promise) -> str:
    old, new = _facts(writer, names, before), _facts(writer, names, after)
    if before.people != after.people:
        return _(
            "Vous rencontrez désormais %(who)s, %(when)s, table %(table)s (c’était %(old)s).",
            old=old["who"],
            **new,
        )
    if before.starts_at == after.starts_at:
        return _(
            "Votre rendez-vous avec %(who)s, %(when)s, passe de la table %(old)s à la table %(table)s.",
            old=old["table"],
            **new,
        )
    here, there = writer.local(before.starts_at), writer.local(after.starts_at)
    if here.date() == there.date():
        return _(
            "Votre rendez-vous avec %(who)s passe de %(old)s à %(new)s, table %(table)s.",
            old=i18n.clock(here), new=i18n.clock(there), who=new["who"], table=new["table"],
        )  # fmt: skip
    return _(
        "Votre rendez-vous avec %(who)s passe du %(old)s au %(new)s, table %(table)s.",
        old=old["moment"], new=new["moment"], who=new["who"], table=new["table"],
    )  # fmt: skip


def _facts(writer: Writer, names: Names, promise: Promise) -> dict[str, str]:
    who = next((names[one] for one in promise.people if one != writer.delegate.id and one in names), "–")
    moment = writer.moment(promise.starts_at)
    return {"who": who, "when": _("le %(moment)s", moment=moment), "moment": moment, "table": promise.table}


def _agenda_fact(writer: Writer, row: AgendaRow) -> tuple[str, str]:
    here = writer.local(row.start)
    several = writer.edition.first_day != writer.edition.last_day
    label = writer.moment(row.start) if several else i18n.clock(here)
    who = ", ".join(filter(None, (row.counterpart, row.delegate)))
    return label, _("%(who)s – table %(table)s", who=who, table=row.table)


# The calendar -----------------------------------------------------------------------------------------------


def _calendar(writer: Writer, book: Book) -> tuple[Attachment, ...]:
    """The agenda as a file for calendars; nothing when there is nothing to put in one."""
    rows = book.agenda(writer.delegate.id)
    if not rows:
        return ()
    here = writer.edition
    document = ical.calendar(
        rows,
        name=here.name,
        timezone=here.timezone,
        organiser=here.contact_email or writer.sender_address,
        organiser_name=here.name,
        place=", ".join(filter(None, (here.place, here.address))),
        url=writer.page("participant.agenda", "participant.home"),
        translations=get_translations(),
    )
    return (Attachment(document.filename, "text/calendar", document.content),)


def _calendar_words(writer: Writer) -> tuple[str, ...]:
    """The file stays as it is: only a subscription follows the changes."""
    return (
        _(
            "Le fichier joint ajoute vos rendez-vous à votre calendrier, mais ne suivra pas les changements. "
            "Pour un calendrier toujours à jour, abonnez-vous ici : %(url)s",
            url=writer.page("participant.calendar", "participant.agenda", "participant.home"),
        ),
    )
