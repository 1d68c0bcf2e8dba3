"""Every event of the audit log as a sentence, grouped for the filter of the journal page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from salon import i18n
from salon.queries.journal import JournalLine

Words = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Event:
    """The group of an action and its sentence; the mapping holds `who`, `about` and the entry's details."""

    group: str
    words: Words


def _role(code: Any) -> str:
    names = {
        "owner": _("propriétaire"),
        "organiser": _("organisation"),
        "desk": _("accueil"),
        "read_only": _("lecture seule"),
    }
    return names.get(str(code), str(code))


def _phase(code: Any) -> str:
    names = {"registration": _("les inscriptions"), "wishes": _("les vœux")}
    return names.get(str(code), str(code))


def _with_phase(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "phase": _phase(values.get("phase"))}


def _with_roles(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **{name: _role(values.get(name)) for name in ("role", "before", "after")}}


def _num(values: Mapping[str, Any], key: str) -> int:
    return int(values.get(key) or 0)


def _approved(values: Mapping[str, Any]) -> str:
    """By somebody, or by itself when the type needs no review."""
    if values.get("is_system"):
        return _("L’inscription de %(about)s est validée", **values)
    return _("%(who)s a validé l’inscription de %(about)s", **values)


def _run_ended(values: Mapping[str, Any]) -> str:
    words = {
        "cancelled": _("Le calcul n° %(number)s a été arrêté", **values),
        "infeasible": _("Le calcul n° %(number)s n’a aucune solution", **values),
        "failed": _("Le calcul n° %(number)s a échoué", **values),
        "interrupted": _("Le calcul n° %(number)s a été interrompu", **values),
    }
    return words.get(str(values.get("state")), _("Le calcul n° %(number)s est terminé", **values))


def _released(values: Mapping[str, Any]) -> str:
    """By somebody, or by itself after a withdrawal."""
    if values.get("reason") == "withdrawal":
        return _("La version %(number)s s’est publiée d’elle-même après un désistement", **values)
    return _("%(who)s a publié la version %(number)s", **values)


SETTINGS: dict[str, Words] = {
    "edition_created": lambda v: _("%(who)s a créé l’édition", **v),
    "demo_built": lambda v: _("L’édition de démonstration est construite", **v),
    "edition_duplicated": lambda v: _("%(who)s a créé l’édition à partir d’une édition passée", **v),
    "identity_changed": lambda v: _("%(who)s a modifié l’identité de l’édition", **v),
    "logo_changed": lambda v: _("%(who)s a changé le logo", **v),
    "logo_removed": lambda v: _("%(who)s a retiré le logo", **v),
    "session_added": lambda v: _("%(who)s a ajouté une plage de rendez-vous", **v),
    "session_changed": lambda v: _("%(who)s a modifié une plage de rendez-vous", **v),
    "session_deleted": lambda v: _("%(who)s a supprimé une plage de rendez-vous", **v),
    "programme_changed": lambda v: _("%(who)s a modifié le programme", **v),
    "programme_deleted": lambda v: _("%(who)s a supprimé un moment du programme", **v),
    "table_changed": lambda v: _("%(who)s a modifié une table", **v),
    "type_added": lambda v: _("%(who)s a ajouté un type de participant", **v),
    "type_changed": lambda v: _("%(who)s a modifié un type de participant", **v),
    "type_deleted": lambda v: _("%(who)s a supprimé un type de participant", **v),
    "rules_changed": lambda v: _("%(who)s a modifié qui rencontre qui", **v),
    "phases_changed": lambda v: _("%(who)s a modifié les dates des phases", **v),
    "phase_opened": lambda v: _("%(who)s a ouvert %(phase)s", **_with_phase(v)),
    "phase_closed": lambda v: _("%(who)s a clos %(phase)s", **_with_phase(v)),
    "texts_changed": lambda v: _("%(who)s a modifié les textes", **v),
    "question_added": lambda v: _("%(who)s a ajouté une question à l’inscription", **v),
    "question_changed": lambda v: _("%(who)s a modifié une question de l’inscription", **v),
    "question_moved": lambda v: _("%(who)s a déplacé une question de l’inscription", **v),
    "question_archived": lambda v: _("%(who)s a archivé une question de l’inscription", **v),
    "question_restored": lambda v: _("%(who)s a rétabli une question de l’inscription", **v),
    "question_deleted": lambda v: _("%(who)s a supprimé une question de l’inscription", **v),
    "retention_changed": lambda v: ngettext(
        "%(who)s a fixé la durée de conservation à %(num)s mois",
        "%(who)s a fixé la durée de conservation à %(num)s mois",
        _num(v, "months"),
        **v,
    ),
    "retention_announced": lambda v: _("La fin de la durée de conservation est annoncée", **v),
    "people_forgotten": lambda v: ngettext(
        "Durée de conservation écoulée : %(num)s personne est devenue anonyme",
        "Durée de conservation écoulée : %(num)s personnes sont devenues anonymes",
        _num(v, "count"),
        **v,
    ),
    "page_published": lambda v: _("%(who)s a publié la page de l’édition", **v),
    "page_hidden": lambda v: _("%(who)s a masqué la page de l’édition", **v),
    "tables_added": lambda v: ngettext(
        "%(who)s a ajouté %(num)s table", "%(who)s a ajouté %(num)s tables", _num(v, "count"), **v
    ),
    "tables_changed": lambda v: ngettext(
        "%(who)s a modifié %(num)s table", "%(who)s a modifié %(num)s tables", _num(v, "count"), **v
    ),
    "tables_deleted": lambda v: ngettext(
        "%(who)s a supprimé %(num)s table", "%(who)s a supprimé %(num)s tables", _num(v, "count"), **v
    ),
}

