"""Letters about a registration: invited, received, waiting, accepted, refused."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from salon import i18n, phases
from salon.enums import DelegateStatus, Phase
from salon.mail.letter import Action, Letter
from salon.mail.writer import Pointless, Writer
from salon.models import ParticipantType
from salon.wording import statuses

GONE = frozenset({DelegateStatus.REFUSED, DelegateStatus.WITHDRAWN, DelegateStatus.CANCELLED})


def invitation(writer: Writer) -> Letter:
    if writer.delegate.status in GONE:
        raise Pointless("registration ended")
    return Letter(
        subject=_("Votre participation à %(name)s", name=writer.name),
        paragraphs=(
            writer.hello(),
            _("L’organisation de %(name)s vous attend et a ouvert votre espace.", name=writer.name),
            _("Vérifiez votre fiche, dites quand on peut vous rencontrer, puis choisissez qui voir."),
        ),
        facts=writer.where_and_when(),
        action=Action(
            _("Ouvrir mon espace"),
            url_for("auth.invitation", token=writer.secrets.token, _external=True),
        ),
        closing=(
            _("Le lien est valable 60 jours. Par sécurité, un code vous sera envoyé à cette adresse."),
            _(
                "Vous recevez ce message parce que l’organisation a inscrit votre adresse. "
                "Vous ne participez pas ? Répondez-nous : votre inscription sera retirée."
            ),
        ),
    )


def already_registered(writer: Writer) -> Letter:
    return Letter(
        subject=_("Votre inscription à %(name)s existe déjà", name=writer.name),
        paragraphs=(
            writer.hello(),
            _(
                "Une inscription à %(name)s vient d’être demandée avec cette adresse. "
                "Vous en avez déjà une : rien n’a été modifié.",
                name=writer.name,
            ),
        ),
        facts=(
            (_("Structure"), writer.organisation),
            (_("Inscription"), statuses.status_word(writer.delegate.status)),
        ),
        action=writer.space(),
        closing=(_("Ce n’était pas vous ? Ignorez ce message."),),
    )


def confirmation(writer: Writer) -> Letter:
    if writer.delegate.status is not DelegateStatus.APPROVED:
        raise Pointless("not approved any more")
    return Letter(
        subject=_("Votre inscription à %(name)s est validée", name=writer.name),
        paragraphs=(
            writer.hello(),
            _("Votre inscription à %(name)s est validée : nous vous attendons.", name=writer.name),
            *_next_step(writer),
        ),
        facts=writer.where_and_when(),
        action=writer.space(),
    )


def _next_step(writer: Writer) -> tuple[str, ...]:
    """What the person can do now, in one sentence."""
    opens, state = writer.edition.wishes_open_at, phases.wishes(writer.edition, writer.now)
    if state is Phase.OPEN:
        return (_("Vous pouvez dès maintenant choisir qui rencontrer."),)
    if state is Phase.COMING and opens is not None:
        return (_("Vous pourrez choisir qui rencontrer à partir du %(when)s.", when=writer.moment(opens)),)
    return ()


def waiting_list(writer: Writer) -> Letter:
    return _place_free(writer) if writer.mail.params.get("place_free") else _waits(writer)


def _waits(writer: Writer) -> Letter:
    if writer.delegate.status is not DelegateStatus.WAITING:
        raise Pointless("not waiting any more")
    kind = writer.session.get_one(ParticipantType, writer.delegate.type_id)
    return Letter(
        subject=_("Liste d’attente de %(name)s", name=writer.name),
        paragraphs=(
            writer.hello(),
            _(
                "Toutes les places « %(type)s » de %(name)s sont prises. Vous êtes sur la liste d’attente.",
                type=i18n.pick(kind.name), name=writer.name,
            ),
            _("Nous vous écrirons dès qu’une place se libère : vous n’avez rien à faire."),
        ),
        facts=writer.where_and_when(),
        action=writer.space(),
        closing=(_("Vous ne pouvez plus venir ? Retirez-vous depuis votre espace, cela aide les suivants."),),
    )  # fmt: skip


def _place_free(writer: Writer) -> Letter:
    if writer.delegate.status not in (DelegateStatus.PENDING, DelegateStatus.APPROVED):
        raise Pointless("registration ended")
    return Letter(
        subject=_("Une place s’est libérée à %(name)s", name=writer.name),
        paragraphs=(
            writer.hello(),
            _("Une place s’est libérée pour vous à %(name)s.", name=writer.name),
            _("L’organisation va maintenant valider votre inscription ; vous recevrez sa réponse."),
        ),
        facts=writer.where_and_when(),
        action=writer.space(),
        closing=(_("Vous ne pouvez plus venir ? Retirez-vous depuis votre espace, cela aide les suivants."),),
    )


def refusal(writer: Writer) -> Letter:
    status, reason = writer.delegate.status, writer.delegate.reason
    if status not in (DelegateStatus.REFUSED, DelegateStatus.CANCELLED):
        raise Pointless("not refused any more")
    said = (
        _("L’organisation a annulé votre inscription à %(name)s.", name=writer.name)
        if status is DelegateStatus.CANCELLED
        else _("Votre inscription à %(name)s n’a pas été retenue.", name=writer.name)
    )
    return Letter(
        subject=_("Votre inscription à %(name)s", name=writer.name),
        paragraphs=(writer.hello(), said),
        facts=((_("Raison"), reason),) if reason else (),
        closing=(_("Pour toute question, répondez à ce message."),),
    )
