"""Letters about the wishes: they open, they will close."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from salon import phases
from salon.enums import DelegateStatus, Phase, WishLevel
from salon.mail.letter import Letter
from salon.mail.writer import Pointless, Writer
from salon.models import Wish


def wishes_open(writer: Writer) -> Letter:
    _check_open(writer)
    return Letter(
        subject=_("%(name)s : choisissez qui rencontrer", name=writer.name),
        paragraphs=(
            writer.hello(),
            _("Les vœux sont ouverts : dites qui vous voulez rencontrer à %(name)s.", name=writer.name),
            ngettext(
                "Parcourez le catalogue et choisissez %(num)s structure. "
                "Vos vœux restent confidentiels : l’autre personne ne les voit pas.",
                "Parcourez le catalogue et choisissez jusqu’à %(num)s structures, dans l’ordre de vos "
                "préférences. Vos vœux restent confidentiels : l’autre personne ne les voit pas.",
                writer.edition.max_wishes,
            ),
        ),
        facts=_deadline(writer),
        action=writer.space(_("Faire mes vœux"), "participant.catalogue", "participant.wishes"),
        closing=(_("Indiquez aussi vos disponibilités : un créneau fermé ne recevra aucun rendez-vous."),),
    )


def wishes_reminder(writer: Writer) -> Letter:
    _check_open(writer)
    if has_wishes(writer):
        raise Pointless("wishes made meanwhile")
    return Letter(
        subject=_("Rappel : vos vœux pour %(name)s", name=writer.name),
        paragraphs=(
            writer.hello(),
            _("Vous n’avez pas encore dit qui vous voulez rencontrer à %(name)s.", name=writer.name),
            _("Dix minutes suffisent. Sans vœu, vous risquez de n’avoir aucun rendez-vous."),
        ),
        facts=_deadline(writer),
        action=writer.space(_("Faire mes vœux"), "participant.catalogue", "participant.wishes"),
        closing=(_("Vous ne pouvez plus venir ? Retirez-vous depuis votre espace."),),
    )


def _check_open(writer: Writer) -> None:
    if writer.delegate.status is not DelegateStatus.APPROVED:
        raise Pointless("not approved any more")
    if phases.wishes(writer.edition, writer.now) is not Phase.OPEN:
        raise Pointless("wishes closed")


def has_wishes(writer: Writer) -> bool:
    """Whether the person asked for somebody; a list of « non merci » alone asks for nobody."""
    mine = (Wish.owner_id == writer.delegate.id, Wish.level != WishLevel.NO_THANKS)
    return writer.session.scalar(select(Wish.id).where(*mine).limit(1)) is not None


def _deadline(writer: Writer) -> tuple[tuple[str, str], ...]:
    closes = writer.edition.wishes_close_at
    return ((_("Jusqu’au"), writer.moment(closes)),) if closes is not None else ()
