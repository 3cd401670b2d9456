"""Facts of record. One module per noun."""

from projects.models.audit import AuditArchive, AuditEntry, AuditHead, FormUse
from projects.models.calendar import CalendarDay, CalendarYear
from projects.models.documents import DocumentVoid, ProjectDocument
from projects.models.imports import ImportRow, LedgerAnswer, LedgerImport
from projects.models.indicators import Indicator, LightChange, LightOverride
from projects.models.milestones import Milestone, MilestoneChange, MilestoneMove
from projects.models.people import (
    Officer,
    OfficerAlias,
    RoleGrant,
    Substitution,
    Unit,
    UnitAlias,
    UnitOversight,
    User,
)
from projects.models.periods import ExpectedReport, Period
from projects.models.photos import ReportPhoto
from projects.models.plans import PlanVersion
from projects.models.policy import PolicyRow
from projects.models.preferences import ColumnChoice
from projects.models.projects import (
    AnnualList,
    AnnualListEntry,
    LeaderAssignment,
    ListAdjustment,
    Project,
    ProjectName,
    StageChange,
    StatisticsInclusion,
    Tag,
    UnitAssignment,
)
from projects.models.reports import Report, ReportReview, ReportRevision, RevisionWithdrawal, VerificationFlag
from projects.models.second_factor import SecondFactor
from projects.models.sessions import SignInTry

__all__ = [
    "AnnualList",
    "AnnualListEntry",
    "AuditArchive",
    "AuditEntry",
    "AuditHead",
    "CalendarDay",
    "CalendarYear",
    "ColumnChoice",
    "DocumentVoid",
    "ExpectedReport",
    "FormUse",
    "ImportRow",
    "Indicator",
    "LeaderAssignment",
    "LedgerAnswer",
    "LedgerImport",
    "LightChange",
    "LightOverride",
    "ListAdjustment",
    "Milestone",
    "MilestoneChange",
    "MilestoneMove",
    "Officer",
    "OfficerAlias",
    "Period",
    "PlanVersion",
    "PolicyRow",
    "Project",
    "ProjectDocument",
    "ProjectName",
    "Report",
    "ReportPhoto",
    "ReportReview",
    "ReportRevision",
    "RevisionWithdrawal",
    "RoleGrant",
    "SecondFactor",
    "SignInTry",
    "StageChange",
    "StatisticsInclusion",
    "Substitution",
    "Tag",
    "Unit",
    "UnitAlias",
    "UnitAssignment",
    "UnitOversight",
    "User",
    "VerificationFlag",
]
