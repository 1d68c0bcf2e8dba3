"""Access rows of the sign-in pages and of one’s own account."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "auth.sign_in": Access(Audience.PUBLIC),
    "auth.request_link": Access(Audience.PUBLIC),
    "auth.code": Access(Audience.PUBLIC),
    "auth.enter_code": Access(Audience.PUBLIC),
    "auth.link": Access(Audience.TOKEN),
    "auth.use_link": Access(Audience.TOKEN),
    "auth.invitation": Access(Audience.TOKEN),
    "auth.sign_out": Access(Audience.PUBLIC),
    "auth.second_factor": Access(Audience.SIGNED_IN),
    "auth.show_second_factor": Access(Audience.SIGNED_IN),
    "auth.passkey_request": Access(Audience.SIGNED_IN),
    "auth.show_passkey": Access(Audience.SIGNED_IN),
    "account.theme": Access(Audience.PUBLIC),
    "account.index": Access(Audience.SIGNED_IN),
    "account.save": Access(Audience.SIGNED_IN),
    "account.email": Access(Audience.SIGNED_IN),
    "account.ask_email": Access(Audience.SIGNED_IN),
    "account.confirm_email": Access(Audience.SIGNED_IN),
    "account.use_email": Access(Audience.SIGNED_IN),
    "account.close_session": Access(Audience.SIGNED_IN),
    "account.close_sessions": Access(Audience.SIGNED_IN),
    "account.security": Access(Audience.SIGNED_IN),
    "account.totp": Access(Audience.SIGNED_IN),
    "account.add_totp": Access(Audience.SIGNED_IN),
    "account.remove_totp": Access(Audience.SIGNED_IN),
    "account.passkey_options": Access(Audience.SIGNED_IN),
    "account.add_passkey": Access(Audience.SIGNED_IN),
    "account.remove_passkey": Access(Audience.SIGNED_IN),
    "account.recovery_codes": Access(Audience.SIGNED_IN),
    "account.new_recovery_codes": Access(Audience.SIGNED_IN),
}
