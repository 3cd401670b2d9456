"""From a typed figure to an accepted one (docs/rules.md, Reports)."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from projects.enums import FlagState, ReportState, RevisionKind, Stage
from projects.models import (
    AuditEntry,
    ExpectedReport,
    FormUse,
    Indicator,
    Report,
    ReportRevision,
    StageChange,
    User,
    VerificationFlag,
)
from projects.services import forms, periods, reports
from projects.services.reports import ReportValues
from tests.support.county import County, moment
from tests.support.reporting import APRIL_OPENS, accepted, expected, open_at, submitted, values
from tracker.web.errors import Conflict, UserError

IN_TIME = moment(5, 5, 10)
"""April is due on 5 May 18:00 and locks on 8 May (plain calendar: no holidays loaded)."""
AFTER_LOCK = moment(5, 20, 10)


@pytest.fixture
def april(county: County) -> ExpectedReport:
    """The road's report of April, open."""
    open_at(APRIL_OPENS)
    return expected(county.road, "2026-04")


def _report(row: ExpectedReport) -> Report:
    return Report.objects.get(expected=row)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_waited_for_another_sees_what_the_other_sent(county: County, april: ExpectedReport) -> None:
    """The row is read after the wait, with all that it names."""
    seen = reports.save_draft(
        expected=april, values={"done": "4000"}, version=None, actor=county.transport_staff, at=IN_TIME
    ).version
    told: list[Conflict] = []

    def second() -> None:
        try:
            send("桥台施工", county.transport_staff)
        except Conflict as conflict:
            told.append(conflict)
        finally:
            connection.close()

    def send(progress: str, by: User) -> None:
        reports.submit(expected=april, values=values(4000, progress=progress), version=seen, actor=by, at=IN_TIME)

    waiting = threading.Thread(target=second)
    with transaction.atomic():
        send("完成路基", county.transport_head)
        waiting.start()
        while not somebody_waits():
            assert waiting.is_alive(), "it should wait for this transaction"
    waiting.join()
    (conflict,) = told
    assert conflict.current["形象进度"] == "完成路基"
    assert conflict.submitted["形象进度"] == "桥台施工"


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


class TestDraft:
    def test_a_draft_is_kept_as_typed(self, county: County, april: ExpectedReport) -> None:
        typed = {"done": "4,000.5", "progress": "路基", "unknown": "x"}
        report = reports.save_draft(
            expected=april, values=typed, version=None, actor=county.transport_staff, at=IN_TIME
        )
        assert report.draft == {"done": "4,000.5", "progress": "路基"}
        assert report.state == ReportState.DRAFT
        assert not ReportRevision.objects.exists()

    def test_a_draft_never_overwrites_what_was_submitted(self, county: County, april: ExpectedReport) -> None:
        revision = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        reports.save_draft(expected=april, values={"done": "9"}, version=None, actor=county.transport_staff, at=IN_TIME)
        report = _report(april)
        assert (report.state, report.latest, report.latest.done) == (ReportState.SUBMITTED, revision, 4000)

    def test_of_two_people_typing_the_second_is_told(self, county: County, april: ExpectedReport) -> None:
        first = reports.save_draft(
            expected=april, values={"done": "4000"}, version=None, actor=county.transport_staff, at=IN_TIME
        )
        seen = first.version
        reports.save_draft(
            expected=april, values={"done": "4100"}, version=seen, actor=county.transport_head, at=IN_TIME
        )
        with pytest.raises(Conflict) as conflict:
            reports.save_draft(
                expected=april, values={"done": "4200"}, version=seen, actor=county.transport_staff, at=IN_TIME
            )
        assert conflict.value.current == {"本年累计完成投资（万元）": "4,100"}
        assert conflict.value.submitted == {"本年累计完成投资（万元）": "4,200"}

    def test_no_draft_after_the_lock(self, county: County, april: ExpectedReport) -> None:
        with pytest.raises(UserError, match="已锁定"):
            reports.save_draft(
                expected=april, values={"done": "1"}, version=None, actor=county.transport_staff, at=AFTER_LOCK
            )