TEAM: dict[str, Words] = {
    "member_invited": lambda v: _("%(who)s a invité %(about)s dans l’équipe (%(role)s)", **_with_roles(v)),
    "member_reminded": lambda v: _("%(who)s a renvoyé l’invitation de %(about)s", **v),
    "role_changed": lambda v: _(
        "%(who)s a changé le rôle de %(about)s : %(before)s, puis %(after)s", **_with_roles(v)
    ),
    "member_removed": lambda v: _("%(who)s a retiré %(about)s de l’équipe", **v),
}

REGISTRATIONS: dict[str, Words] = {
    "registered": lambda v: _("Inscription reçue : %(about)s", **v),
    "registration_added": lambda v: _("%(who)s a inscrit %(about)s", **v),
    "colleague_added": lambda v: _("%(who)s a inscrit un ou une collègue : %(about)s", **v),
    "registration_confirmed": lambda v: _("%(about)s a confirmé son adresse", **v),
    "registration_unconfirmed": lambda v: _("L’inscription de %(about)s attend une confirmation", **v),
    "registration_pending": lambda v: _("L’inscription de %(about)s est à valider", **v),
    "registration_waiting": lambda v: _("%(about)s est sur la liste d’attente", **v),
    "registration_approved": lambda v: _approved(v),
    "registration_refused": lambda v: _("%(who)s a refusé l’inscription de %(about)s", **v),
    "registration_cancelled": lambda v: _("%(who)s a annulé l’inscription de %(about)s", **v),
    "registration_withdrawn": lambda v: _("Désistement de %(about)s", **v),
    "limits_saved": lambda v: _("%(who)s a changé le nombre de rendez-vous de %(about)s", **v),
    "consent_changed": lambda v: (
        _("%(about)s a donné un accord", **v) if v.get("given") else _("%(about)s a retiré un accord", **v)
    ),
    "address_corrected": lambda v: _("%(who)s a corrigé l’adresse de %(about)s", **v),
    "availability_saved": lambda v: _("%(who)s a modifié les disponibilités de %(about)s", **v),
    "organisation_updated": lambda v: _("%(who)s a modifié la fiche d’une structure", **v),
    "person_updated": lambda v: _("%(who)s a modifié la fiche de %(about)s", **v),
    "feed_created": lambda v: _("%(who)s a créé un lien de calendrier privé", **v),
    "feed_revoked": lambda v: _("%(who)s a révoqué son lien de calendrier privé", **v),
    "import_uploaded": lambda v: ngettext(
        "%(who)s a déposé un fichier de %(num)s ligne",
        "%(who)s a déposé un fichier de %(num)s lignes",
        _num(v, "lines"),
        **v,
    ),
    "import_applied": lambda v: ngettext(
        "%(who)s a importé %(num)s inscription",
        "%(who)s a importé %(num)s inscriptions",
        _num(v, "created"),
        **v,
    ),
    "import_discarded": lambda v: _("%(who)s a abandonné un import", **v),
    "import_undone": lambda v: _("%(who)s a annulé un import", **v),
    "impersonation_started": lambda v: _("%(who)s agit à la place de %(about)s", **v),
    "impersonation_ended": lambda v: _("%(who)s n’agit plus à la place de %(about)s", **v),
    "registrations_exported": lambda v: ngettext(
        "%(who)s a exporté %(num)s inscription",
        "%(who)s a exporté %(num)s inscriptions",
        _num(v, "lines"),
        **v,
    ),
}

