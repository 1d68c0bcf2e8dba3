"""All tables; importing this package registers them."""

from salon.models.accounts import (
    Account,
    Attempt,
    AuthSession,
    Erasure,
    LoginToken,
    Membership,
    Passkey,
    RecoveryCode,
)
from salon.models.audit import AuditEntry
from salon.models.base import Base
from salon.models.operations import Job, MailBatch, OutboxMail, StoredFile, Submission, WorkerBeat
from salon.models.people import (
    Absence,
    Answer,
    ConsentRecord,
    Delegate,
    FeedToken,
    ImportBatch,
    Organisation,
    OrganisationTerm,
    Participation,
    ParticipationTerm,
)
from salon.models.planning import (
    Draft,
    Meeting,
    Placement,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    RunPoint,
    Seat,
    SolverRun,
)
from salon.models.programme import (
    Asset,
    Edition,
    Fair,
    MeetingSession,
    ParticipantType,
    ProgrammeItem,
    Question,
    Slot,
    Table,
    TypeRule,
)
from salon.models.wishes import Exclusion, MandatoryMeeting, Wish

__all__ = [
    "Absence", "Account", "Answer", "Asset", "Attempt", "AuditEntry", "AuthSession", "Base", "ConsentRecord",
    "Delegate", "Draft", "Edition", "Erasure", "Exclusion", "Fair", "FeedToken", "ImportBatch", "Job",
    "LoginToken", "MailBatch", "MandatoryMeeting", "Meeting", "MeetingSession", "Membership", "Organisation",
    "OrganisationTerm", "OutboxMail", "ParticipantType", "Participation", "ParticipationTerm", "Passkey",
    "Placement", "ProgrammeItem", "Question", "RecoveryCode", "Release", "ReleasedMeeting", "ReleasedSeat",
    "RunPoint", "Seat", "Slot", "SolverRun", "StoredFile", "Submission", "Table", "TypeRule", "Wish",
    "WorkerBeat",
]  # fmt: skip
