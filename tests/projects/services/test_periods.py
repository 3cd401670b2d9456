"""Periods open, lock, move and excuse (docs/rules.md, Periods)."""

from __future__ import annotations

import datetime as dt

import pytest

from projects.enums import AnnualClass, CalendarStatus, Colour, Stage
from projects.management.commands.seed_calendar import entries
from projects.models import AuditEntry, ExpectedReport, Indicator, Period, PolicyRow
from projects.rules.deadlines import deadlines
from projects.rules.periods import parse
from projects.rules.policy import Policy
from projects.services import calendar as calendar_service
from projects.services import periods
from projects.workdays import Calendar
from tests.support.county import CREATED, SHANGHAI, County, add_project, moment
from tests.support.reporting import expected, open_at, submitted
from tracker.web.errors import Conflict, UserError


@pytest.fixture
def holidays(db: None) -> None:
    calendar_service.load_year(
        year=2026,
        entries=entries(2026),
        status=CalendarStatus.PUBLISHED,
        source="国办发明电〔2025〕7号",
        actor=None,
        at=CREATED,
    )


class TestDeadlines:
    def test_a_month_is_due_on_the_third_working_day_and_locks_on_the_sixth(self) -> None:
        times = deadlines(parse("2026-03"), Policy(), Calendar())
        assert times.due_at == moment(4, 3, 18)
        assert times.lock_at == moment(4, 8, 18)
        assert times.opens_on == dt.date(2026, 3, 27)

    def test_may_day_moves_the_due_day_of_april(self, holidays: None) -> None:
        """1 to 5 May are off, Saturday 9 May is worked: 6, 7, 8 May and 9, 11, 12 May."""
        from projects.selectors.calendar import calendar

        times = deadlines(parse("2026-04"), Policy(), calendar())
        assert times.due_at == moment(5, 8, 18)
        assert times.lock_at == moment(5, 12, 18)
        assert times.opens_on == dt.date(2026, 4, 30)

    def test_a_fixed_day_of_the_month_lies_before_the_cutoff(self) -> None:
        policy = Policy(monthly_due_mode="day", monthly_due_number=25)
        times = deadlines(parse("2026-06"), policy, Calendar())
        assert times.due_at == moment(6, 25, 18)
        assert times.opens_on == dt.date(2026, 6, 18)

    def test_day_31_of_a_short_month_is_its_last_day(self) -> None:
        policy = Policy(monthly_due_mode="day", monthly_due_number=31)
        assert deadlines(parse("2026-06"), policy, Calendar()).due_at == moment(6, 30, 18)

    def test_a_week_is_due_on_thursday_evening_and_locks_on_friday_noon(self) -> None:
        times = deadlines(parse("2026-W17"), Policy(), Calendar())
        assert (times.opens_on, times.due_at, times.lock_at) == (
            dt.date(2026, 4, 20),
            moment(4, 23, 18),
            moment(4, 24, 12),
        )

    def test_the_national_holiday_pushes_a_week_to_the_first_working_day_after_it(self, holidays: None) -> None:
        from projects.selectors.calendar import calendar

        times = deadlines(parse("2026-W40"), Policy(), calendar())
        assert times.due_at == moment(10, 8, 18)
        assert times.lock_at == moment(10, 9, 12)

    def test_a_lock_day_before_the_due_day_falls_on_the_next_working_day(self) -> None:
        times = deadlines(parse("2026-W17"), Policy(weekly_lock_weekday=2), Calendar())
        assert times.lock_at == moment(4, 24, 12)


