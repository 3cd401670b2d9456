"""Every sign-in, refusal, change, export, import and change of rights leaves its entry in the audit log, and where the
log cannot be written nothing is done (docs/trust.md, Audit chain).

`ACTS` holds one valid use of every URL that takes a POST, made of the form as its page shows it; `SILENT` names those
that leave no entry, and why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve, reverse
from zeal import zeal_ignore

from projects.enums import ReportState, Role
from projects.models import (
    AuditEntry,
    ExpectedReport,
    Milestone,
    MilestoneMove,
    Project,
    Report,
    ReportRevision,
    SecondFactor,
    User,
    VerificationFlag,
)
from tests.conftest import Freeze
from tests.guards.test_access_matrix import rows
from tests.support import addresses
from tests.support.addresses import address, methods
from tests.support.audit_log import entries_since, last_entry, log_full, undone
from tests.support.county import moment
from tests.support.files import pdf
from tests.support.ledgers import plan_book
from tests.support.pages import filled, read
from tests.support.site import NOW, Site
from tests.support.web import page_text, send

PASSWORD = "Shan-Qing-Shui-Xiu-9"
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One use of a URL: who, the entries it leaves, and what is typed over what the form shows."""

    who: Role
    entries: tuple[str, ...]
    typed: Callable[[Site], Data] = lambda site: {}
    page: str = ""
    """Name of the page on which the form stands, if not on the URL itself."""
    project: str = "road"
    before: Callable[[Site], Any] = lambda site: None
    at: dt.datetime = NOW


def act(who: Role, *entries: str, page: str = "", project: str = "road", **typed: Any) -> Act:
    return Act(who, entries, lambda site: typed, page, project)


def _password(site: Site) -> None:
    user = User.objects.get(pk=site.by_role[Role.UNIT_STAFF].pk)
    user.set_password(PASSWORD)
    user.save()
    site.open(user).logout()


def _with_telephone(site: Site) -> None:
    """The account that the administrator looks at has a second factor."""
    SecondFactor.objects.create(user=site.county.park_staff, secret="A" * 32, created_at=NOW, confirmed_at=NOW)


def _claimed(site: Site) -> None:
    """The unit says that the road's node is done."""
    Milestone.objects.filter(pk=site.rows_of(site.county.road)["milestone"]).update(
        done_on="2026-05-20", percent=100, claimed_by=site.county.transport_staff
    )


def _silent(site: Site) -> ExpectedReport:
    return ExpectedReport.objects.filter(period__key="2026-05", report=None).earliest("pk")


def _waiting(site: Site) -> ReportRevision:
    return ReportRevision.objects.get(report__project=site.county.factory, report__state=ReportState.SUBMITTED)


def _unreported(site: Site) -> None:
    """The road's May is not reported after all."""
    expected = ExpectedReport.objects.get(pk=site.rows_of(site.county.road)["expected_id"])
    Report.objects.filter(expected=expected).update(expected=_silent(site))