WISHES: dict[str, Words] = {
    "exclusion_added": lambda v: _("%(who)s a ajouté une exclusion", **v),
    "exclusion_removed": lambda v: _("%(who)s a retiré une exclusion", **v),
    "mandatory_added": lambda v: _("%(who)s a ajouté un rendez-vous obligatoire", **v),
    "mandatory_removed": lambda v: _("%(who)s a retiré un rendez-vous obligatoire", **v),
    "wishes_saved": lambda v: _("%(who)s a modifié la liste de vœux de %(about)s", **v),
}

PLAN: dict[str, Words] = {
    "run_requested": lambda v: _("%(who)s a lancé le calcul n° %(number)s", **v),
    "run_cancelled": lambda v: _("%(who)s a arrêté le calcul n° %(number)s", **v),
    "run_ended": lambda v: _run_ended(v),
    "draft_created": lambda v: _("%(who)s a créé le brouillon n° %(number)s", **v),
    "draft_made_current": lambda v: _("%(who)s est revenu au brouillon n° %(number)s", **v),
    "run_replay_downloaded": lambda v: _("%(who)s a téléchargé le dossier du calcul n° %(number)s", **v),
    "plan_changed": lambda v: _("%(who)s a modifié le planning à la main", **v),
    "plan_change_undone": lambda v: _("%(who)s a annulé une modification du planning", **v),
    "plan_person_freed": lambda v: _("%(who)s a retiré une personne du planning", **v),
    "released": lambda v: _released(v),
    "release_reopened": lambda v: _("%(who)s a rouvert la version %(number)s", **v),
}

MESSAGES: dict[str, Words] = {
    "mails_sent": lambda v: ngettext(
        "%(who)s a envoyé %(num)s message", "%(who)s a envoyé %(num)s messages", _num(v, "count"), **v
    ),
    "mails_resent": lambda v: ngettext(
        "%(who)s a renvoyé %(num)s message", "%(who)s a renvoyé %(num)s messages", _num(v, "count"), **v
    ),
    "mail_tried": lambda v: _("%(who)s s’est envoyé un message d’essai", **v),
    "mail_resent": lambda v: _("%(who)s a renvoyé un message", **v),
}

DOCUMENTS: dict[str, Words] = {
    "print_ordered": lambda v: _("%(who)s a commandé des documents", **v),
    "print_cancelled": lambda v: _("%(who)s a arrêté une préparation de documents", **v),
    "print_retried": lambda v: _("%(who)s a relancé une préparation de documents", **v),
    "document_downloaded": lambda v: _("%(who)s a téléchargé un document", **v),
}