class TestOpening:
    def test_silence_is_visible_before_anybody_writes(self, county: County) -> None:
        opened = periods.open_due(at=moment(4, 30, 8))
        assert opened.periods == ["2026-W18", "2026-04"]
        rows = ExpectedReport.objects.filter(period__key="2026-04").order_by("pk")
        assert [row.project for row in rows] == [item for item in county.projects if item != county.solar]
        assert [row.unit for row in rows][:3] == [county.transport, county.housing, county.park]

    def test_opening_again_changes_nothing(self, county: County) -> None:
        open_at(moment(4, 30, 8))
        before = (Period.objects.count(), ExpectedReport.objects.count(), AuditEntry.objects.count())
        assert periods.open_due(at=moment(4, 30, 9)).expected == 0
        assert (Period.objects.count(), ExpectedReport.objects.count(), AuditEntry.objects.count()) == before

    def test_a_missed_monday_is_made_up_on_wednesday(self, county: County) -> None:
        assert periods.open_due(at=moment(4, 22, 8)).periods == ["2026-W17"]

    def test_a_week_that_came_and_went_while_the_system_stood_still_is_not_opened(self, county: County) -> None:
        open_at(moment(4, 1, 8))
        open_at(moment(4, 22, 8))
        assert not Period.objects.filter(key__in=["2026-W15", "2026-W16"]).exists()

    def test_january_of_the_next_year_still_collects_december(self, county: County) -> None:
        opened = periods.open_due(at=dt.datetime(2027, 1, 4, 8, tzinfo=SHANGHAI))
        assert opened.periods == ["2027-W01", "2026-12"]
        assert not ExpectedReport.objects.filter(period__key="2027-W01").exists(), "no list of 2027 yet"
        assert ExpectedReport.objects.filter(period__key="2026-12").count() == 7

    def test_a_project_that_joins_later_is_expected_until_the_lock(self, county: County) -> None:
        open_at(moment(4, 30, 8))
        joined = _joined(county, entered_on=dt.date(2026, 4, 30))
        assert periods.open_due(at=moment(5, 5, 8)).expected > 0
        assert ExpectedReport.objects.filter(period__key="2026-04", project=joined).exists()

    def test_a_project_that_joins_after_the_cutoff_is_not_expected(self, county: County) -> None:
        open_at(moment(4, 30, 8))
        joined = _joined(county, entered_on=dt.date(2026, 5, 4))
        open_at(moment(5, 5, 8))
        assert not ExpectedReport.objects.filter(period__key="2026-04", project=joined).exists()

    @pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.REMOVED, Stage.TERMINATED, Stage.FULL_OUTPUT])
    def test_projects_outside_the_reporting_stages_are_not_expected(self, county: County, stage: Stage) -> None:
        county.plant.stage = stage
        county.plant.save()
        open_at(moment(4, 30, 8))
        assert not ExpectedReport.objects.filter(project=county.plant).exists()

    def test_weekly_reports_only_of_lagging_projects_when_the_county_says_so(self, county: County) -> None:
        _policy(county, "weekly_scope", "lagging")
        for project, colour in ((county.road, Colour.RED), (county.plant, Colour.YELLOW), (county.factory, "blue")):
            _indicator(project, colour)
        open_at(moment(4, 20, 8))
        weekly = ExpectedReport.objects.filter(period__key="2026-W17")
        assert {row.project for row in weekly} == {county.road, county.plant}
        _indicator(county.airport, Colour.RED)
        open_at(moment(4, 22, 8))
        assert weekly.count() == 2, "nobody is asked in the middle of a week"

    def test_no_weeks_at_all_when_the_county_says_so(self, county: County) -> None:
        _policy(county, "weekly_scope", "none")
        assert periods.open_due(at=moment(4, 30, 8)).periods == ["2026-04"]

    def test_a_ledger_may_open_a_past_period_but_not_a_future_one(self, county: County) -> None:
        past = periods.open_period(key="2026-02", at=moment(5, 5), actor=county.office_one)
        assert periods.is_locked(past, moment(5, 5))
        assert not past.expected.exists()
        row = periods.expect(period=past, project=county.road, at=moment(5, 5), actor=county.office_one)
        assert row.unit == county.transport
        assert periods.expect(period=past, project=county.road, at=moment(5, 6), actor=None) == row
        with pytest.raises(UserError, match="还没有开始"):
            periods.open_period(key="2026-06", at=moment(5, 5), actor=county.office_one)
        with pytest.raises(UserError, match="不存在"):
            periods.open_period(key="2026-13", at=moment(5, 5), actor=county.office_one)


