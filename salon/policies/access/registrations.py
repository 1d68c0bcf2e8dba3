"""Access rows of the registrations pages."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "registrations.index": Access(Audience.READER),
    "registrations.detail": Access(Audience.READER),
    "registrations.exchanges": Access(Audience.EDITOR),
    "registrations.export": Access(Audience.EDITOR),
    "registrations.new": Access(Audience.EDITOR),
    "registrations.approve": Access(Audience.EDITOR),
    "registrations.decide": Access(Audience.EDITOR),
    "registrations.bulk": Access(Audience.EDITOR),
    "registrations.decide_many": Access(Audience.EDITOR),
    "registrations.edit_person": Access(Audience.EDITOR),
    "registrations.edit_organisation": Access(Audience.EDITOR),
    "registrations.presence": Access(Audience.EDITOR),
    "registrations.act_for": Access(Audience.EDITOR),
    "registrations.stop_acting": Access(Audience.SIGNED_IN),  # whoever acts must be able to come back
    "imports.index": Access(Audience.EDITOR),
    "imports.upload": Access(Audience.EDITOR),
    "imports.preview": Access(Audience.EDITOR),
    "imports.choose_columns": Access(Audience.EDITOR),
    "imports.choose_sheet": Access(Audience.EDITOR),
    "imports.apply": Access(Audience.EDITOR),
    "imports.undo": Access(Audience.EDITOR),
    "imports.discard": Access(Audience.EDITOR),
    "imports.errors": Access(Audience.EDITOR),
    "exclusions.index": Access(Audience.EDITOR),  # confidential, as are the refusals that orders meet
    "exclusions.add": Access(Audience.EDITOR),
    "exclusions.delete": Access(Audience.EDITOR),
    "mandatory.index": Access(Audience.EDITOR),
    "mandatory.add": Access(Audience.EDITOR),
    "mandatory.delete": Access(Audience.EDITOR),
    "wishes.index": Access(Audience.READER),
}