UNIT, BUREAU, OFFICE, SYSTEM, SECURITY = (
    Role.UNIT_STAFF,
    Role.BUREAU,
    Role.PROJECT_OFFICE,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
)
WORKBOOK = "export.workbook"
ACTS: dict[str, Act] = {
    "sign_out": act(UNIT, "session.sign_out", page="project_list"),
    # projects
    "project_export": act(UNIT, WORKBOOK, page="project_list"),
    "wall_export": act(UNIT, WORKBOOK, page="wall_chart"),
    "project_create": act(BUREAU, "project.create"),
    "project_edit": act(BUREAU, "project.update"),
    "project_people": Act(BUREAU, ("project.assign_unit",), lambda site: {"unit": site.county.park.pk, "officer": ""}),
    "stage_set": act(BUREAU, "project.stage", stage="finished", on="2026-05-30"),
    "start_confirm": act(BUREAU, "project.start", "project.stage", project="expressway", on="2026-05-20"),
    "completion_confirm": act(BUREAU, "project.completion", "project.stage"),
    "inclusion_set": act(BUREAU, "project.inclusion"),
    "light_override": act(OFFICE, "light.override"),
    "light_override_withdraw": act(OFFICE, "light.withdraw_override", page="project"),
    "list_adjust": act(BUREAU, "list.adjust", "project.stage"),
    "plan_propose": act(UNIT, "plan.propose", project="expressway", months="", annual="15600"),
    "plan_decide": act(BUREAU, "plan.approve"),
    "milestone_add": act(UNIT, "milestone.add"),
    "milestone_move": Act(
        UNIT,
        ("milestone.request_move",),
        lambda site: {"new_due": "2026-09-30"},
        before=lambda site: MilestoneMove.objects.update(state="accepted"),
    ),
    "milestone_decide": act(BUREAU, "milestone.move"),
    "milestone_complete": act(UNIT, "milestone.complete"),
    "milestone_confirm": Act(OFFICE, ("milestone.confirm",), page="project", before=_claimed),
    "document_add": Act(UNIT, ("document.add",), lambda site: {"file": SimpleUploadedFile("批复.pdf", pdf())}),
    "document_void": act(UNIT, "document.void"),
    # reports
    "report_entry": act(UNIT, "report.submit", "flag.replace", "flag.raise", done="9900", done_period=""),
    "report_no_change": act(UNIT, "report.submit", "flag.replace", "flag.raise", page="report_entry"),
    "report_correct": act(BUREAU, "report.correct", "flag.raise", done="4100", done_period="", stage=""),
    "review": act(OFFICE, "report.accept"),
    "review_accept": Act(
        OFFICE,
        ("report.accept",),
        lambda site: {"revision": _waiting(site).pk},
        page="review_queue",
        before=lambda site: VerificationFlag.objects.update(state="confirmed"),
    ),
    "flag_export": act(OFFICE, WORKBOOK, page="flag_list"),
    "flag_settle": act(BUREAU, "flag.settle"),
    "flag_confirm": Act(
        BUREAU,
        ("flag.settle",),
        lambda site: {"flag": site.rows_of(site.county.road)["flag"], "note": "已核对"},
        page="flag_list",
    ),
    "period_export": act(OFFICE, WORKBOOK, page="period"),
    "period_edit": act(BUREAU, "period.reschedule", lock_at="2026-06-20T18:00", due_at="2026-06-10T18:00"),
    "period_waive": Act(BUREAU, ("period.waive",), before=_unreported),
    "period_waive_many": Act(
        BUREAU, ("period.waive",), lambda site: {"expected": _silent(site).pk, "note": "停工"}, page="period"
    ),
    # settings
    "calendar_edit": act(BUREAU, "calendar.set_year_status"),
    "policy_edit": act(BUREAU, "policy.set_value", value="21"),
    "unit": act(BUREAU, "unit.update"),
    "unit_alias": act(BUREAU, "unit.alias"),
    "unit_oversee": act(BUREAU, "unit.oversee"),
    "officer": act(BUREAU, "officer.update"),
    "officer_alias": act(BUREAU, "officer.alias"),
    # accounts and rights
    "password_change": Act(
        UNIT,
        ("account.change_password",),
        lambda site: {"old": PASSWORD, "new": "Lu-Ye-Chen-Guang-7", "again": "Lu-Ye-Chen-Guang-7"},
        before=_password,
    ),
    "second_factor": act(UNIT, "account.begin_second_factor"),
    "account_second_factor": Act(SYSTEM, ("account.lift_second_factor",), page="account", before=_with_telephone),
    "account_create": act(SYSTEM, "account.create"),
    "account": act(SYSTEM, "account.update"),
    "account_state": act(SYSTEM, "account.disable"),
    "account_reset": act(SYSTEM, "account.reset_password", page="account"),
    "grant_create": Act(
        SECURITY,
        ("grant.create",),
        lambda site: {
            "user": site.idle.pk,
            "role": "unit_head",
            "unit": site.county.housing.pk,
            "project_code": "",
            "valid_from": "2026-06-01",
            "valid_to": "",
        },
    ),
    "grant_end": act(SECURITY, "grant.end"),
    "substitution_create": Act(
        SECURITY,
        ("substitution.create",),
        lambda site: {"principal": site.county.mayor.pk, "delegate": site.county.vice.pk},
    ),
    "substitution_end": act(SECURITY, "substitution.end"),
    # ledgers
    "import_upload": Act(
        OFFICE,
        ("import.upload",),
        lambda site: {"file": SimpleUploadedFile("计划.xlsx", plan_book([])), "period": "", "kind": ""},
    ),
    "import_answer": Act(OFFICE, ("import.answer",), page="import_preview"),
    "import_confirm": act(OFFICE, "import.confirm", page="import_preview"),
    "import_undo": act(OFFICE, "import.undo", page="import_preview"),
    "import_file": act(OFFICE, "export.ledger", page="import_preview"),
    # rankings, notices, operations
    "ranking_export": act(UNIT, WORKBOOK, page="rankings"),
    "ranking_compare_export": act(UNIT, WORKBOOK, page="ranking_compare"),
    "ranking_history_export": act(UNIT, WORKBOOK, page="ranking_history"),
    "snapshot_take": act(BUREAU, "snapshots.take"),
    "snapshot_publish": Act(BUREAU, ("snapshots.publish",), at=moment(7, 1, 9)),
    "snapshot_supersede": act(BUREAU, "snapshots.supersede", "snapshots.take"),
    "notice_issue": Act(OFFICE, ("notices.issue",), page="notice_preview", at=moment(6, 8, 9)),
    "notice_remind": act(OFFICE, "notices.remind", page="period"),
    "job_run": act(OFFICE, "jobs.request", page="operations"),
    "job_retry": act(OFFICE, "jobs.retry", page="operations"),
    "delivery_retry": act(OFFICE, "deliveries.retry", page="operations"),
}
MANY = {"import_confirm", "import_undo"}
"""Acts of many parts: each part has its entry, and the whole has one."""
SILENT = {
    "sign_in": "tests/projects/views/test_session.py",
    "sign_in_code": "tests/projects/views/test_second_factor.py",
    "notice_acknowledge": "test_a_notice_is_acknowledged",
    "as_of": "chooses what the reader's own pages show",
    "project_columns_keep": "the reader's own columns",
    "notice_read": "a mark for the reader alone",
    "report_draft": "what is being typed is nobody's statement yet; its submission is",
    "photo_add": "part of a draft",
    "photo_remove": "part of a draft",
}
"""POSTs without an entry of their own, and why; or where they are tried."""


