"""The closed lists of the domain; every state that is stored has its word here."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member may do in one edition, strongest first."""

    OWNER = "owner"
    ORGANISER = "organiser"
    DESK = "desk"
    READ_ONLY = "read_only"


class DelegateStatus(StrEnum):
    """Where one person's registration stands."""

    UNCONFIRMED = "unconfirmed"  # the address has not been confirmed yet
    PENDING = "pending"  # waits for an organiser
    WAITING = "waiting"  # the type is full
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the person
    CANCELLED = "cancelled"  # by an organiser


class Source(StrEnum):
    """How a registration came in."""

    SELF = "self"
    COLLEAGUE = "colleague"
    MANUAL = "manual"
    IMPORT = "import"


class WishLevel(StrEnum):
    MUST = "must"
    MEET = "meet"
    NO_THANKS = "no_thanks"


class Phase(StrEnum):
    """State of one phase of an edition on its date line."""

    UNPLANNED = "unplanned"
    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"  # stopped on request, best plan kept
    INFEASIBLE = "infeasible"
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # its worker died; the best plan so far is kept


ACTIVE_RUN_STATES = (RunState.QUEUED, RunState.RUNNING)


class RunPreset(StrEnum):
    MOST_MEETINGS = "most_meetings"
    FAIREST = "fairest"
    FEWEST_GAPS = "fewest_gaps"
    CUSTOM = "custom"


class DraftOrigin(StrEnum):
    RUN = "run"
    COPY = "copy"
    REPAIR = "repair"
    REOPENED = "reopened"
    MANUAL = "manual"


class ReleaseStage(StrEnum):
    PROVISIONAL = "provisional"
    FINAL = "final"


class ReleaseReason(StrEnum):
    PUBLICATION = "publication"
    WITHDRAWAL = "withdrawal"  # published by itself when somebody leaves


class MeetingStatus(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class MailKind(StrEnum):
    """Every message that Salon sends."""

    SIGN_IN = "sign_in"
    CONFIRM_ADDRESS = "confirm_address"
    ALREADY_REGISTERED = "already_registered"
    INVITATION = "invitation"
    CONFIRMATION = "confirmation"
    WAITING_LIST = "waiting_list"
    REFUSAL = "refusal"
    WISHES_OPEN = "wishes_open"
    WISHES_REMINDER = "wishes_reminder"
    PUBLICATION = "publication"
    CANCELLATION = "cancellation"
    MEMBER_INVITATION = "member_invitation"


class MailState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # the answer to DATA was lost: never resent by itself
    DROPPED = "dropped"  # nobody needed it any more when its turn came


class JobKind(StrEnum):
    PRINT_SET = "print_set"
    EXPORT = "export"


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class TokenPurpose(StrEnum):
    """One salt and one table row each; a token of one purpose never serves another."""

    SIGN_IN = "sign_in"
    OPERATOR = "operator"
    CONFIRM_ADDRESS = "confirm_address"
    INVITATION = "invitation"
    FEED = "feed"


class QuestionKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"


class ConsentPurpose(StrEnum):
    """Each is asked apart and starts unticked."""

    DIRECTORY = "directory"
    PARTNERS = "partners"
    PHOTO = "photo"
    NEWSLETTER = "newsletter"
    SURVEY = "survey"


class TermKind(StrEnum):
    """Which vocabulary a term of an organisation or a participation belongs to."""

    SECTOR = "sector"
    NETWORK = "network"
    LABEL = "label"
    LANGUAGE = "language"
    PRESTA = "presta"
    OFFERED_SECTOR = "offered_sector"
    NEEDED_SECTOR = "needed_sector"
