"""Access rows of the messages pages: they show addresses, so they are for owners and organisers."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

_EDIT, _ADMIN = Access(Audience.EDITOR), Access(Audience.ADMIN)

ROWS: dict[str, Access] = {
    "messages.index": _EDIT,
    "messages.new": _EDIT,
    "messages.preview": _EDIT,
    "messages.send": _EDIT,
    "messages.trial": _EDIT,
    "messages.sending": _EDIT,
    "messages.resend_failed": _EDIT,
    "messages.detail": _EDIT,
    "messages.letter": _EDIT,
    "messages.confirm_resend": _EDIT,
    "messages.resend": _EDIT,
    "messages.folder": _ADMIN,
    "messages.deposited": _ADMIN,
    "messages.deposited_letter": _ADMIN,
}