# Recorded without an edition: no edition's journal shows them, the whole log does.
ACCOUNTS: dict[str, Words] = {
    "account_erased": lambda v: _("Un compte a été supprimé", **v),
    "address_change_asked": lambda v: _("%(who)s a demandé à changer d’adresse", **v),
    "address_changed": lambda v: _("%(who)s a changé d’adresse", **v),
    "address_confirmed": lambda v: _("Une adresse a été confirmée", **v),
    "admin_made": lambda v: _("Un compte administre désormais le serveur", **v),
    "code_refused": lambda v: _("Un code de connexion a été refusé", **v),
    "operator_link_made": lambda v: _("Un lien de connexion a été fait sur le serveur", **v),
    "personal_data_exported": lambda v: _("%(who)s a emporté ses données", **v),
    "preferences_saved": lambda v: _("%(who)s a changé ses préférences", **v),
    "proof_accepted": lambda v: _("Un lien ou un code de connexion a servi", **v),
    "recovery_codes_made": lambda v: _("%(who)s a de nouveaux codes de secours", **v),
    "second_factor_added": lambda v: _("%(who)s a ajouté une seconde preuve de connexion", **v),
    "second_factor_refused": lambda v: _("Une seconde preuve a été refusée à %(who)s", **v),
    "second_factor_removed": lambda v: _("%(who)s a retiré une seconde preuve de connexion", **v),
    "second_factor_shown": lambda v: _("%(who)s a montré sa seconde preuve", **v),
    "signed_in": lambda v: _("%(who)s s’est connecté", **v),
    "signed_out": lambda v: _("%(who)s s’est déconnecté", **v),
    "signed_out_everywhere": lambda v: _("%(who)s a fermé toutes ses sessions", **v),
}

GROUPS: dict[str, tuple[Callable[[], str], dict[str, Words]]] = {
    "settings": (lambda: _("Réglages"), SETTINGS),
    "team": (lambda: _("Équipe"), TEAM),
    "registrations": (lambda: _("Inscriptions"), REGISTRATIONS),
    "wishes": (lambda: _("Vœux"), WISHES),
    "plan": (lambda: _("Planning"), PLAN),
    "messages": (lambda: _("Messages"), MESSAGES),
    "documents": (lambda: _("Documents"), DOCUMENTS),
}
EVENTS: dict[str, Event] = {
    action: Event(group, words)
    for group, all_ in [*((code, all_) for code, (_title, all_) in GROUPS.items()), ("", ACCOUNTS)]
    for action, words in all_.items()
}


def sentence(line: JournalLine) -> str:
    """What happened and to what, in the reader's language; an action without words is shown by its name."""
    what = _what(line)
    subject = _subject(line)
    return _("%(what)s : %(subject)s", what=what, subject=subject) if subject else what


def _subject(line: JournalLine) -> str:
    """The name of the thing, or the settings that changed."""
    if line.subject:
        return line.subject if isinstance(line.subject, str) else i18n.pick(dict(line.subject))
    fields = line.details.get("fields")
    words = _fields() if line.action in _WITH_FIELDS and isinstance(fields, list) else {}
    return ", ".join(words[name] for name in fields or () if name in words)


_WITH_FIELDS = frozenset({"identity_changed", "phases_changed"})


def _fields() -> dict[str, str]:
    return {
        "name": _("nom"),
        "subtitle": _("sous-titre"),
        "place": _("lieu"),
        "address": _("adresse"),
        "timezone": _("fuseau horaire"),
        "first_day": _("premier jour"),
        "last_day": _("dernier jour"),
        "languages": _("langues"),
        "contact_email": _("adresse de contact"),
        "contact_phone": _("téléphone de contact"),
        "accent": _("couleur"),
        "registration_opens_at": _("ouverture des inscriptions"),
        "registration_closes_at": _("clôture des inscriptions"),
        "wishes_open_at": _("ouverture des vœux"),
        "wishes_close_at": _("clôture des vœux"),
        "publication_at": _("date de publication"),
        "max_wishes": _("nombre de vœux"),
    }


def _what(line: JournalLine) -> str:
    who = line.who or _("Salon")
    if line.acting_for:
        who = _("%(who)s, à la place de %(person)s,", who=who, person=line.acting_for)
    details = {key: value for key, value in line.details.items() if key not in {"who", "about", "num", "n"}}
    values = {"who": who, "about": line.about or _("une personne"), "is_system": not line.who, **details}
    event = EVENTS.get(line.action)
    if event is None:
        return _("%(who)s : %(action)s", who=who, action=line.action)
    try:
        return event.words(values)
    except KeyError:  # an entry older than its sentence lacks a detail: the rest is still said
        return _("%(who)s : %(action)s", who=who, action=line.action)


def groups() -> list[tuple[str, str]]:
    """The groups of the filter, `(code, words)`."""
    return [(code, title()) for code, (title, _all) in GROUPS.items()]


def actions_of(group: str) -> tuple[str, ...]:
    """The actions of a group; none for an unknown one."""
    return tuple(GROUPS[group][1]) if group in GROUPS else ()