class TestSubmit:
    def test_the_year_to_date_gives_the_period(self, county: County, april: ExpectedReport) -> None:
        revision = submitted(county.road, "2026-04", 3600, by=county.transport_staff, at=IN_TIME)
        assert (revision.done, revision.done_period) == (3600, 3600)
        assert _report(april).state == ReportState.SUBMITTED

    def test_the_period_gives_the_year_to_date_on_top_of_the_last_accepted(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 3600, by=county.transport_staff, at=IN_TIME)
        open_at(moment(5, 29, 8))
        revision = reports.submit(
            expected=expected(county.road, "2026-05"),
            values=ReportValues(done_period=Decimal("800.25"), progress="桥墩浇筑完成12个"),
            version=None,
            actor=county.transport_staff,
            at=moment(6, 2),
        )
        assert revision.done == Decimal("4400.25")

    def test_what_is_not_accepted_is_no_base(self, county: County) -> None:
        open_at(APRIL_OPENS)
        submitted(county.road, "2026-04", 3600, by=county.transport_staff, at=IN_TIME)
        open_at(moment(5, 29, 8))
        revision = submitted(county.road, "2026-05", 4400, by=county.transport_staff, at=moment(6, 2))
        assert revision.done_period == 4400

    def test_the_monthly_base_is_the_end_of_the_month_before_not_last_week(self, county: County) -> None:
        """A week that ended inside the month is part of what the month did."""
        open_at(moment(4, 20, 8))
        accepted(county, county.road, "2026-W17", 3400, by=county.transport_staff, at=moment(4, 23))
        open_at(APRIL_OPENS)
        revision = submitted(county.road, "2026-04", 3600, by=county.transport_staff, at=IN_TIME)
        assert revision.done_period == 3600

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            (ReportValues(progress="路基"), "done"),
            (ReportValues(done=Decimal("-1"), progress="路基"), "done"),
            (ReportValues(done_period=Decimal("-1"), progress="路基"), "done"),
            (ReportValues(done=Decimal(10), done_period=Decimal(11), progress="路基"), "done_period"),
            (ReportValues(done=Decimal(10), progress="  "), "progress"),
            (ReportValues(done=Decimal(10), progress="路基", stage="paused"), "stage"),
            (ReportValues(done=Decimal(10), progress="路基", stage="flying"), "stage"),
        ],
    )
    def test_what_cannot_be_a_report_is_refused_with_its_field(
        self, county: County, april: ExpectedReport, given: ReportValues, field: str
    ) -> None:
        with pytest.raises(UserError) as refusal:
            reports.submit(expected=april, values=given, version=None, actor=county.transport_staff, at=IN_TIME)
        assert refusal.value.field == field
        assert not Report.objects.exists()

    def test_a_blank_amount_is_fine_where_no_plan_was_issued(self, county: County, april: ExpectedReport) -> None:
        county.airport.plans.all().delete()
        revision = submitted(county.airport, "2026-04", None, by=county.transport_staff, at=IN_TIME)
        assert revision.done is None

    def test_a_figure_that_looks_wrong_needs_a_reason_and_becomes_a_task(
        self, county: County, april: ExpectedReport
    ) -> None:
        """5000 in one month is more than 40 % of 12000."""
        with pytest.raises(UserError, match="增幅较大") as refusal:
            submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME, flag_reason=" ")
        assert refusal.value.field == "flag_reason"
        revision = submitted(
            county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME, flag_reason="含一季度补报"
        )
        assert revision.flag_reason == "含一季度补报"
        flag = VerificationFlag.objects.get()
        assert (flag.code, flag.state, flag.project) == ("jump", FlagState.OPEN, county.road)

    def test_a_sound_figure_keeps_no_reason(self, county: County, april: ExpectedReport) -> None:
        revision = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        assert revision.flag_reason == ""
        assert not VerificationFlag.objects.exists()

    def test_the_impossible_is_refused_whatever_the_reason(self, county: County, april: ExpectedReport) -> None:
        """30000 of earlier years and 60721 make 90721, above 86400 × 1.05 = 90720."""
        with pytest.raises(UserError, match="超过总投资") as refusal:
            submitted(county.road, "2026-04", 60721, by=county.transport_staff, at=IN_TIME)
        assert refusal.value.field == "done"
        assert submitted(county.road, "2026-04", 60720, by=county.transport_staff, at=IN_TIME).done == 60720

    def test_a_ledger_is_taken_as_written_and_flagged(self, county: County, april: ExpectedReport) -> None:
        revision = reports.submit(
            expected=april,
            values=ReportValues(done=Decimal(90000)),
            version=None,
            actor=county.office_one,
            at=IN_TIME,
            kind=RevisionKind.IMPORT,
        )
        codes = set(VerificationFlag.objects.filter(revision=revision).values_list("code", flat=True))
        assert {"over_total_block", "over_total", "jump", "over_plan"} <= codes

    def test_a_late_report_belongs_to_its_own_period(self, county: County, april: ExpectedReport) -> None:
        revision = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=moment(5, 7))
        assert revision.report.period.key == "2026-04"

    def test_after_the_lock_the_unit_is_sent_to_the_office(self, county: County, april: ExpectedReport) -> None:
        with pytest.raises(UserError, match="锁定后更正"):
            submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=AFTER_LOCK)

    def test_a_ledger_may_fill_a_locked_period_once(self, county: County) -> None:
        period = periods.open_period(key="2026-02", at=AFTER_LOCK, actor=county.office_one)
        row = periods.expect(period=period, project=county.road, at=AFTER_LOCK, actor=county.office_one)
        arguments = {"expected": row, "version": None, "at": AFTER_LOCK, "kind": RevisionKind.IMPORT}
        first = reports.submit(values=values(1500), actor=county.office_one, **arguments)
        reports.accept(revision=first, actor=county.office_two, at=AFTER_LOCK)
        with pytest.raises(UserError, match="已锁定"):
            reports.submit(values=values(1600), actor=county.office_one, **arguments)

    def test_submitting_again_before_the_review_replaces_the_first(self, county: County, april: ExpectedReport) -> None:
        first = submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
        second = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        assert (first.number, second.number) == (1, 2)
        assert _report(april).latest == second
        assert VerificationFlag.objects.get(revision=first).state == FlagState.CORRECTED
        with pytest.raises(UserError, match="审核最新一次"):
            reports.accept(revision=first, actor=county.office_one, at=IN_TIME)

    def test_the_act_is_audited_with_its_values(self, county: County, april: ExpectedReport) -> None:
        submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        entry = AuditEntry.objects.get(action="report.submit")
        assert (entry.actor, entry.object_label) == (county.transport_staff, county.road.name)
        assert entry.data["done"] == [None, "4000"]


