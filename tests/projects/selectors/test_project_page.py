"""The project page as of a day: facts known by then, no more; families; the log; a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.enums import DocumentKind, MilestoneKind, ReportState, Stage, UnitPart
from projects.models import Milestone, Project, StatisticsInclusion, User
from projects.rules.colours import Colour
from projects.selectors.curve import NARROW, WIDE, draw
from projects.selectors.people import access_of
from projects.selectors.project_page import ProjectPage, project_page
from projects.services import assignments, documents, indicators, milestones, plans, projects, reports
from projects.services.plans import PlanFigures
from tests.support import county as cast
from tests.support.county import County, moment
from tests.support.files import pdf
from tests.support.reporting import APRIL_OPENS, MAY_OPENS, accepted, open_at, submitted

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 6)
JUNE = dt.date(2026, 6, 10)
AT = moment(5, 6)
LATER = moment(6, 10)


@pytest.fixture
def qinghe() -> County:
    return cast.build()


def page_of(qinghe: County, project: Project, day: dt.date = DAY, user: User | None = None) -> ProjectPage:
    return project_page(project, day, access_of(user or qinghe.office_one, day))


class TestAsOf:
    def test_a_moved_date_is_the_old_one_before_the_move(self, qinghe: County) -> None:
        finish = Milestone.objects.get(project=qinghe.library, kind=MilestoneKind.FINISH)
        milestones.move(
            milestone=finish, new_due=dt.date(2026, 12, 31), reason="装修延期", actor=qinghe.office_one, at=LATER
        )
        before = page_of(qinghe, qinghe.library).milestone(MilestoneKind.FINISH)
        after = page_of(qinghe, qinghe.library, JUNE).milestone(MilestoneKind.FINISH)
        assert before is not None
        assert after is not None
        assert (before.due_on, before.change_count) == (dt.date(2026, 9, 30), 0)
        assert (after.due_on, after.change_count, after.first_due) == (dt.date(2026, 12, 31), 1, dt.date(2026, 9, 30))
        assert page_of(qinghe, qinghe.library, JUNE).move_count == 1

    def test_a_node_done_later_is_late_that_day(self, qinghe: County) -> None:
        node = cast.add_milestone(qinghe.road, dt.date(2026, 5, 1), title="桩基完成")
        milestones.complete(
            milestone=node,
            done_on=dt.date(2026, 5, 20),
            percent=100,
            version=None,
            actor=qinghe.transport_staff,
            at=moment(5, 21),
        )

        def line(day: dt.date):
            return next(item for item in page_of(qinghe, qinghe.road, day).milestones if item.milestone == node)

        assert (line(DAY).tone, line(DAY).days_late) == ("late", 5)
        assert (line(JUNE).tone, line(JUNE).days_late, line(JUNE).is_confirmed) == ("done", 19, False)
        assert page_of(qinghe, qinghe.road).late_count == 1

    def test_a_start_within_its_written_month_is_not_late(self, qinghe: County) -> None:
        Milestone.objects.filter(project=qinghe.expressway, kind=MilestoneKind.START).update(precision="month")
        line = page_of(qinghe, qinghe.expressway, dt.date(2026, 4, 20)).milestone(MilestoneKind.START)
        assert line is not None
        assert (line.tone, line.days_left) == ("open", 10)

    def test_a_project_that_has_started_does_not_owe_its_start(self, qinghe: County) -> None:
        """Nobody ticked the planned start of 2024 off; the confirmed start says it all."""
        start = page_of(qinghe, qinghe.road).milestone(MilestoneKind.START)
        assert start is not None
        assert (start.tone, start.done_on, start.is_confirmed) == ("done", qinghe.road.started_on, True)

    def test_a_report_waits_until_the_day_of_its_review(self, qinghe: County) -> None:
        open_at(APRIL_OPENS)
        revision = submitted(qinghe.road, "2026-04", 5000, by=qinghe.transport_staff, at=AT)
        reports.accept(revision=revision, actor=qinghe.office_one, at=moment(5, 8))
        that_day, later = (page_of(qinghe, qinghe.road, day).reports[0] for day in (DAY, JUNE))
        assert (that_day.state, that_day.review, that_day.counts) == (ReportState.SUBMITTED, None, False)
        assert (later.state, later.counts) == (ReportState.ACCEPTED, True)
        assert page_of(qinghe, qinghe.road).curve.last is None
        assert page_of(qinghe, qinghe.road, dt.date(2026, 5, 5)).reports == ()

    def test_a_document_appears_with_its_upload_and_is_void_from_its_voiding(self, qinghe: County) -> None:
        document = documents.add(
            project=qinghe.road,
            kind=DocumentKind.PERMIT,
            data=pdf(),
            filename="施工许可证.pdf",
            actor=qinghe.office_one,
            at=AT,
        )
        documents.void(document=document, reason="传错项目", actor=qinghe.office_one, at=LATER)
        assert page_of(qinghe, qinghe.road, dt.date(2026, 5, 5)).documents == ()
        (then,), (now,) = (page_of(qinghe, qinghe.road, day).documents for day in (DAY, JUNE))
        assert (then.void, then.is_open, then.size, then.format) == (None, False, "1 KB", "PDF")
        assert now.void is not None
        assert now.void.reason == "传错项目"

    def test_stage_inclusion_people_and_colours_are_those_of_the_day(self, qinghe: County) -> None:
        projects.set_stage(
            project=qinghe.plant, stage=Stage.FINISHED, on=dt.date(2026, 6, 1), actor=qinghe.office_one, at=LATER
        )
        assignments.assign_unit(
            project=qinghe.plant,
            unit=qinghe.park,
            part=UnitPart.LEAD,
            valid_from=dt.date(2026, 6, 1),
            actor=qinghe.office_one,
            at=LATER,
        )
        StatisticsInclusion.objects.filter(project=qinghe.plant).update(included_on=dt.date(2026, 6, 2))
        indicators.override(
            project=qinghe.plant,
            colour=Colour.RED,
            reason="现场停工待查",
            expires_on=dt.date(2026, 6, 20),
            actor=qinghe.supervisor,
            at=LATER,
        )
        then, now = page_of(qinghe, qinghe.plant), page_of(qinghe, qinghe.plant, JUNE)
        assert (then.stage, then.facts.included_on, then.override) == ("在建", None, None)
        assert (now.stage, now.days_to_inclusion) == ("完工", (dt.date(2026, 6, 2) - qinghe.plant.started_on).days)
        assert then.lead_unit is not None
        assert now.lead_unit is not None
        assert (then.lead_unit.unit, now.lead_unit.unit) == (qinghe.housing, qinghe.park)
        assert [row.unit for row in now.former_people] == [qinghe.housing]
        assert then.former_people == []
        assert now.override is not None

    def test_the_plan_version_is_named_for_what_it_was(self, qinghe: County) -> None:
        plans.adopt(
            project=qinghe.road,
            year=2026,
            figures=PlanFigures(annual=Decimal(10000)),
            effective_on=dt.date(2026, 6, 1),
            document_no="青政发〔2026〕9号",
            actor=qinghe.office_one,
            at=AT,
        )
        assert [line.state for line in page_of(qinghe, qinghe.road).plans] == ["未到生效日期", "生效"]
        assert [line.state for line in page_of(qinghe, qinghe.road, JUNE).plans] == ["生效", "被替代"]
        assert page_of(qinghe, qinghe.road, dt.date(2027, 1, 4)).plans[0].state == "已期满"
        plan = page_of(qinghe, qinghe.road, JUNE).plan
        assert plan is not None
        assert plan.annual == 10000


class TestReports:
    def test_each_report_says_what_it_adds_and_changes(self, qinghe: County) -> None:
        open_at(APRIL_OPENS)
        accepted(qinghe, qinghe.road, "2026-04", 4000, by=qinghe.transport_staff, at=moment(5, 4))
        open_at(MAY_OPENS)
        accepted(
            qinghe, qinghe.road, "2026-05", 5200, by=qinghe.transport_staff, at=moment(6, 1), problem="征地尚余两户"
        )
        newest, first = page_of(qinghe, qinghe.road, JUNE).reports[:2]
        assert (first.growth, first.changes) == (None, ())
        assert newest.growth == 1200
        assert [(row.label, row.old, row.new) for row in newest.changes] == [("存在问题", "", "征地尚余两户")]

    def test_a_returned_report_counts_only_once_accepted(self, qinghe: County) -> None:
        open_at(APRIL_OPENS)
        revision = submitted(qinghe.road, "2026-04", 4000, by=qinghe.transport_staff, at=moment(5, 4))
        reports.give_back(revision=revision, reason="缺凭证", actor=qinghe.office_one, at=moment(5, 5))
        line = page_of(qinghe, qinghe.road).reports[0]
        assert (line.state, line.counts) == (ReportState.RETURNED, False)
        assert page_of(qinghe, qinghe.road).last_report is None


class TestCurve:
    def test_the_curve_meets_the_figures_of_the_light(self, qinghe: County) -> None:
        open_at(APRIL_OPENS)
        accepted(qinghe, qinghe.road, "2026-04", 5000, by=qinghe.transport_staff, at=moment(5, 4))
        for project in qinghe.projects:
            page = page_of(qinghe, project)
            assert page.curve.expected_on == page.view.planned_cumulative, project
            assert (page.curve.last.amount if page.curve.last else None) == page.view.done, project

    def test_words_stand_inside_the_drawing_and_tell_their_unit(self, qinghe: County) -> None:
        open_at(APRIL_OPENS)
        accepted(qinghe, qinghe.road, "2026-04", 4000, by=qinghe.transport_staff, at=moment(5, 4))
        for size in (WIDE, NARROW):
            drawing = draw(page_of(qinghe, qinghe.road).curve, size)
            assert [label.text for label in drawing.labels] == [
                "应完成4,097万元",
                "已完成4,000万元",
                "年度计划12,000万元",
            ]
            assert all(0 < label.y < size[1] for label in drawing.labels)
            places = sorted(label.y for label in drawing.labels)
            assert all(low + 15 < high for low, high in pairwise(places))

    def test_large_amounts_are_told_in_yi(self, qinghe: County) -> None:
        plans.adopt(
            project=qinghe.road,
            year=2026,
            figures=PlanFigures(annual=Decimal(123456)),
            effective_on=dt.date(2026, 5, 1),
            document_no="青政发〔2026〕9号",
            actor=qinghe.office_one,
            at=AT,
        )
        drawing = draw(page_of(qinghe, qinghe.road).curve, WIDE)
        assert "年度计划12.35亿元" in [label.text for label in drawing.labels]

    def test_nothing_known_draws_nothing(self, qinghe: County) -> None:
        page = page_of(qinghe, qinghe.solar)
        assert page.curve.is_empty
        assert draw(page.curve, WIDE).labels == ()


class TestFamily:
    def test_a_package_is_the_sum_of_its_children_and_each_names_the_other(self, qinghe: County) -> None:
        package = page_of(qinghe, qinghe.solar)
        assert [child.project for child in package.family.children] == [qinghe.solar_school]
        assert (package.family.plan, package.family.total, package.family.done) == (3200, 8000, None)
        assert package.is_sum
        assert page_of(qinghe, qinghe.solar_school).family.parent == qinghe.solar

    def test_what_others_lead_is_neither_named_nor_summed(self, qinghe: County) -> None:
        Project.objects.filter(pk=qinghe.plant.pk).update(parent=qinghe.solar)
        qinghe.plant.refresh_from_db()
        package = page_of(qinghe, qinghe.solar, user=qinghe.park_staff)
        assert [child.project for child in package.family.children] == [qinghe.solar_school]
        assert (package.family.is_whole, package.family.plan) == (False, None)
        assert page_of(qinghe, qinghe.plant, user=qinghe.housing_staff).family.parent is None
        assert page_of(qinghe, qinghe.solar).family.plan == 3200 + 9800


class TestLog:
    def test_it_tells_in_words_who_changed_what(self, qinghe: County) -> None:
        projects.update(
            project=qinghe.road, values={"sector": "交通"}, version=None, actor=qinghe.office_one, at=moment(5, 5)
        )
        assignments.assign_leader(
            project=qinghe.road,
            officer=qinghe.executive,
            part="joint",
            valid_from=dt.date(2026, 5, 1),
            actor=qinghe.bureau,
            at=AT,
        )
        joined, edited = page_of(qinghe, qinghe.road).log
        assert (joined.entry.actor, joined.sentence) == (qinghe.bureau, "指定包联领导")
        told = {item.label: item.new for item in joined.details}  # PostgreSQL keeps keys in an order of its own
        assert told == {"领导": "温以宁", "分工": "共同包联", "起始日期": "2026-05-01"}
        assert [(item.label, item.old, item.new) for item in edited.details] == [("领域", "（空）", "交通")]
        assert page_of(qinghe, qinghe.road, dt.date(2026, 5, 4)).log == ()

    def test_digests_and_reports_stay_with_the_audit_administrator(self, qinghe: County) -> None:
        open_at(APRIL_OPENS)
        submitted(qinghe.road, "2026-04", 4000, by=qinghe.transport_staff, at=moment(5, 4))
        documents.add(
            project=qinghe.road,
            kind=DocumentKind.PERMIT,
            data=pdf(),
            filename="施工许可证.pdf",
            actor=qinghe.office_one,
            at=AT,
        )
        (line,) = page_of(qinghe, qinghe.road).log
        assert line.sentence == "上传资料"
        assert {item.label for item in line.details} == {"类别", "名称"}


def test_history_does_not_move_the_number_of_queries(qinghe: County) -> None:
    def live(month: int, done: int) -> None:
        open_at(moment(month, 30, 8))
        at = moment(month + 1, 4)
        accepted(qinghe, qinghe.road, f"2026-{month:02d}", done, by=qinghe.transport_staff, at=at)
        node = cast.add_milestone(qinghe.road, dt.date(2026, 12, 20), title=f"第{month}联架梁")
        milestones.move(milestone=node, new_due=dt.date(2026, 12, 25), reason="汛期", actor=qinghe.office_one, at=at)
        documents.add(
            project=qinghe.road,
            kind=DocumentKind.MINUTES,
            data=pdf(f"{month}"),
            filename=f"{month}月调度纪要.pdf",
            actor=qinghe.office_one,
            at=at,
        )

    live(3, 3000)
    with CaptureQueriesContext(connection) as before:
        page_of(qinghe, qinghe.road, dt.date(2026, 7, 1))
    for month, done in ((4, 4000), (5, 5000)):
        live(month, done)
    with CaptureQueriesContext(connection) as after:
        page = page_of(qinghe, qinghe.road, dt.date(2026, 7, 1))
    assert (len(page.reports), len(page.documents), page.move_count) == (3, 3, 3)
    assert len(after) == len(before)
