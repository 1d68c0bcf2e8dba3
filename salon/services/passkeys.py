"""Passkeys: WebAuthn credentials as a second factor that no false page can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import webauthn
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from salon.actor import Actor
from salon.errors import DomainError, Invalid, NotAllowed
from salon.models import Account, Passkey
from salon.services import audit, second_factor

MAX_PASSKEYS = 10


@dataclass(frozen=True, slots=True)
class Site:
    """Who asks: the domain and the origin, from the installation's own address, never from the request."""

    domain: str
    origin: str


def creation_options(session: Session, account: Account, site: Site) -> tuple[str, bytes]:
    """The options for the browser, as JSON, and the challenge to expect back."""
    known = second_factor.passkeys(session, account)
    if len(known) >= MAX_PASSKEYS:
        raise DomainError("too_many_passkeys", most=MAX_PASSKEYS)
    options = webauthn.generate_registration_options(
        rp_id=site.domain,
        rp_name="Salon",
        user_name=account.email,
        user_display_name=account.name or account.email,
        user_id=f"salon:{account.id}".encode(),
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return webauthn.options_to_json(options), options.challenge


def add(
    session: Session, actor: Actor, now: datetime, *, account: Account, site: Site, challenge: bytes,
    credential: Mapping[str, Any], name: str,
) -> tuple[str, ...]:  # fmt: skip
    """The credential belongs to the account; recovery codes when there were none.

    Raises
    ------
    Invalid
        `passkey_refused`: it does not answer our challenge, or another account has it.
    """
    try:
        verified = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid("passkey_refused") from error
    _refuse_known(session, verified.credential_id)
    row = Passkey(
        account_id=account.id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=name[:80],
        created_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, now, "second_factor_added", obj=row, factor="passkey")
    return second_factor.first_recovery_codes(session, actor, now, account=account)


def _refuse_known(session: Session, credential_id: bytes) -> None:
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)) is not None:
        raise Invalid("passkey_refused")


def remove(session: Session, actor: Actor, now: datetime, *, account: Account, number: int) -> None:
    """The credential opens nothing any more; one of somebody else's is not there."""
    row = session.scalar(select(Passkey).where(Passkey.id == number, Passkey.account_id == account.id))
    if row is None:
        raise NotAllowed("unknown_passkey")
    session.delete(row)
    session.flush()
    audit.record(session, actor, now, "second_factor_removed", obj=account, factor="passkey")
    second_factor.forget_codes_without_factor(session, account)


def request_options(session: Session, account: Account, site: Site) -> tuple[str, bytes]:
    """The options to show a passkey, as JSON, and the challenge to expect back."""
    options = webauthn.generate_authentication_options(
        rp_id=site.domain, allow_credentials=_descriptors(second_factor.passkeys(session, account))
    )
    return webauthn.options_to_json(options), options.challenge


def show(
    session: Session, actor: Actor, now: datetime, *, account: Account, session_id: int, site: Site,
    challenge: bytes, credential: Mapping[str, Any],
) -> str:  # fmt: skip
    """A passkey of the account makes the session strong; its new cookie secret.

    Raises
    ------
    DomainError
        `passkey_unknown`: not the account's, or it does not answer our challenge.
    """
    row = _named(session, account, credential)
    try:
        verified = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid("passkey_refused") from error
    row.sign_count = verified.new_sign_count
    session.flush()
    audit.record(session, actor, now, "second_factor_shown", obj=account, factor="passkey")
    return second_factor.strengthen(session, now, session_id)


def _named(session: Session, account: Account, credential: Mapping[str, Any]) -> Passkey:
    try:
        raw = webauthn.base64url_to_bytes(str(credential["rawId"]))
    except (KeyError, ValueError) as error:
        raise Invalid("passkey_refused") from error
    mine = (Passkey.account_id == account.id, Passkey.credential_id == raw)
    row = session.scalar(select(Passkey).where(*mine))
    if row is None:
        raise Invalid("passkey_refused")
    return row


def _descriptors(rows: tuple[Passkey, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=row.credential_id) for row in rows]