class TestNoChange:
    def test_one_call_repeats_the_last_accepted_report(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 3600, by=county.transport_staff, at=IN_TIME, problem="征地未完成")
        open_at(moment(5, 29, 8))
        revision = reports.no_change(
            expected=expected(county.road, "2026-05"), version=None, actor=county.transport_staff, at=moment(6, 2)
        )
        assert revision.kind == RevisionKind.NO_CHANGE
        assert (revision.done, revision.done_period, revision.problem) == (3600, 0, "征地未完成")

    def test_without_an_accepted_report_there_is_nothing_to_repeat(self, county: County, april: ExpectedReport) -> None:
        with pytest.raises(UserError, match="没有审核通过"):
            reports.no_change(expected=april, version=None, actor=county.transport_staff, at=IN_TIME)

    def test_it_is_reviewed_like_any_other(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 3600, by=county.transport_staff, at=IN_TIME)
        open_at(moment(5, 29, 8))
        row = expected(county.road, "2026-05")
        reports.no_change(expected=row, version=None, actor=county.transport_staff, at=moment(6, 2))
        assert _report(row).state == ReportState.SUBMITTED


class TestReview:
    def test_an_accepted_report_counts_and_the_light_follows_at_once(
        self, county: County, april: ExpectedReport
    ) -> None:
        revision = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        report = _report(april)
        assert (report.state, report.accepted) == (ReportState.ACCEPTED, revision)
        indicator = Indicator.objects.get(project=county.road)
        assert indicator.done == 4000
        assert indicator.as_of == dt.date(2026, 5, 5)

    def test_maker_and_checker_are_two_people(self, county: County, april: ExpectedReport) -> None:
        revision = submitted(county.road, "2026-04", 4000, by=county.office_one, at=IN_TIME)
        for act in (reports.accept, reports.give_back):
            with pytest.raises(UserError, match="由另一人审核"):
                act(revision=revision, actor=county.office_one, at=IN_TIME, reason="数字不对")
        reports.accept(revision=revision, actor=county.office_two, at=IN_TIME)

    def test_the_person_represented_counts_as_maker(self, county: County, april: ExpectedReport) -> None:
        revision = reports.submit(
            expected=april,
            values=values(4000),
            version=None,
            actor=county.office_one,
            acting_for=county.office_two,
            at=IN_TIME,
        )
        with pytest.raises(UserError, match="由另一人审核"):
            reports.accept(revision=revision, actor=county.office_two, at=IN_TIME)

    def test_a_checker_who_stands_in_for_the_maker_is_the_maker(self, county: County, april: ExpectedReport) -> None:
        revision = submitted(county.road, "2026-04", 4000, by=county.office_one, at=IN_TIME)
        with pytest.raises(UserError, match="由另一人审核"):
            reports.accept(revision=revision, actor=county.office_two, acting_for=county.office_one, at=IN_TIME)

    def test_nothing_is_reviewed_twice(self, county: County, april: ExpectedReport) -> None:
        revision = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        with pytest.raises(UserError, match="已审核"):
            reports.give_back(revision=revision, reason="再看看", actor=county.office_two, at=IN_TIME)

    def test_a_return_needs_its_reason_and_may_be_repeated(self, county: County, april: ExpectedReport) -> None:
        revision = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        with pytest.raises(UserError, match="必须写明原因"):
            reports.give_back(revision=revision, reason=" ", actor=county.office_one, at=IN_TIME)
        reports.give_back(revision=revision, reason="缺进度照片", actor=county.office_one, at=IN_TIME)
        report = _report(april)
        assert (report.state, report.returned_times) == (ReportState.RETURNED, 1)
        again = submitted(county.road, "2026-04", 3900, by=county.transport_staff, at=IN_TIME)
        reports.give_back(revision=again, reason="数字仍不符", actor=county.office_one, at=IN_TIME)
        assert _report(april).returned_times == 2

    def test_a_report_that_came_in_time_may_be_accepted_after_the_lock(
        self, county: County, april: ExpectedReport
    ) -> None:
        revision = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        reports.accept(revision=revision, actor=county.office_one, at=AFTER_LOCK)
        assert _report(april).accepted == revision

    def test_an_accepted_report_cannot_be_submitted_over(self, county: County, april: ExpectedReport) -> None:
        accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        with pytest.raises(UserError, match="已通过"):
            submitted(county.road, "2026-04", 4100, by=county.transport_staff, at=IN_TIME)