def prepared(site: Site, name: str, freeze: Freeze) -> tuple[Client, str, Data]:
    """A browser, the address and what the form sends."""
    wanted = ACTS[name]
    freeze(wanted.at)
    wanted.before(site)
    project = getattr(site.county, wanted.project)
    url = _url(site, name, project)
    client = site.open(User.objects.get(pk=site.by_role[wanted.who].pk))
    page = _url(site, wanted.page, project) if wanted.page else url
    if wanted.page == "import_preview":
        page = url.rsplit("/", 2)[0] + "/"
    forms = [form for form in read(client.get(page).content.decode()).forms if form.method == "post"]
    own = [form for form in forms if str(resolve((form.action or page).split("?")[0]).url_name) == name]
    assert own, f"{page} shows no form of {name}: {[form.action for form in forms]}"
    return client, own[0].action or url, filled(own[0], **wanted.typed(site))


def _url(site: Site, name: str, project: Project) -> str:
    if project == site.county.expressway:
        return reverse(name, args=[project.pk])
    return address(site, name, project).url


def test_every_post_is_here() -> None:
    posts = {name for name in addresses.names() if "POST" in methods(name)}
    assert posts == set(ACTS) | set(SILENT)


def test_every_act_leaves_its_entries(site: Site, freeze: Freeze) -> None:
    problems = []
    for name, wanted in ACTS.items():
        with undone(), zeal_ignore():
            client, url, data = prepared(site, name, freeze)
            last = last_entry()
            answer = client.post(url, data)
            found = entries_since(last)
            whole = tuple(entry for entry in found if entry in wanted.entries) if name in MANY else found
            if answer.status_code not in (200, 302) or whole != wanted.entries:
                problems.append(f"{name}: {answer.status_code} {found}, must be {wanted.entries}")
            rows = AuditEntry.objects.filter(pk__gt=last)
            problems += [f"{name}: {row} by {row.actor}" for row in rows if row.actor != site.by_role[wanted.who]]
    assert not problems, "\n".join(problems)


def test_nothing_is_done_that_the_log_cannot_take(site: Site, freeze: Freeze) -> None:
    """No row of any table moves, no file leaves, and the person reads why."""
    problems = []
    for name in ACTS:
        with undone(), zeal_ignore():
            client, url, data = prepared(site, name, freeze)
            before = rows()
            with log_full():
                answer = client.post(url, data, follow=True)
            if "审计记录暂时写不进去" not in page_text(answer):
                problems.append(f"{name}: {answer.status_code}")
            problems += [f"{name}: {table}" for table, count in rows().items() if count != before[table]]
    assert not problems, "\n".join(problems)


def test_a_notice_is_acknowledged(site: Site, freeze: Freeze) -> None:
    freeze(NOW)
    user = site.county.transport_staff
    notice, last = site.notice_of(user), last_entry()
    assert notice is not None
    send(site.open(user), reverse("notice_acknowledge", args=[notice.pk]))
    assert entries_since(last) == ("notices.acknowledge",)
