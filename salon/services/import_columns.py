"""What a column of an imported file may mean, and the guess made from its header and its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salon.keys import fold

IGNORED = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column can fill; `aliases` are headers met in French and English files, folded."""

    key: str
    aliases: tuple[str, ...]
    required: bool = False


def _target(key: str, aliases: str, *, required: bool = False) -> Target:
    return Target(key, tuple(alias.strip() for alias in aliases.split(",")), required)


TARGETS: tuple[Target, ...] = (
    _target(
        "email",
        "e mail, email, mail, courriel, adresse e mail, adresse email, adresse mail, adresse electronique, "
        "adresse courriel, email address, e mail address, mel",
        required=True,
    ),
    _target(
        "last_name", "nom, nom de famille, last name, surname, family name, nom du contact", required=True
    ),
    _target("first_name", "prenom, first name, given name, firstname, prenom du contact", required=True),
    _target(
        "organisation",
        "structure, organisation, organization, entreprise, societe, raison sociale, nom de la structure, "
        "nom de l entreprise, nom structure, denomination, etablissement, company, company name, organisme",
        required=True,
    ),
    _target("type", "type, type de participant, type participant, participant type, profil, categorie, cote"),
    _target("job_title", "fonction, poste, titre, job title, role, position, fonction du contact"),
    _target("phone", "telephone, tel, portable, mobile, phone, phone number, numero de telephone"),
    _target("locale", "langue, langue des messages, language, message language"),
    _target("languages", "langues, langues parlees, spoken languages, languages"),
    _target("step_free", "plain pied, table de plain pied, step free, step free table"),
    _target("access", "besoin d acces, besoins d acces, access need, access needs, accessibilite"),
    _target("max_meetings", "maximum de rendez vous, rendez vous maximum, max rendez vous, maximum meetings"),
    _target(
        "kind", "type de structure, nature, nature de la structure, kind, organisation kind, structure kind"
    ),
    _target("legal_form", "forme juridique, statut juridique, legal form"),
    _target("siret", "siret, n siret, numero siret, no siret"),
    _target("department", "departement, dept, department, code postal, cp, postcode, zip"),
    _target("town", "ville, commune, town, city, localite"),
    _target("size", "effectif, taille, size, headcount, nombre de salaries"),
    _target("website", "site, site web, site internet, website, url, web"),
    _target("pitch", "presentation, description, accroche, pitch, presentation courte"),
    _target(
        "sectors", "secteur, secteurs, secteurs d activite, secteur d activite, sectors, sector, activites"
    ),
    _target("networks", "reseau, reseaux, networks, network"),
    _target("labels", "label, labels, certifications, labels et certifications"),
    _target("prestas", "prestations, types de prestation, type de prestation, services"),
    _target("offers", "offre, offres, ce que nous proposons, offers, offer"),
    _target("needs", "besoin, besoins, ce que nous cherchons, needs, need"),
)
KEYS = tuple(target.key for target in TARGETS)
REQUIRED = tuple(target.key for target in TARGETS if target.required)


def guess(header: Sequence[str], samples: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """A target key, or `IGNORED`, for each column; a target is used once. `samples` are cells by column."""
    by_alias = {alias: target.key for target in TARGETS for alias in target.aliases}
    found, taken = [], set()
    for name in header:
        key = by_alias.get(fold(name), IGNORED)
        found.append(IGNORED if key in taken else key)
        taken.add(key)
    if "email" not in taken:
        _guess_address(found, samples)
    return tuple(found)


def _guess_address(found: list[str], samples: Sequence[Sequence[str]]) -> None:
    for index, cells in enumerate(samples):
        filled = [cell for cell in cells if cell]
        if found[index] == IGNORED and filled and all("@" in cell for cell in filled):
            found[index] = "email"
            return


def missing(columns: Sequence[str]) -> tuple[str, ...]:
    """Required targets that no column fills."""
    return tuple(key for key in REQUIRED if key not in columns)


def twice(columns: Sequence[str]) -> tuple[str, ...]:
    """Targets that more than one column claims."""
    return tuple(key for key in KEYS if columns.count(key) > 1)