class TestStage:
    def test_an_accepted_stage_is_entered(self, county: County, april: ExpectedReport) -> None:
        accepted(county, county.library, "2026-04", 3700, by=county.chengguan_staff, at=IN_TIME, stage=Stage.FINISHED)
        county.library.refresh_from_db()
        assert county.library.stage == Stage.FINISHED
        change = StageChange.objects.get(project=county.library, new=Stage.FINISHED)
        assert (change.on, change.reason) == (dt.date(2026, 4, 30), "2026年4月报告")

    def test_a_reported_start_is_flagged_and_not_confirmed(self, county: County, april: ExpectedReport) -> None:
        accepted(county, county.expressway, "2026-04", 300, by=county.transport_staff, at=IN_TIME, stage=Stage.STARTED)
        county.expressway.refresh_from_db()
        assert county.expressway.stage == Stage.STARTED
        assert county.expressway.started_on is None
        assert VerificationFlag.objects.filter(project=county.expressway, code="no_contract").exists()

    def test_a_submitted_stage_changes_nothing_before_the_review(self, county: County, april: ExpectedReport) -> None:
        submitted(county.library, "2026-04", 3700, by=county.chengguan_staff, at=IN_TIME, stage=Stage.FINISHED)
        county.library.refresh_from_db()
        assert county.library.stage == Stage.BUILDING

    def test_a_report_never_moves_a_project_back(self, county: County, april: ExpectedReport) -> None:
        accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME, stage=Stage.PREPARATION)
        county.road.refresh_from_db()
        assert county.road.stage == Stage.BUILDING

    def test_an_older_period_does_not_decide_over_a_newer_one(self, county: County) -> None:
        open_at(APRIL_OPENS)
        late = submitted(county.library, "2026-04", 3000, by=county.chengguan_staff, at=IN_TIME, stage=Stage.OPERATION)
        open_at(moment(5, 29, 8))
        accepted(
            county, county.library, "2026-05", 3700, by=county.chengguan_staff, at=moment(6, 2), stage=Stage.FINISHED
        )
        reports.accept(revision=late, actor=county.office_two, at=moment(6, 3))
        county.library.refresh_from_db()
        assert county.library.stage == Stage.FINISHED


