"""Access rows of the participant pages."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "participant.home": Access(Audience.ATTENDEE),
    "participant.confirm": Access(Audience.ATTENDEE),
    "participant.rejoin": Access(Audience.ATTENDEE),
    "participant.profile": Access(Audience.ATTENDEE),
    "participant.profile_save": Access(Audience.ATTENDEE),
    "participant.profile_structure": Access(Audience.ATTENDEE),
    "participant.profile_structure_save": Access(Audience.ATTENDEE),
    "participant.profile_colleague": Access(Audience.ATTENDEE),
    "participant.profile_colleague_save": Access(Audience.ATTENDEE),
    "participant.availability": Access(Audience.ATTENDEE),
    "participant.availability_save": Access(Audience.ATTENDEE),
    "participant.privacy": Access(Audience.ATTENDEE),
    "participant.privacy_save": Access(Audience.ATTENDEE),
    "participant.privacy_export": Access(Audience.ATTENDEE),
    "participant.withdraw": Access(Audience.ATTENDEE),
    "participant.withdraw_now": Access(Audience.ATTENDEE),
    "participant.delete_account": Access(Audience.ATTENDEE),
    "participant.delete_account_now": Access(Audience.ATTENDEE),
}
