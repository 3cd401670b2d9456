"""Who may do what: one table role x action x relation, one scope for visibility, one list of URLs.

`RIGHTS` says which roles hold an action and on which projects; `URL_ACTIONS` says which action each URL needs. The
middleware refuses a URL that is not listed, so a new page is closed until somebody decides who may open it.
Administrators hold no action on business data.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q

from projects.enums import Role, UnitPart

if TYPE_CHECKING:
    from projects.models import Project


class Relation(StrEnum):
    """On which projects a right holds."""

    ALL = "all"
    OWN = "own"
    """Unit roles: projects the unit leads or cooperates in. Leaders: assigned or overseen. Owners: their project."""
    LEAD = "lead"
    """Unit roles: only projects the unit leads. Owners: their project."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held today, by right or as a substitute (`principal_id` is then the person represented)."""

    role: Role
    unit_id: int | None = None
    project_id: int | None = None
    officer_id: int | None = None
    principal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What one account may do on one day. Made once per request by `selectors.people.access_of`."""

    user_id: int | None
    day: dt.date
    grants: tuple[Grant, ...] = field(default=())

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def grants_for(self, action: str) -> tuple[Grant, ...]:
        rights = RIGHTS[action]
        return tuple(grant for grant in self.grants if grant.role in rights)

    def may(self, action: str) -> bool:
        """Whether the action is open at all; which projects it covers is `project_scope(access, action)`."""
        return bool(self.grants_for(action))

    def principal_for(self, action: str) -> int | None:
        """The person represented when the right comes only from a substitution, else None."""
        grants = self.grants_for(action)
        if not grants or any(grant.principal_id is None for grant in grants):
            return None
        return grants[0].principal_id

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(grant.unit_id for grant in self.grants if grant.unit_id is not None)

    @property
    def officer_ids(self) -> frozenset[int]:
        return frozenset(grant.officer_id for grant in self.grants if grant.officer_id is not None)


_OFFICES = (Role.SUPERVISION, Role.BUREAU, Role.PROJECT_OFFICE)
_DATA = (Role.BUREAU, Role.PROJECT_OFFICE)
_LEADERS = (Role.MAIN_LEADER, Role.VICE_HEAD)
_UNIT = (Role.UNIT_HEAD, Role.UNIT_STAFF)
_BUSINESS = (*_LEADERS, *_OFFICES, *_UNIT, Role.OWNER)
_ADMINS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def _on(relation: Relation, *roles: Role) -> dict[Role, Relation]:
    return dict.fromkeys(roles, relation)


_SEE: dict[Role, Relation] = {
    **_on(Relation.ALL, Role.MAIN_LEADER, *_OFFICES),
    **_on(Relation.OWN, Role.VICE_HEAD, *_UNIT, Role.OWNER),
}

RIGHTS: dict[str, dict[Role, Relation]] = {
    "home": _on(Relation.ALL, *Role),
    "account": _on(Relation.ALL, *Role),
    "projects.view": _SEE,
    "projects.edit": _on(Relation.ALL, *_DATA),
    "projects.export": _SEE,
    "lists.view": _on(Relation.ALL, *_LEADERS, *_OFFICES),
    "lists.edit": _on(Relation.ALL, *_DATA),
    "plans.propose": {**_on(Relation.ALL, *_DATA), **_on(Relation.LEAD, *_UNIT, Role.OWNER)},
    "plans.approve": _on(Relation.ALL, *_DATA),
    "milestones.edit": {**_on(Relation.ALL, *_DATA), **_on(Relation.LEAD, *_UNIT, Role.OWNER)},
    "milestones.approve": _on(Relation.ALL, *_DATA),
    "documents.view": _SEE,
    "documents.edit": {**_on(Relation.ALL, *_OFFICES), **_on(Relation.LEAD, *_UNIT)},
    "reports.view": _SEE,
    "reports.submit": {**_on(Relation.ALL, *_DATA), **_on(Relation.LEAD, *_UNIT, Role.OWNER)},
    "reports.review": _on(Relation.ALL, *_DATA),
    "reports.correct": _on(Relation.ALL, *_DATA),
    "flags.settle": _on(Relation.ALL, *_OFFICES),
    "inclusion.edit": _on(Relation.ALL, Role.BUREAU),
    "lights.override": _on(Relation.ALL, Role.SUPERVISION, Role.PROJECT_OFFICE),
    "periods.view": _on(Relation.ALL, *_OFFICES),
    "periods.edit": _on(Relation.ALL, *_DATA),
    "calendar.edit": _on(Relation.ALL, *_DATA),
    "policy.view": _on(Relation.ALL, *_LEADERS, *_OFFICES),
    "policy.edit": _on(Relation.ALL, Role.BUREAU),
    "imports.run": _on(Relation.ALL, *_DATA),
    "units.edit": _on(Relation.ALL, *_DATA),
    "officers.edit": _on(Relation.ALL, *_DATA),
    "accounts.edit": _on(Relation.ALL, Role.SYSTEM_ADMIN),
    "grants.edit": _on(Relation.ALL, Role.SECURITY_ADMIN),
    "substitutions.edit": _on(Relation.ALL, Role.SECURITY_ADMIN),
    "audit.view": _on(Relation.ALL, Role.AUDIT_ADMIN),
    "as_of": _on(Relation.ALL, *_LEADERS, *_OFFICES),
    "rankings.view": _on(Relation.ALL, *_BUSINESS),
    "rankings.leaders": _on(Relation.ALL, Role.MAIN_LEADER, *_OFFICES),
    "rankings.lists": _on(Relation.ALL, Role.MAIN_LEADER, *_OFFICES),
    "rankings.take": _on(Relation.ALL, *_DATA),
    "rankings.publish": _on(Relation.ALL, *_DATA),
    "dashboard.view": _on(Relation.ALL, *_LEADERS, *_OFFICES),
    "notices.inbox": _on(Relation.ALL, *_BUSINESS),
    "notices.manage": _on(Relation.ALL, *_OFFICES),
    "operations.view": _on(Relation.ALL, Role.SYSTEM_ADMIN, *_OFFICES),
    "operations.retry": _on(Relation.ALL, Role.SYSTEM_ADMIN, *_DATA),
}

PUBLIC_URLS = frozenset({"sign_in", "sign_in_code", "healthz", "readyz", "style"})
"""Open without signing in (the style page exists only in debug; the code page only after a right password)."""

URL_ACTIONS: dict[str, str] = {
    # the signed-in person
    "home": "home",
    "workbench": "periods.view",
    "sign_out": "account",
    "password_change": "account",
    "second_factor": "account",
    "manual": "account",
    "manual_page": "account",
    "as_of": "as_of",
    # projects
    "project_list": "projects.view",
    "project_export": "projects.export",
    "wall_chart": "projects.view",
    "wall_export": "projects.export",
    "project_columns_keep": "projects.view",
    "project": "projects.view",
    "project_create": "projects.edit",
    "project_edit": "projects.edit",
    "project_people": "projects.edit",
    "stage_set": "projects.edit",
    "start_confirm": "projects.edit",
    "completion_confirm": "projects.edit",
    "inclusion_set": "inclusion.edit",
    "light_override": "lights.override",
    "light_override_withdraw": "lights.override",
    "annual_list": "lists.view",
    "list_adjust": "lists.edit",
    "plan_propose": "plans.propose",
    "plan_decide": "plans.approve",
    "milestone_add": "milestones.edit",
    "milestone_move": "milestones.edit",
    "milestone_complete": "milestones.edit",
    "milestone_confirm": "milestones.approve",
    "milestone_decide": "milestones.approve",
    "document_add": "documents.edit",
    "document_file": "documents.view",
    "document_void": "documents.edit",
    # reports
    "report_todo": "reports.view",
    "report": "reports.view",
    "report_entry": "reports.submit",
    "report_draft": "reports.submit",
    "photo": "reports.view",
    "photo_add": "reports.submit",
    "photo_remove": "reports.submit",
    "report_no_change": "reports.submit",
    "report_submitted": "reports.submit",
    "review_queue": "reports.review",
    "review": "reports.review",
    "review_accept": "reports.review",
    "report_correct": "reports.correct",
    "flag_list": "flags.settle",
    "flag_export": "flags.settle",
    "flag_settle": "flags.settle",
    "flag_confirm": "flags.settle",
    # periods and settings
    "period_list": "periods.view",
    "period": "periods.view",
    "period_export": "periods.view",
    "period_edit": "periods.edit",
    "period_waive": "periods.edit",
    "period_waive_many": "periods.edit",
    "calendar": "periods.view",
    "calendar_edit": "calendar.edit",
    "policy": "policy.view",
    "policy_edit": "policy.edit",
    "unit_list": "units.edit",
    "unit": "units.edit",
    "unit_alias": "units.edit",
    "unit_oversee": "units.edit",
    "officer_list": "officers.edit",
    "officer": "officers.edit",
    "officer_alias": "officers.edit",
    # ledgers
    "import_list": "imports.run",
    "import_upload": "imports.run",
    "import_preview": "imports.run",
    "import_answer": "imports.run",
    "import_confirm": "imports.run",
    "import_undo": "imports.run",
    "import_file": "imports.run",
    # administrators
    "account_list": "accounts.edit",
    "account": "accounts.edit",
    "account_create": "accounts.edit",
    "account_reset": "accounts.edit",
    "account_second_factor": "accounts.edit",
    "account_state": "accounts.edit",
    "grant_list": "grants.edit",
    "grant_create": "grants.edit",
    "grant_end": "grants.edit",
    "substitution_list": "substitutions.edit",
    "substitution_create": "substitutions.edit",
    "substitution_end": "substitutions.edit",
    "audit_log": "audit.view",
    # rankings and dashboard
    "dashboard": "dashboard.view",
    "dashboard_screen": "dashboard.view",
    "dashboard_figures": "dashboard.view",
    "rankings": "rankings.view",
    "ranking_export": "rankings.view",
    "ranking_explain": "rankings.view",
    "ranking_history": "rankings.view",
    "ranking_history_export": "rankings.view",
    "ranking_compare": "rankings.view",
    "ranking_compare_export": "rankings.view",
    "snapshot_take": "rankings.take",
    "snapshot_publish": "rankings.publish",
    "snapshot_supersede": "rankings.publish",
    # notices
    "inbox": "notices.inbox",
    "notice": "notices.inbox",
    "notice_read": "notices.inbox",
    "notice_acknowledge": "notices.inbox",
    "notice_batches": "notices.manage",
    "notice_batch": "notices.manage",
    "notice_preview": "notices.manage",
    "notice_issue": "notices.manage",
    "notice_remind": "notices.manage",
    # operations
    "operations": "operations.view",
    "job_retry": "operations.retry",
    "job_run": "operations.retry",
    "delivery_retry": "operations.retry",
}
"""URL name -> action. A test reads the resolver and fails on any URL missing here."""


def project_scope(access: Access, action: str = "projects.view") -> Q:
    """The projects on which `access` holds `action`, as a filter on Project; matches nothing without a grant."""
    rights = RIGHTS[action]
    scope = Q(pk__in=[])
    for grant in access.grants:
        relation = rights.get(grant.role)
        if relation is None:
            continue
        if relation is Relation.ALL:
            return Q()
        scope |= _scope_of(grant, relation, access.day)
    return scope


def _scope_of(grant: Grant, relation: Relation, day: dt.date) -> Q:
    from projects.models import LeaderAssignment, UnitAssignment, UnitOversight

    if grant.role == Role.OWNER:
        return Q(pk=grant.project_id)
    if grant.role == Role.VICE_HEAD:
        own = LeaderAssignment.objects.valid_on(day).filter(officer=grant.officer_id)
        field_units = UnitOversight.objects.valid_on(day).filter(officer=grant.officer_id)
        in_field = UnitAssignment.objects.valid_on(day).filter(unit__in=field_units.values("unit"), part=UnitPart.LEAD)
        return Q(pk__in=own.values("project")) | Q(pk__in=in_field.values("project"))
    assigned = UnitAssignment.objects.valid_on(day).filter(unit=grant.unit_id)
    if relation is Relation.LEAD:
        assigned = assigned.filter(part=UnitPart.LEAD)
    return Q(pk__in=assigned.values("project"))


def may_on(access: Access, action: str, project: Project) -> bool:
    """Whether `access` holds `action` on this very project."""
    if not access.may(action):
        return False
    return type(project).objects.filter(project_scope(access, action), pk=project.pk).exists()
