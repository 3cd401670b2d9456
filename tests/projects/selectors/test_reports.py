"""What the report screens are given."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from projects.models import Project, VerificationFlag
from projects.rules.flags import Figure
from projects.selectors import checks
from projects.selectors.people import access_of
from projects.selectors.periods import current_period, last_due_period, period_board, periods_with_counts
from projects.selectors.reports import entry_page, report_page, todo
from projects.selectors.reviews import review_queue
from projects.services import periods, reports
from tests.support.county import County, double, moment
from tests.support.reporting import APRIL_OPENS, MAY_OPENS, accepted, expected, open_at, period, submitted

IN_TIME = moment(5, 5, 10)
"""April is due on 5 May 18:00 and locks on 8 May."""


def _access(county: County, user: object, at: dt.datetime = IN_TIME):
    return access_of(user, at.date())


class TestTodo:
    @pytest.fixture(autouse=True)
    def _april(self, county: County) -> None:
        periods.open_due(at=APRIL_OPENS)

    def test_a_unit_sees_what_it_leads_by_urgency(self, county: County) -> None:
        first = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        reports.give_back(revision=first, reason="缺照片", actor=county.office_one, at=IN_TIME)
        submitted(county.airport, "2026-04", 300, by=county.transport_staff, at=IN_TIME)
        found = todo(_access(county, county.transport_staff), IN_TIME)
        assert [(line.expected.project, line.return_reason) for line in found.returned] == [(county.road, "缺照片")]
        assert [line.expected.project for line in found.waiting] == [county.airport]
        assert [(line.expected.project, line.workdays_left) for line in found.due] == [(county.expressway, 0)]
        assert {line.expected.period.key for line in found.missed} == {"2026-W18"}
        assert found.count == 2

    def test_after_the_due_time_it_is_overdue_and_after_the_lock_missed(self, county: County) -> None:
        access = _access(county, county.housing_staff)
        late = todo(access, moment(5, 6, 9))
        assert [(line.expected.period.key, line.workdays_left) for line in late.overdue] == [("2026-04", -1)]
        assert late.overdue[0].state_label == "未报送"
        locked = todo(access, moment(5, 8, 18))
        assert (locked.overdue, [line.expected.period.key for line in locked.missed]) == ((), ["2026-W18", "2026-04"])
        assert todo(access, moment(6, 20)).missed == (), "old misses are history"

    def test_a_cooperating_unit_and_the_owner(self, county: County) -> None:
        seen = {line.expected.project for line in todo(_access(county, county.chengguan_staff), IN_TIME).due}
        assert seen == {county.library}, "it only cooperates on the road"
        own = {line.expected.project for line in todo(_access(county, county.owner), IN_TIME).due}
        assert own == {county.factory}

    def test_a_waived_report_is_no_work(self, county: County) -> None:
        row = expected(county.plant, "2026-04")
        periods.waive(expected=row, reason="省厅统一填报", actor=county.office_one, at=IN_TIME)
        assert todo(_access(county, county.housing_staff), IN_TIME).due == ()

    def test_four_queries_however_many_rows(self, county: County, django_assert_num_queries) -> None:
        access = _access(county, county.office_one)
        with django_assert_num_queries(4):
            assert len(todo(access, IN_TIME).due) == 7
        double(county)
        periods.open_due(at=APRIL_OPENS)
        with django_assert_num_queries(4):
            assert len(todo(access, IN_TIME).due) == 15


class TestEntry:
    def test_the_form_stands_beside_plan_base_and_gap(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 3000, by=county.transport_staff, at=IN_TIME)
        open_at(MAY_OPENS)
        page = entry_page(expected(county.road, "2026-05"), moment(6, 1))
        assert (page.base, page.last.done) == (3000, 3000)
        assert page.indicator.plan == 12000
        assert page.indicator.planned_cumulative == 5000
        assert page.indicator.gap_points.quantize(Decimal("0.01")) == Decimal("-16.67")
        assert page.initial == {"done": "3000.0000", "progress": "完成路基施工3公里"}
        assert (page.can_repeat, page.version, page.is_locked) == (True, 1, False)

    def test_a_draft_comes_first_then_what_was_submitted(self, county: County) -> None:
        open_at(APRIL_OPENS)
        row = expected(county.road, "2026-04")
        revision = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        reports.give_back(revision=revision, reason="缺照片", actor=county.office_one, at=IN_TIME)
        page = entry_page(row, IN_TIME)
        assert (page.initial["done"], page.return_reason) == ("4000.0000", "缺照片")
        reports.save_draft(
            expected=row, values={"done": "39"}, version=page.version, actor=county.transport_staff, at=IN_TIME
        )
        assert entry_page(row, IN_TIME).initial == {"done": "39"}

    def test_the_first_report_of_a_year_starts_from_nothing(self, county: County) -> None:
        open_at(APRIL_OPENS)
        page = entry_page(expected(county.road, "2026-04"), moment(5, 8, 18))
        assert (page.base, page.last, page.can_repeat, page.is_locked) == (0, None, False, True)

    def test_flags_are_shown_while_typing(self, county: County) -> None:
        open_at(APRIL_OPENS)
        row = expected(county.road, "2026-04")
        found = checks.preview(
            project=row.project,
            period=row.period,
            current=Figure(done=Decimal(5000), stage="building", progress="路基"),
            day=IN_TIME.date(),
        )
        assert [flag.code for flag in found] == ["jump"]
        assert not VerificationFlag.objects.exists()


class TestHistory:
    def test_every_revision_with_its_review_and_flags(self, county: County, django_assert_num_queries) -> None:
        open_at(APRIL_OPENS)
        first = submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
        reports.give_back(revision=first, reason="缺照片", actor=county.office_one, at=IN_TIME)
        second = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=moment(5, 6))
        with django_assert_num_queries(3):
            page = report_page(second.report, moment(5, 7))
            shown = [(item.revision.number, item.review.reviewer.name) for item in page.entries]
        assert shown == [(2, "卢嘉树"), (1, "卢嘉树")]
        newest, oldest = page.entries
        changed = {row.label: (row.old, row.new) for row in newest.changes if row.is_changed}
        assert changed["本年累计完成投资（万元）"] == ("5,000", "4,000")
        assert (newest.has_predecessor, oldest.has_predecessor) == (True, False)
        assert [flag.code for flag in oldest.flags] == ["jump"]


class TestQueue:
    def test_a_line_shows_the_difference_and_what_looks_wrong(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 3000, by=county.transport_staff, at=IN_TIME)
        open_at(MAY_OPENS)
        submitted(county.road, "2026-05", 9000, by=county.office_one, at=moment(6, 4))
        (line,) = review_queue(_access(county, county.office_one))
        assert (line.growth, line.share, line.last.done) == (6000, 50, 3000)
        assert {flag.code for flag in line.flags} == {"jump", "copied_text"}
        assert (line.may_review, line.is_late, line.text_changed, line.unit) == (False, True, False, "县交通局")
        assert review_queue(_access(county, county.office_two))[0].may_review

    def test_a_correction_is_compared_with_what_it_corrects(self, county: County) -> None:
        open_at(APRIL_OPENS)
        old = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        reports.correct(
            expected=expected(county.road, "2026-04"),
            values=reports.ReportValues(done=Decimal(3500), progress="路基"),
            reason="误计",
            version=None,
            actor=county.office_one,
            at=moment(5, 20),
        )
        (line,) = review_queue(_access(county, county.office_two))
        assert (line.last, line.growth) == (old, -500)

    def test_a_unit_reviews_nothing(self, county: County) -> None:
        open_at(APRIL_OPENS)
        submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        assert review_queue(_access(county, county.transport_head)) == []

    def test_four_queries_however_many_rows(self, county: County, django_assert_num_queries) -> None:
        open_at(APRIL_OPENS)
        access = _access(county, county.office_two)
        _everybody_submits(county, county.projects)
        with django_assert_num_queries(4):
            assert len(review_queue(access)) == 7
        more = double(county)
        periods.open_due(at=IN_TIME)
        _everybody_submits(county, more)
        with django_assert_num_queries(4):
            assert len(review_queue(access)) == 15


class TestPeriods:
    def test_the_list_counts_what_is_due_and_what_came(self, county: County, django_assert_num_queries) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        submitted(county.plant, "2026-04", 3000, by=county.housing_staff, at=IN_TIME)
        row = expected(county.library, "2026-04")
        periods.waive(expected=row, reason="省厅统一填报", actor=county.office_one, at=IN_TIME)
        with django_assert_num_queries(1):
            found = {item.key: item for item in periods_with_counts()}
        april = found["2026-04"]
        counts = (april.expected_count, april.waived_count, april.accepted_count, april.submitted_count)
        assert counts == (6, 1, 1, 1)

    def test_the_board_names_who_has_not_reported(self, county: County, django_assert_num_queries) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=moment(5, 6))
        submitted(county.plant, "2026-04", 3000, by=county.housing_staff, at=IN_TIME)
        april, office = period("2026-04"), _access(county, county.office_one)
        with django_assert_num_queries(3):
            board = period_board(april, office, IN_TIME)
        assert (board.due, board.missing, board.is_overdue, board.is_locked) == (7, 5, False, False)
        assert [unit.name for unit in board.units] == ["县交通局", "经开区", "城关镇", "县住建局"]
        road = board.units[0].lines[0]
        assert (road.label, road.is_late) == ("已报", True)

    def test_the_newest_open_and_the_newest_due_period(self, county: County) -> None:
        open_at(moment(3, 31, 8))
        open_at(APRIL_OPENS)
        assert current_period("month", IN_TIME).key == "2026-04"
        assert last_due_period("month", IN_TIME).key == "2026-03"
        assert last_due_period("month", moment(5, 5, 19)).key == "2026-04"


def _everybody_submits(county: County, projects: list[Project]) -> None:
    for project in projects:
        if not project.is_package:
            submitted(project, "2026-04", 2000, by=county.transport_staff, at=IN_TIME)
