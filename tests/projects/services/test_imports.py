"""Ledger imports: what the preview promises is what confirming writes, once; undo takes it back."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from projects.enums import AdjustmentKind, ImportState, MilestoneKind, PlanState, ReportState, RowFate, Stage, UnitPart
from projects.models import (
    AnnualListEntry,
    ExpectedReport,
    ImportRow,
    LeaderAssignment,
    LedgerAnswer,
    LedgerImport,
    Milestone,
    MilestoneChange,
    Officer,
    PlanVersion,
    Project,
    Report,
    ReportRevision,
    Unit,
    UnitAssignment,
    VerificationFlag,
)
from projects.selectors.imports import Preview, RowPreview, preview
from projects.selectors.imports.questions import IGNORE
from projects.services import imports, projects
from tests.support.county import County, moment
from tests.support.ledgers import HISTORY_HEADER, PLAN_HEADER, plan_book, table
from tracker.web.errors import Conflict, UserError

pytestmark = pytest.mark.django_db
AT = moment(5, 6)
ISSUED = dt.date(2026, 3, 1)
BRIDGE = (1, "柳河大桥新建工程", "新开工", 8600, 3000, "2026年5月", "2027年10月", "县交通局", "温以宁")
PIER = (2, "石桥水厂", "续建", "1.2亿元", 4000, 2025, 2026, "县水利局、县住建局", "陆砚秋、石　磊")


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


def upload(county: County, data: bytes, filename: str = "2026计划.xlsx", **options: Any) -> LedgerImport:
    return imports.upload(
        data=data, filename=filename, actor=county.office_one, at=AT, **{"year": 2026, "issued_on": ISSUED, **options}
    )


def confirm(county: County, ledger: LedgerImport, **options: Any) -> LedgerImport:
    return imports.confirm(ledger=ledger, version=ledger.version, actor=county.office_two, at=AT, **options)


def answer(county: County, ledger: LedgerImport, answers: Mapping[str, str]) -> LedgerImport:
    return imports.answer(ledger=ledger, answers=answers, version=ledger.version, actor=county.office_one, at=AT)


def row_of(result: Preview, name: str) -> RowPreview:
    return next(row for row in result.rows if row.name == name)


def changed(row: RowPreview) -> dict[str, tuple[str, str]]:
    return {change.key: (change.old, change.new) for change in row.changes}


class TestUpload:
    def test_the_file_is_kept_under_a_name_that_says_nothing(self, county: County, uploads: Path) -> None:
        data = plan_book([BRIDGE])
        ledger = upload(county, data, "../../青禾 2026计划.xlsx")
        assert ledger.filename == "青禾 2026计划.xlsx"
        assert (uploads / ledger.stored_name).read_bytes() == data
        assert "计划" not in ledger.stored_name
        assert ledger.state == ImportState.PREVIEW

    def test_what_cannot_be_read_is_kept_with_the_reason(self, county: County, uploads: Path) -> None:
        ledger = upload(county, b"%PDF-1.7 nothing to read", "2026计划.xlsx")
        assert ledger.state == ImportState.DECLINED
        assert "PDF" in ledger.declined_reason
        assert (uploads / ledger.stored_name).exists()
        with pytest.raises(UserError, match="不能导入"):
            confirm(county, ledger)

    def test_uploading_writes_no_project(self, county: County) -> None:
        before = Project.objects.count()
        upload(county, plan_book([BRIDGE, PIER]))
        assert Project.objects.count() == before


class TestPreview:
    def test_a_row_shows_value_and_original_with_its_cell(self, county: County) -> None:
        result = preview(upload(county, plan_book([PIER])))
        total = next(field for field in row_of(result, "石桥水厂").fields if field.label == "总投资")
        assert (total.value, total.original, total.cell, total.normalised) == ("12000", "1.2亿元", "D4", True)

    def test_a_new_project_and_a_known_one_with_old_and_new(self, county: County) -> None:
        known = (3, "国道青禾过境段改建", "续建", 90000, 12000, "2024年9月", "2027年10月", "县交通局", "石磊")
        result = preview(upload(county, plan_book([BRIDGE, known])))
        assert row_of(result, "柳河大桥新建工程").fate == RowFate.CREATED
        road = row_of(result, "国道青禾过境段改建")
        assert (road.fate, road.project) == (RowFate.CHANGED, county.road.pk)
        assert changed(road) == {"value:total": ("86400", "90000")}

    def test_a_coarser_date_says_nothing_new(self, county: County) -> None:
        known = (1, "国道青禾过境段改建", "续建", 86400, 12000, 2024, 2027, "县交通局", "石磊")
        assert row_of(preview(upload(county, plan_book([known]))), known[1]).fate == RowFate.UNCHANGED

    def test_empty_cells_leave_everything_as_it_is(self, county: County) -> None:
        known = (1, "国道青禾过境段改建", "续建", "—", "", "", "", "", "")
        other = BRIDGE
        assert row_of(preview(upload(county, plan_book([known, other]))), known[1]).fate == RowFate.UNCHANGED

    def test_the_serial_number_is_no_identity(self, county: County) -> None:
        entry = AnnualListEntry.objects.get(project=county.road)
        row = (entry.seq, *BRIDGE[1:])
        assert row_of(preview(upload(county, plan_book([row]))), BRIDGE[1]).project is None

    def test_a_code_and_a_former_name_find_the_project(self, county: County) -> None:
        projects.rename(project=county.plant, name="城北净水厂", actor=county.office_one, at=AT)
        header = ("项目代码", *PLAN_HEADER[1:])
        by_code = ("QH001", "改了名字的道路", *("",) * 7)
        by_former = ("", "城北污水处理厂二期", "续建", 28600, 9800, "", "", "", "")
        result = preview(upload(county, plan_book([by_code, by_former, ("", *BRIDGE[1:])], header=header)))
        assert row_of(result, "改了名字的道路").project == county.road.pk
        former = row_of(result, "城北污水处理厂二期")
        assert (former.project, "name" in changed(former)) == (county.plant.pk, False)

    def test_a_project_named_twice_is_taken_once(self, county: County) -> None:
        result = preview(upload(county, plan_book([BRIDGE, (2, BRIDGE[1] + "项目", *BRIDGE[2:])])))
        assert [row.fate for row in result.rows] == [RowFate.CREATED, RowFate.SKIPPED]
        assert "第4行" in result.rows[1].reason

    def test_the_class_of_the_year_does_not_change(self, county: County) -> None:
        known = (1, "国道青禾过境段改建", "竣工", 86400, 12000, "", "", "", "")
        row = row_of(preview(upload(county, plan_book([known, PIER]))), known[1])
        assert (row.fate, "年度类别当年不变" in row.notes[0]) == (RowFate.UNCHANGED, True)

    def test_dates_in_the_wrong_order_are_told_and_left_out(self, county: County) -> None:
        row = (1, "柳河大桥", "新开工", 8600, 3000, "2027年5月", "2026年10月", "县交通局", "温以宁")
        result = row_of(preview(upload(county, plan_book([row]))), "柳河大桥")
        assert "两个时间都未导入" in result.notes[0]
        assert not {"start", "finish"} & changed(result).keys()


class TestQuestions:
    def test_a_near_name_is_asked_and_nothing_is_merged_meanwhile(self, county: County) -> None:
        near = (1, "国道青禾过境段改线", "续建", 86400, 12000, "", "", "县交通局", "石磊")
        ledger = upload(county, plan_book([near]))
        result = preview(ledger)
        assert result.rows[0].fate == RowFate.ASKED
        (question,) = result.open_questions
        assert {option.value for option in question.options} == {
            f"same:{county.road.pk}",
            f"rename:{county.road.pk}",
            "new",
        }
        with pytest.raises(UserError, match="还有1个问题没有回答"):
            confirm(county, ledger)

    def test_an_answered_near_name_keeps_or_changes_the_name_and_is_remembered(self, county: County) -> None:
        near = (1, "国道青禾过境段改线", "续建", 90000, 12000, "", "", "县交通局", "石磊")
        ledger = upload(county, plan_book([near]))
        (question,) = preview(ledger).open_questions
        ledger = answer(county, ledger, {question.id: f"same:{county.road.pk}"})
        confirm(county, ledger)
        road = Project.objects.get(pk=county.road.pk)
        assert (road.name, road.total) == ("国道青禾过境段改建", 90000)
        assert not preview(upload(county, plan_book([near]))).open_questions
        renamed = upload(county, plan_book([(1, "国道青禾过境段改造", *near[2:])]))
        (question,) = preview(renamed).open_questions
        confirm(county, answer(county, renamed, {question.id: f"rename:{county.road.pk}"}))
        road.refresh_from_db()
        assert road.name == "国道青禾过境段改造"
        assert road.former_names.filter(name="国道青禾过境段改建").exists()

    def test_an_answer_outside_the_options_is_refused(self, county: County) -> None:
        near = (1, "国道青禾过境段改线", "续建", 86400, 12000, "", "", "县交通局", "石磊")
        ledger = upload(county, plan_book([near]))
        (question,) = preview(ledger).open_questions
        with pytest.raises(UserError, match="列出的选项"):
            answer(county, ledger, {question.id: "maybe"})
        with pytest.raises(UserError, match="没有编号"):
            answer(county, ledger, {"project@nowhere": "new"})

    def test_an_unknown_unit_is_new_by_default_or_an_alias_by_answer(self, county: County) -> None:
        row = (*BRIDGE[:7], "县交通运输局", "温以宁")
        ledger = upload(county, plan_book([row]))
        (question,) = (q for q in preview(ledger).questions if q.kind == "unit")
        assert question.default == "new"
        before = Unit.objects.count()
        confirm(county, answer(county, ledger, {question.id: f"unit:{county.transport.pk}"}))
        assert Unit.objects.count() == before
        assert county.transport.aliases.filter(alias="县交通运输局").exists()
        project = Project.objects.get(name=BRIDGE[1])
        assert UnitAssignment.objects.get(project=project).unit == county.transport

    def test_a_leader_one_character_off_is_asked_and_kept_as_a_spelling(self, county: County) -> None:
        ledger = upload(county, plan_book([(*BRIDGE[:8], "温以宇")]))
        (question,) = preview(ledger).open_questions
        assert question.kind == "near_person"
        confirm(county, answer(county, ledger, {question.id: "same:温以宁"}))
        project = Project.objects.get(name=BRIDGE[1])
        assert LeaderAssignment.objects.get(project=project).officer == county.executive
        assert county.executive.aliases.filter(alias="温以宇").exists()
        assert not preview(upload(county, plan_book([(*BRIDGE[:8], "温以宇")]))).open_questions

    def test_an_unsure_header_is_asked_and_remembered(self, county: County) -> None:
        header = (*PLAN_HEADER, "累计完成投资")
        ledger = upload(county, plan_book([(*BRIDGE, 100)], header=header))
        (question,) = (q for q in preview(ledger).questions if q.kind == "header" and not q.sure)
        ledger = answer(county, ledger, {question.id: "done"})
        assert row_of(preview(ledger), BRIDGE[1]).row.value("done") == 100
        assert LedgerAnswer.objects.get(kind="header").answer == "done"
        again = preview(upload(county, plan_book([(*BRIDGE, 100)], header=header)))
        assert not [q for q in again.questions if q.kind == "header" and not q.sure]

    def test_a_column_read_well_enough_can_still_be_read_otherwise(self, county: County) -> None:
        ledger = upload(county, plan_book([BRIDGE]))
        columns = {q.subject: q for q in preview(ledger).questions if q.sure}
        assert columns["建设性质"].default == "nature"
        ledger = answer(county, ledger, {columns["建设性质"].id: IGNORE})
        assert row_of(preview(ledger), BRIDGE[1]).row.value("nature") is None
        (again,) = (q for q in preview(ledger).questions if q.sure and q.subject == "建设性质")
        ledger = answer(county, ledger, {again.id: "nature"})
        assert row_of(preview(ledger), BRIDGE[1]).row.value("nature") is not None

    def test_a_missing_project_is_asked_about_and_removed_only_by_answer(self, county: County) -> None:
        rows = [(n, p.name, "", "", "", "", "", "", "") for n, p in enumerate(county.projects[:6], start=1)]
        ledger = upload(county, plan_book(rows))
        questions = {q.subject: q for q in preview(ledger).questions if q.kind == "missing"}
        assert set(questions) == {"QH007", "QH008"}
        assert {q.default for q in questions.values()} == {"keep"}
        confirm(county, answer(county, ledger, {questions["QH008"].id: "removed"}))
        entry = AnnualListEntry.objects.get(project=county.solar_school)
        assert (entry.left_on, entry.adjustments.get().kind) == (ISSUED, AdjustmentKind.REMOVED)
        assert AnnualListEntry.objects.get(project=county.solar).left_on is None

    def test_additions_ask_about_nothing_missing(self, county: County) -> None:
        assert not [q for q in preview(upload(county, plan_book([BRIDGE]))).questions if q.kind == "missing"]

    def test_an_answer_on_an_old_version_is_a_conflict(self, county: County) -> None:
        near = (1, "国道青禾过境段改线", "续建", 86400, 12000, "", "", "县交通局", "石磊")
        ledger = upload(county, plan_book([near]))
        (question,) = preview(ledger).open_questions
        imports.answer(ledger=ledger, answers={question.id: "new"}, version=1, actor=county.office_one, at=AT)
        stale = LedgerImport.objects.get(pk=ledger.pk)
        with pytest.raises(Conflict):
            imports.confirm(ledger=stale, version=1, actor=county.office_two, at=AT)
        assert not Project.objects.filter(name=near[1]).exists()


class TestPlanLedger:
    def test_a_row_becomes_project_entry_plan_dates_and_people(self, county: County) -> None:
        ledger = confirm(county, upload(county, plan_book([BRIDGE, PIER]), document_no=""))
        assert ledger.counts["created"] == 2
        pier = Project.objects.get(name="石桥水厂")
        assert (pier.total, pier.stage) == (Decimal(12000), Stage.BUILDING)
        entry = AnnualListEntry.objects.get(project=pier)
        assert (entry.annual_class, entry.seq, entry.entered_on) == ("carry_over", 2, ISSUED)
        assert entry.adjustments.get().kind == AdjustmentKind.ADDED
        plan = PlanVersion.objects.get(project=pier)
        assert (plan.annual, plan.state, plan.effective_on) == (Decimal(4000), PlanState.EFFECTIVE, ISSUED)
        finish = Milestone.objects.get(project=pier, kind=MilestoneKind.FINISH)
        assert (finish.due_on, finish.precision, finish.due_text) == (dt.date(2026, 12, 31), "year", "2026")
        units = UnitAssignment.objects.filter(project=pier).order_by("position")
        assert [(row.unit.label, row.part) for row in units] == [
            ("县水利局", UnitPart.LEAD),
            ("县住建局", UnitPart.COOPERATING),
        ]
        leaders = LeaderAssignment.objects.filter(project=pier).order_by("position")
        assert [(row.officer.name, row.part) for row in leaders] == [("陆砚秋", "lead"), ("石磊", "joint")]

    def test_the_same_file_twice_changes_nothing(self, county: County) -> None:
        data = plan_book([BRIDGE, PIER])
        confirm(county, upload(county, data))
        counts = [Project.objects.count(), PlanVersion.objects.count(), MilestoneChange.objects.count()]
        second = confirm(county, upload(county, data))
        assert second.counts == {"created": 0, "changed": 0, "unchanged": 2, "asked": 0, "skipped": 0}
        assert [Project.objects.count(), PlanVersion.objects.count(), MilestoneChange.objects.count()] == counts

    def test_a_changed_plan_is_a_new_version_and_a_moved_date_a_change(self, county: County) -> None:
        row = (1, "国道青禾过境段改建", "续建", 86400, 15000, "2024年9月", "2028年3月", "县住建局", "温以宁、石磊")
        confirm(county, upload(county, plan_book([row]), document_no="青政办发〔2026〕21号"))
        versions = PlanVersion.objects.filter(project=county.road).order_by("number")
        assert [(plan.annual, plan.prior) for plan in versions] == [(12000, 30000), (15000, 30000)]
        change = MilestoneChange.objects.get(milestone__project=county.road)
        assert (change.old_due, change.new_due) == (dt.date(2027, 10, 31), dt.date(2028, 3, 31))
        assert change.document_no == "青政办发〔2026〕21号"
        lead = UnitAssignment.objects.get(project=county.road, part=UnitPart.LEAD, valid_to=None)
        assert (lead.unit, lead.valid_from) == (county.housing, ISSUED)
        leaders = LeaderAssignment.objects.filter(project=county.road, valid_to=None).order_by("position")
        assert [(row.officer.name, row.part) for row in leaders] == [("温以宁", "lead"), ("石磊", "joint")]

    def test_one_bad_row_and_nothing_is_imported(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        ledger = upload(county, plan_book([BRIDGE, PIER]))
        create = projects.create

        def refuse_the_second(**values: Any) -> Project:
            if values["name"] == "石桥水厂":
                raise UserError("项目编号已存在。")
            return create(**values)

        monkeypatch.setattr("projects.services.imports.applying.projects.create", refuse_the_second)
        with pytest.raises(UserError, match="第5行“石桥水厂”：项目编号已存在。整份台账没有导入"):
            confirm(county, ledger)
        assert not Project.objects.filter(name=BRIDGE[1]).exists()
        assert not ImportRow.objects.exists()

    def test_every_row_has_its_fate(self, county: County) -> None:
        rows = [BRIDGE, ("合计", "", "", 8600, 3000, "", "", "", "")]
        ledger = confirm(county, upload(county, plan_book(rows)))
        fates = ImportRow.objects.filter(ledger=ledger).order_by("row").values_list("row", "fate")
        assert list(fates) == [(4, RowFate.CREATED), (5, RowFate.SKIPPED)]


class TestProgress:
    HEADER = ("项目名称", "本年累计完成投资（万元）", "形象进度")

    def ledger(self, county: County, rows: list[tuple[object, ...]], **options: Any) -> LedgerImport:
        answers = {"options": {"period": "2026-04"}}
        return upload(county, table(self.HEADER, rows), "4月进度.csv", answers=answers, kind="progress", **options)

    def test_a_cumulative_is_submitted_by_one_and_accepted_by_the_other(self, county: County) -> None:
        confirm(county, self.ledger(county, [("国道青禾过境段改建", 3600, "路基完成60%")]))
        report = Report.objects.get(project=county.road, period__key="2026-04")
        assert (report.state, report.accepted.done) == (ReportState.ACCEPTED, Decimal(3600))
        assert (report.accepted.submitted_by, report.accepted.review.reviewer) == (
            county.office_one,
            county.office_two,
        )

    def test_who_uploads_and_confirms_alone_leaves_the_reports_to_review(self, county: County) -> None:
        ledger = self.ledger(county, [("国道青禾过境段改建", 3600, "路基完成60%")])
        imports.confirm(ledger=ledger, version=ledger.version, actor=county.office_one, at=AT)
        assert Report.objects.get(project=county.road).state == ReportState.SUBMITTED

    def test_a_blank_is_not_zero_and_the_impossible_is_kept_and_flagged(self, county: County) -> None:
        rows = [("国道青禾过境段改建", "", "路基完成60%"), ("县文化馆图书馆新馆", 20000, "装修")]
        confirm(county, self.ledger(county, rows))
        assert Report.objects.get(project=county.road).accepted.done is None
        assert Report.objects.get(project=county.library).accepted.done == 20000
        assert VerificationFlag.objects.filter(project=county.library, code="over_total").exists()

    def test_an_accepted_figure_that_differs_is_corrected_with_the_ledger_as_reason(self, county: County) -> None:
        confirm(county, self.ledger(county, [("国道青禾过境段改建", 3600, "路基完成60%")]))
        again = confirm(county, self.ledger(county, [("国道青禾过境段改建", 3600, "路基完成60%")]))
        assert again.counts["unchanged"] == 1
        confirm(county, self.ledger(county, [("国道青禾过境段改建", 3800, "路基完成60%")]))
        report = Report.objects.get(project=county.road)
        assert report.accepted.done == 3800
        assert "台账导入" in report.accepted.correction_reason

    def test_an_unknown_project_is_skipped_not_created(self, county: County) -> None:
        ledger = confirm(county, self.ledger(county, [("凤凰山隧道", 100, "洞口"), ("国道青禾过境段改建", 1, "路基")]))
        assert ledger.counts["skipped"] == 1
        assert not Project.objects.filter(name="凤凰山隧道").exists()


class TestHistory:
    ROWS = (
        (1, 1, "青禾至石桥快速通道", "2026-03-25 08:00:00", "前期准备", "用地预审", 100, "2026-04", "2028-12"),
        (2, 1, "青禾至石桥快速通道", "2026-04-26 17:30:00", "前期准备", "用地预审", 200, "2026-06", "2029-03"),
        (3, 2, "国道青禾过境段改建", "2026-03-26 09:00:00", "开工", "桥梁桩基", 900, "", ""),
        (4, 2, "国道青禾过境段改建", "2026-04-27 09:00:00", "完工", "桥梁桩基完成", "", "", ""),
    )

    def ledger(self, county: County) -> LedgerImport:
        answers = {"options": {"history": True, "unit": "万元"}}
        return upload(county, table(HISTORY_HEADER, self.ROWS), "平台进度.csv", answers=answers)

    def test_each_report_has_its_own_moment_and_the_running_sum(self, county: County) -> None:
        ledger = confirm(county, self.ledger(county))
        assert ledger.counts["changed"] == 4
        rows = ReportRevision.objects.filter(report__project=county.expressway).order_by("submitted_at")
        assert [(row.report.period.key, row.done, row.done_period) for row in rows] == [
            ("2026-03", 100, 100),
            ("2026-04", 300, 200),
        ]
        assert rows[1].submitted_at == rows[1].review.at == moment(4, 26, 17, 30)

    def test_a_month_without_an_amount_stays_unknown(self, county: County) -> None:
        confirm(county, self.ledger(county))
        row = ReportRevision.objects.get(report__project=county.road, report__period__key="2026-04")
        assert row.done is None
        assert VerificationFlag.objects.filter(revision=row, code="finished_short").exists()

    def test_dates_move_at_the_moment_of_the_report(self, county: County) -> None:
        confirm(county, self.ledger(county))
        changes = MilestoneChange.objects.filter(milestone__project=county.expressway).order_by("at", "pk")
        moved = [(row.milestone.kind, row.new_due.isoformat()) for row in changes if "细化" not in row.reason]
        assert moved == [("start", "2026-06-01"), ("finish", "2029-03-31")]
        assert changes.last().at == moment(4, 26, 17, 30)

    def test_silence_of_the_others_is_visible(self, county: County) -> None:
        confirm(county, self.ledger(county))
        silent = ExpectedReport.objects.filter(period__key="2026-04", report=None)
        assert county.plant.pk in silent.values_list("project", flat=True)

    def test_the_same_history_twice_changes_nothing(self, county: County) -> None:
        confirm(county, self.ledger(county))
        changes = MilestoneChange.objects.count()
        assert confirm(county, self.ledger(county)).counts["unchanged"] == 4
        assert MilestoneChange.objects.count() == changes


class TestQuarterPlan:
    HEADER = (
        "项目名称", "年度建设任务", "一季度工作内容", "一季度投资", "二季度工作内容", "二季度投资",
        "三季度工作内容", "三季度投资", "四季度工作内容", "四季度投资",
    )  # fmt: skip

    def ledger(self, county: County, amounts: tuple[object, ...], **answers: str) -> LedgerImport:
        works = ("征地", "路基", "桥梁", "路面")
        quarters = [cell for pair in zip(works, amounts, strict=True) for cell in pair]
        row = ("国道青禾过境段改建", "完成路基", *quarters)
        data = table(self.HEADER, [row])
        return upload(county, data, "季度计划.csv", answers={"options": {"unit": "万元", **answers}})

    def test_quarters_become_equal_thirds_that_add_up(self, county: County) -> None:
        confirm(county, self.ledger(county, (1000, 3000, 5000, 3000)))
        plan = PlanVersion.objects.get(project=county.road, state=PlanState.EFFECTIVE)
        assert plan.month_amounts is not None
        assert plan.month_amounts[:3] == (Decimal("333.3333"), Decimal("333.3333"), Decimal("333.3334"))
        assert sum(plan.month_amounts) == plan.annual == 12000
        assert "三个月等分" in plan.reason

    def test_work_of_quarters_to_come_becomes_milestones(self, county: County) -> None:
        confirm(county, self.ledger(county, (1000, 3000, 5000, 3000)))
        nodes = Milestone.objects.filter(project=county.road, title__contains="季度：").order_by("due_on")
        assert [(node.title, node.due_on) for node in nodes] == [
            ("2季度：路基", dt.date(2026, 6, 30)),
            ("3季度：桥梁", dt.date(2026, 9, 30)),
            ("4季度：路面", dt.date(2026, 12, 31)),
        ]
        assert confirm(county, self.ledger(county, (1000, 3000, 5000, 3000))).counts["unchanged"] == 1

    def test_past_quarters_on_request(self, county: County) -> None:
        confirm(county, self.ledger(county, (1000, 3000, 5000, 3000), nodes="all"))
        assert Milestone.objects.filter(project=county.road, title="1季度：征地").exists()

    def test_an_unknown_quarter_makes_no_month_plan(self, county: County) -> None:
        ledger = self.ledger(county, (1000, "", 5000, 3000))
        assert "未形成分月计划" in "".join(preview(ledger).rows[0].notes)
        confirm(county, ledger)
        assert PlanVersion.objects.get(project=county.road, state=PlanState.EFFECTIVE).months is None


class TestUndo:
    def test_created_projects_are_voided_and_changes_restored(self, county: County) -> None:
        known = (3, "国道青禾过境段改建", "续建", 90000, 15000, "2024年9月", "2028年3月", "县住建局", "温以宁")
        ledger = confirm(county, upload(county, plan_book([BRIDGE, known])))
        outcome = imports.undo(ledger=ledger, version=ledger.version, actor=county.office_two, at=AT)
        assert outcome.kept == []
        assert Project.objects.get(name=BRIDGE[1]).voided_at == AT
        road = Project.objects.get(pk=county.road.pk)
        assert road.total == 86400
        assert PlanVersion.objects.get(project=road, state=PlanState.EFFECTIVE).annual == 12000
        assert Milestone.objects.get(project=road, kind=MilestoneKind.FINISH).due_on == dt.date(2027, 10, 31)
        assert UnitAssignment.objects.get(project=road, part=UnitPart.LEAD, valid_to=None).unit == county.transport
        assert LeaderAssignment.objects.get(project=road, valid_to=None).officer == county.vice_transport
        assert ledger.state == ImportState.UNDONE

    def test_what_was_changed_since_stays_and_is_named(self, county: County) -> None:
        known = (3, "国道青禾过境段改建", "续建", 90000, "", "", "", "", "")
        ledger = confirm(county, upload(county, plan_book([known, BRIDGE])))
        road = Project.objects.get(pk=county.road.pk)
        projects.update(project=road, values={"total": Decimal(91000)}, version=None, actor=county.office_one, at=AT)
        outcome = imports.undo(ledger=ledger, version=ledger.version, actor=county.office_two, at=AT)
        assert outcome.kept == ["“国道青禾过境段改建”：总投资（万元）导入后又有修改，未恢复"]
        assert Project.objects.get(pk=road.pk).total == 91000

    def test_reports_are_withdrawn(self, county: County) -> None:
        answers = {"options": {"period": "2026-04"}}
        data = table(TestProgress.HEADER, [("国道青禾过境段改建", 3600, "路基完成60%")])
        ledger = confirm(county, upload(county, data, "4月.csv", answers=answers, kind="progress"))
        imports.undo(ledger=ledger, version=ledger.version, actor=county.office_two, at=AT)
        report = Report.objects.get(project=county.road)
        assert (report.accepted, report.state) == (None, ReportState.DRAFT)

    def test_only_a_confirmed_import_is_undone_and_only_once(self, county: County) -> None:
        ledger = upload(county, plan_book([BRIDGE]))
        with pytest.raises(UserError, match="待确认，不能撤销"):
            imports.undo(ledger=ledger, version=ledger.version, actor=county.office_two, at=AT)
        ledger = confirm(county, ledger)
        imports.undo(ledger=ledger, version=ledger.version, actor=county.office_two, at=AT)
        with pytest.raises(UserError, match="已撤销"):
            imports.undo(ledger=ledger, version=ledger.version, actor=county.office_two, at=AT)

    def test_an_undone_ledger_can_be_imported_again(self, county: County) -> None:
        data = plan_book([BRIDGE])
        ledger = confirm(county, upload(county, data))
        imports.undo(ledger=ledger, version=ledger.version, actor=county.office_two, at=AT)
        assert confirm(county, upload(county, data)).counts["created"] == 1


class TestCommand:
    def run(self, *arguments: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_ledger", *arguments, stdout=out, stderr=err)
        except SystemExit as stop:
            return int(stop.code or 0), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "2026计划.xlsx"
        path.write_bytes(plan_book([BRIDGE, PIER]))
        return path

    def test_a_dry_run_prints_one_object_and_writes_nothing(self, county: County, file: Path) -> None:
        before = Project.objects.count()
        code, out, _ = self.run(str(file), "--dry-run", "--json")
        read = json.loads(out)
        assert code == 0
        assert set(read) == {"projects", "messages", "skipped", "declined", "units"}
        assert read["projects"][1]["total"] == "12000"
        assert read["projects"][0]["start"] == {"value": "2026-05-01", "precision": "month"}
        assert (Project.objects.count(), LedgerImport.objects.count()) == (before, 0)

    def test_what_cannot_be_read_ends_with_two_and_a_sentence(self, file: Path, tmp_path: Path) -> None:
        other = tmp_path / "说明.csv"
        other.write_text("只有一行说明文字\n", encoding="utf-8")
        for path in (other, tmp_path / "没有这个文件.xlsx"):
            code, out, err = self.run(str(path), "--dry-run", "--json")
            assert (code, out) == (2, "")
            assert err.strip().endswith(("。", "directory"))
            assert "Traceback" not in err

    def test_an_import_asks_by_exit_code_and_takes_an_answer_file(self, county: County, tmp_path: Path) -> None:
        path = tmp_path / "2026计划.xlsx"
        path.write_bytes(plan_book([(1, "国道青禾过境段改线", "续建", 90000, 12000, "", "", "县交通局", "石磊")]))
        user = ["--as-user", county.office_one.username, "--reviewed-by", county.office_two.username, "--json"]
        code, out, _ = self.run(str(path), *user)
        (question,) = json.loads(out)["questions"]
        assert code == 3
        answers = tmp_path / "answers.json"
        answers.write_text(json.dumps({"questions": {question["id"]: f"same:{county.road.pk}"}}), encoding="utf-8")
        code, out, _ = self.run(str(path), *user, "--answers", str(answers))
        assert (code, json.loads(out)["counts"]["changed"]) == (0, 1)

    def test_an_unknown_account_is_a_sentence_not_a_traceback(self, county: County, file: Path) -> None:
        code, _, err = self.run(str(file), "--as-user", "nobody")
        assert (code, "--as-user" in err) == (2, True)


def test_ten_thousand_rows_are_previewed_in_seconds(county: County) -> None:
    """Names that share most of their characters: nearness must not be paid for by comparing all pairs."""
    townships = ("柳河", "石桥", "青山", "东滩", "北塬")
    rows = [
        (f"{townships[n % 5]}第{n}号高标准农田灌溉机井", "新建", 500 + n % 90, 100, "县水利局", "温以宁")
        for n in range(10_000)
    ]
    header = ("项目名称", "建设性质", "总投资（万元）", "2026年计划投资（万元）", "责任单位", "包联领导")
    ledger = upload(county, table(header, rows), "机井.csv")
    start = time.perf_counter()
    result = preview(ledger)
    assert len(result.rows) == 10_000
    assert time.perf_counter() - start < 10


def test_a_new_leader_and_unit_join_the_roster_once(county: County) -> None:
    rows = [(n, f"柳河{n}号桥梁", "新开工", 900, 300, "", "", "柳河镇人民政府", "梁启明") for n in (1, 2)]
    confirm(county, upload(county, plan_book(rows)))
    unit = Unit.objects.get(name="柳河镇人民政府")
    assert (unit.kind, unit.board) == ("township", "townships")
    assert Officer.objects.get(name="梁启明").assignments.count() == 2