class TestLocking:
    def test_a_period_locks_once_when_its_time_has_passed(self, county: County) -> None:
        open_at(moment(4, 20, 8))
        assert periods.lock_due(at=moment(4, 24, 11, 59)) == []
        assert periods.lock_due(at=moment(4, 24, 12)) == ["2026-W17"]
        assert periods.lock_due(at=moment(4, 24, 13)) == []

    def test_a_lock_time_that_has_passed_holds_before_the_job_ran(self, county: County) -> None:
        open_at(moment(4, 20, 8))
        assert periods.is_locked(Period.objects.get(key="2026-W17"), moment(4, 24, 12))


class TestRescheduling:
    def test_the_office_moves_an_open_period_with_a_reason(self, county: County) -> None:
        open_at(moment(4, 30, 8))
        period = Period.objects.get(key="2026-04")
        periods.reschedule(
            period=period,
            due_at=moment(5, 11, 18),
            lock_at=moment(5, 14, 18),
            reason="系统升级",
            version=1,
            actor=county.office_one,
            at=moment(5, 6),
        )
        period.refresh_from_db()
        assert (period.due_at, period.version) == (moment(5, 11, 18), 2)

    def test_two_people_cannot_move_it_at_once(self, county: County) -> None:
        open_at(moment(4, 30, 8))
        period = Period.objects.get(key="2026-04")
        arguments = {"lock_at": moment(5, 14, 18), "reason": "系统升级", "version": 1, "at": moment(5, 6)}
        periods.reschedule(period=period, due_at=moment(5, 11, 18), actor=county.office_one, **arguments)
        with pytest.raises(Conflict):
            periods.reschedule(period=period, due_at=moment(5, 12, 18), actor=county.office_two, **arguments)

    @pytest.mark.parametrize(
        ("due_at", "lock_at", "at", "message"),
        [
            (moment(5, 15), moment(5, 14), moment(5, 6), "不能早于"),
            (moment(5, 4), moment(5, 5), moment(5, 6), "应晚于现在"),
            (moment(5, 20), moment(5, 21), moment(5, 13), "已锁定"),
        ],
    )
    def test_impossible_times_are_refused(
        self, county: County, due_at: dt.datetime, lock_at: dt.datetime, at: dt.datetime, message: str
    ) -> None:
        open_at(moment(4, 30, 8))
        period = Period.objects.get(key="2026-04")
        with pytest.raises(UserError, match=message):
            periods.reschedule(
                period=period,
                due_at=due_at,
                lock_at=lock_at,
                reason="系统升级",
                version=None,
                actor=county.office_one,
                at=at,
            )


class TestWaiving:
    def test_a_waived_report_cannot_be_filled(self, county: County) -> None:
        open_at(moment(4, 30, 8))
        row = expected(county.road, "2026-04")
        periods.waive(expected=row, reason="整体移交省厅填报", actor=county.office_one, at=moment(5, 4))
        with pytest.raises(UserError, match="免报"):
            submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=moment(5, 6))

    def test_what_was_submitted_cannot_be_waived(self, county: County) -> None:
        open_at(moment(4, 30, 8))
        submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=moment(5, 5))
        with pytest.raises(UserError, match="已报送"):
            periods.waive(
                expected=expected(county.road, "2026-04"), reason="停工", actor=county.office_one, at=moment(5, 5)
            )


def _joined(county: County, entered_on: dt.date):
    project = add_project(
        county.annual_list,
        county.office_one,
        code="QH099",
        name="青年人才公寓",
        annual_class=AnnualClass.NEW_START,
        stage=Stage.PREPARATION,
        unit=county.housing,
        leader=county.executive,
        plan=3000,
        total=9400,
    )
    project.entries.update(entered_on=entered_on)
    return project


def _policy(county: County, key: str, value: object) -> None:
    PolicyRow.objects.create(
        key=key, value=value, effective_on=dt.date(2026, 1, 1), reason="测试", actor=county.bureau, at=CREATED
    )


def _indicator(project: object, colour: str) -> None:
    Indicator.objects.create(
        project=project,
        as_of=dt.date(2026, 4, 19),
        colour=colour,
        computed_colour=colour,
        detail={},
        rule_version="1",
        policy_version="1",
        input_digest="",
    )
