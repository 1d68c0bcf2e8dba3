"""Access rows of the planning pages."""

from __future__ import annotations

from salon.policies.access.rule import Access, Audience

ROWS: dict[str, Access] = {
    "runs.index": Access(Audience.READER),
    "runs.new": Access(Audience.EDITOR),
    "runs.create": Access(Audience.EDITOR),
    "runs.detail": Access(Audience.READER),
    "runs.progress": Access(Audience.READER),
    "runs.cancel": Access(Audience.EDITOR),
    "runs.result": Access(Audience.READER),
    "runs.unserved": Access(Audience.EDITOR),  # who wished for whom, and refusals as reasons
    "runs.replay": Access(Audience.EDITOR),
    "plan.index": Access(Audience.READER),
    "plan.draft": Access(Audience.READER),
    "plan.drafts": Access(Audience.READER),
    "plan.meeting": Access(Audience.READER),
    "plan.make_current": Access(Audience.EDITOR),
    "plan.start": Access(Audience.EDITOR),
    "plan.new": Access(Audience.EDITOR),
    "plan.add": Access(Audience.EDITOR),
    "plan.move": Access(Audience.EDITOR),
    "plan.remove": Access(Audience.EDITOR),
    "plan.lock": Access(Audience.EDITOR),
    "plan.undo": Access(Audience.EDITOR),
    "releases.index": Access(Audience.READER),
    "releases.preview": Access(Audience.EDITOR),
    "releases.publish": Access(Audience.EDITOR),
    "releases.detail": Access(Audience.READER),
    "releases.reopen": Access(Audience.EDITOR),
}