class TestCorrection:
    def test_the_old_figure_counts_until_another_person_accepts_the_new_one(
        self, county: County, april: ExpectedReport
    ) -> None:
        old = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        correction = _correct(april, 3500, county, "误将往年投资计入")
        assert (correction.kind, correction.corrects, correction.correction_reason) == (
            RevisionKind.CORRECTION,
            old,
            "误将往年投资计入",
        )
        assert _report(april).accepted == old
        with pytest.raises(UserError, match="由另一人审核"):
            reports.accept(revision=correction, actor=county.office_one, at=AFTER_LOCK)
        reports.accept(revision=correction, actor=county.office_two, at=AFTER_LOCK)
        assert _report(april).accepted == correction
        assert Indicator.objects.get(project=county.road).done == 3500

    def test_a_returned_correction_leaves_the_accepted_report_as_it_was(
        self, county: County, april: ExpectedReport
    ) -> None:
        old = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        correction = _correct(april, 3500, county, "误将往年投资计入")
        reports.give_back(revision=correction, reason="依据不足", actor=county.office_two, at=AFTER_LOCK)
        report = _report(april)
        assert (report.state, report.accepted, report.returned_times) == (ReportState.ACCEPTED, old, 0)

    def test_a_missed_report_may_be_filled_after_the_lock(self, county: County, april: ExpectedReport) -> None:
        correction = _correct(april, 4000, county, "单位漏报，凭监理月报补录")
        assert correction.corrects is None

    def test_before_the_lock_an_unreviewed_report_is_simply_sent_again(
        self, county: County, april: ExpectedReport
    ) -> None:
        submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        with pytest.raises(UserError, match="直接重新提交"):
            _correct(april, 3500, county, "填错", at=IN_TIME)

    def test_it_needs_a_reason(self, county: County, april: ExpectedReport) -> None:
        with pytest.raises(UserError, match="更正原因"):
            _correct(april, 3500, county, " ")


class TestWithdrawal:
    def test_what_was_accepted_before_counts_again(self, county: County, april: ExpectedReport) -> None:
        old = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        correction = _correct(april, 3500, county, "台账更正")
        reports.accept(revision=correction, actor=county.office_two, at=AFTER_LOCK)
        reports.withdraw(revision=correction, reason="撤销导入", actor=county.office_one, at=moment(5, 21))
        report = _report(april)
        assert (report.state, report.accepted) == (ReportState.ACCEPTED, old)
        assert Indicator.objects.get(project=county.road).done == 4000

    def test_the_only_one_leaves_an_empty_report(self, county: County, april: ExpectedReport) -> None:
        revision = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        reports.withdraw(revision=revision, reason="撤销导入", actor=county.office_one, at=moment(5, 7))
        report = _report(april)
        assert (report.state, report.accepted) == (ReportState.DRAFT, None)
        assert submitted(county.road, "2026-04", 3900, by=county.transport_staff, at=moment(5, 7)).number == 2

    def test_it_is_done_once(self, county: County, april: ExpectedReport) -> None:
        revision = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        arguments = {"revision": revision, "reason": "撤销导入", "actor": county.office_one, "at": IN_TIME}
        reports.withdraw(**arguments)
        with pytest.raises(UserError, match="已撤回"):
            reports.withdraw(**arguments)


class TestFormToken:
    def test_a_double_submit_is_shown_the_first_result(self, county: County) -> None:
        use = forms.once(token="t-1", user=county.transport_staff, at=IN_TIME)
        assert use is not None
        forms.keep_result(use=use, url="/reports/1/")
        assert forms.once(token="t-1", user=county.transport_staff, at=IN_TIME) is None
        assert forms.first_result(token="t-1", user=county.transport_staff) == "/reports/1/"
        assert forms.first_result(token="t-1", user=county.housing_staff) == ""

    def test_old_tokens_are_forgotten(self, county: County) -> None:
        forms.once(token="t-1", user=county.transport_staff, at=moment(1, 1))
        forms.once(token="t-2", user=county.transport_staff, at=IN_TIME)
        assert forms.forget_old(at=IN_TIME) == 1
        assert FormUse.objects.get().token == "t-2"


def _correct(
    row: ExpectedReport, done: int, county: County, reason: str, at: dt.datetime = AFTER_LOCK
) -> ReportRevision:
    return reports.correct(
        expected=row, values=values(done), reason=reason, version=None, actor=county.office_one, at=at
    )


def test_the_two_amounts_may_not_contradict_each_other(county: County) -> None:
    open_at(APRIL_OPENS)
    row = expected(county.road, "2026-04")

    def report(done: str, done_period: str) -> ReportRevision:
        values = ReportValues(done=Decimal(done), done_period=Decimal(done_period), progress="桥墩浇筑完成12个")
        return reports.submit(expected=row, values=values, version=None, actor=county.transport_staff, at=IN_TIME)

    with pytest.raises(UserError, match="上期累计0万元，本年累计填3600万元，则本期应为3600万元，与填写的360万元不一致"):
        report("3600", "360")
    assert report("3600.4", "3600").done == Decimal("3600.4"), "rounding is no contradiction"
