"""The rule inputs as of a day (docs/rules.md, As of a day)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from projects.enums import AdjustmentKind, FlagState, MilestoneWeight, PlanState, Stage
from projects.models import ExpectedReport, LightChange, PlanVersion, Project, StatisticsInclusion, VerificationFlag
from projects.rules.colours import Colour
from projects.rules.deadlines import SHANGHAI
from projects.rules.dimensions import silence
from projects.rules.facts import PastColour, ProjectFacts, ReportFact
from projects.selectors.facts import project_facts
from projects.services import flags, indicators, lists, milestones, periods, projects, reports
from tests.support.county import MONTHS, County, add_milestone, double, moment
from tests.support.reporting import APRIL_OPENS, accepted, expected, open_at, submitted, values

MAY_5 = moment(5, 5, 10)
MAY_6 = dt.date(2026, 5, 6)


def facts_of(project: Project, as_of: dt.date, **options: object) -> ProjectFacts:
    return project_facts(as_of, projects=[project], **options)[0]


class TestScope:
    def test_the_list_of_the_year_by_project_code(self, county: County) -> None:
        found = project_facts(MAY_6)
        assert [facts.code for facts in found] == [f"QH00{number}" for number in range(1, 9)]

    def test_a_project_that_left_the_list_is_not_in_it_but_can_be_asked_for(self, county: County) -> None:
        county.plant.entries.update(left_on=dt.date(2026, 5, 1))
        assert "QH002" not in {facts.code for facts in project_facts(MAY_6)}
        assert "QH002" in {facts.code for facts in project_facts(dt.date(2026, 4, 30))}
        assert facts_of(county.plant, MAY_6).annual_class == "carry_over"

    def test_a_voided_project_has_no_facts(self, county: County) -> None:
        Project.objects.filter(pk=county.plant.pk).update(voided_at=MAY_5)
        assert project_facts(MAY_6, projects=[county.plant]) == []

    def test_the_number_of_queries_does_not_grow_with_the_projects(
        self, county: County, django_assert_num_queries
    ) -> None:
        _everybody_reports(county, county.projects)
        with django_assert_num_queries(17):
            assert len(project_facts(MAY_6)) == 8
        _everybody_reports(county, double(county))
        with django_assert_num_queries(17):
            assert len(project_facts(MAY_6)) == 16


class TestMasterData:
    def test_plan_people_and_amounts(self, county: County) -> None:
        facts = facts_of(county.road, MAY_6)
        assert (facts.plan, facts.prior, facts.total) == (12000, 30000, 86400)
        assert (facts.unit, facts.co_units) == (county.transport.pk, (county.chengguan.pk,))
        assert facts.leader == county.vice_transport.pk
        assert facts_of(county.factory, MAY_6).months == MONTHS
        assert facts_of(county.solar, MAY_6).plan is None

    def test_the_plan_in_force_that_day(self, county: County) -> None:
        old = county.road.plans.get()
        PlanVersion.objects.filter(pk=old.pk).update(state=PlanState.SUPERSEDED, replaced_on=dt.date(2026, 7, 1))
        PlanVersion.objects.create(
            project=county.road,
            year=2026,
            number=2,
            annual=9000,
            state=PlanState.EFFECTIVE,
            effective_on=dt.date(2026, 7, 1),
            proposed_by=county.bureau,
            created_at=moment(6, 20),
        )
        assert facts_of(county.road, dt.date(2026, 6, 30)).plan == 12000
        assert facts_of(county.road, dt.date(2026, 7, 1)).plan == 9000
        assert facts_of(county.road, dt.date(2026, 7, 8), cutoff=dt.date(2026, 6, 30)).plan == 12000

    def test_the_stage_entered_by_that_day(self, county: County) -> None:
        projects.set_stage(
            project=county.library, stage=Stage.FINISHED, on=dt.date(2026, 9, 20), actor=county.bureau, at=moment(9, 20)
        )
        assert facts_of(county.library, dt.date(2026, 9, 19)).stage == "building"
        assert facts_of(county.library, dt.date(2026, 9, 20)).stage == "finished"
        assert facts_of(county.library, dt.date(2023, 1, 1)).stage == "building", "before any known change"

    def test_confirmed_start_and_inclusion_count_from_their_day(self, county: County) -> None:
        StatisticsInclusion.objects.create(project=county.solar_school, included_on=dt.date(2026, 4, 2))
        before = facts_of(county.solar_school, dt.date(2026, 3, 9))
        after = facts_of(county.solar_school, dt.date(2026, 4, 2))
        assert (before.started_on, before.included_on) == (None, None)
        assert (after.started_on, after.included_on) == (dt.date(2026, 3, 10), dt.date(2026, 4, 2))

    def test_a_paused_project_is_paused_from_its_day(self, county: County) -> None:
        lists.adjust(
            entry=county.plant.entries.get(),
            kind=AdjustmentKind.PAUSED,
            reason="规划调整",
            effective_on=dt.date(2026, 5, 4),
            document_no="青政办函〔2026〕9号",
            actor=county.office_one,
            at=moment(5, 4),
        )
        assert facts_of(county.plant, dt.date(2026, 5, 3)).stage == "building"
        assert facts_of(county.plant, MAY_6).stage == "paused"


class TestMilestones:
    def test_a_moved_date_is_the_old_one_before_the_move(self, county: County) -> None:
        node = county.plant.milestones.get(title="生化池封顶")
        milestones.move(
            milestone=node, new_due=dt.date(2026, 8, 31), reason="地质原因", actor=county.office_one, at=moment(6, 10)
        )
        before = _node(facts_of(county.plant, dt.date(2026, 6, 9)), node.pk)
        after = _node(facts_of(county.plant, dt.date(2026, 6, 10)), node.pk)
        assert (before.due, before.changes) == (dt.date(2026, 5, 31), 0)
        assert (after.due, after.changes) == (dt.date(2026, 8, 31), 1)

    def test_a_claimed_completion_counts_once_confirmed(self, county: County) -> None:
        node = county.plant.milestones.get(title="生化池封顶")
        milestones.complete(
            milestone=node,
            done_on=dt.date(2026, 5, 20),
            percent=100,
            version=None,
            actor=county.housing_staff,
            at=moment(5, 21),
        )
        assert _node(facts_of(county.plant, dt.date(2026, 5, 25)), node.pk).done is None
        milestones.confirm(milestone=node, version=None, actor=county.office_one, at=moment(5, 25))
        assert _node(facts_of(county.plant, dt.date(2026, 5, 25)), node.pk).done == dt.date(2026, 5, 20)
        assert _node(facts_of(county.plant, dt.date(2026, 5, 19)), node.pk).done is None

    def test_a_voided_or_later_one_is_not_there(self, county: County) -> None:
        node = add_milestone(county.plant, dt.date(2026, 7, 1), title="误录", weight=MilestoneWeight.KEY)
        milestones.void(milestone=node, reason="误录", version=None, actor=county.office_one, at=moment(5, 5))
        titles = [item.title for item in facts_of(county.plant, MAY_6).milestones]
        assert titles == ["计划开工", "生化池封顶", "计划竣工"]
        assert facts_of(county.plant, dt.date(2026, 1, 4)).milestones == ()


class TestFigure:
    def test_only_what_was_accepted_by_the_end_of_the_day_counts(self, county: County) -> None:
        open_at(APRIL_OPENS)
        revision = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=MAY_5)
        assert facts_of(county.road, MAY_6).done is None
        reports.accept(revision=revision, actor=county.office_one, at=moment(5, 6, 23, 59))
        assert facts_of(county.road, dt.date(2026, 5, 5)).done is None
        facts = facts_of(county.road, MAY_6)
        assert (facts.done, facts.done_period, facts.done_cutoff) == (4000, "2026-04", dt.date(2026, 4, 30))
        assert facts.done_revision == revision.pk

    def test_weeks_and_months_are_one_series_the_newest_cutoff_counts(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-W18", 4050, by=county.transport_staff, at=moment(4, 30, 10))
        accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=MAY_5)
        assert facts_of(county.road, MAY_6).done_period == "2026-W18"

    def test_a_ranking_of_april_takes_the_figure_and_the_yardstick_of_april(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-W18", 4050, by=county.transport_staff, at=moment(4, 30, 10))
        accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=MAY_5)
        facts = facts_of(county.road, dt.date(2026, 5, 12), cutoff=dt.date(2026, 4, 30))
        assert (facts.done, facts.compared_on) == (4000, dt.date(2026, 4, 30))
        assert [report.period for report in facts.reports] == ["2026-04"]

    def test_a_correction_replaces_from_its_acceptance_and_a_withdrawal_restores(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=MAY_5)
        correction = reports.correct(
            expected=expected(county.road, "2026-04"),
            values=values(3500),
            reason="误计",
            version=None,
            actor=county.office_one,
            at=moment(5, 20),
        )
        reports.accept(revision=correction, actor=county.office_two, at=moment(5, 21))
        reports.withdraw(revision=correction, reason="撤销", actor=county.office_one, at=moment(5, 25))
        done = [facts_of(county.road, dt.date(2026, 5, day)).done for day in (20, 21, 24, 25)]
        assert done == [4000, 3500, 3500, 4000]

    def test_a_blank_figure_is_unknown_not_zero(self, county: County) -> None:
        open_at(APRIL_OPENS)
        county.airport.plans.all().delete()
        accepted(county, county.airport, "2026-04", None, by=county.transport_staff, at=MAY_5)
        facts = facts_of(county.airport, MAY_6)
        assert (facts.done, facts.done_period) == (None, "2026-04")

    def test_the_figure_of_last_year_is_no_figure_of_this_year(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=MAY_5)
        assert facts_of(county.road, dt.date(2027, 1, 4)).done is None
        assert facts_of(county.road, dt.date(2027, 1, 4), year=2026).done == 4000

    def test_a_lower_verified_figure_counts_from_its_day(self, county: County) -> None:
        open_at(APRIL_OPENS)
        accepted(county, county.road, "2026-04", 5000, by=county.transport_staff, at=MAY_5)
        assert facts_of(county.road, MAY_6).open_flags == ("jump",)
        flags.settle(
            flag=VerificationFlag.objects.get(),
            state=FlagState.CORRECTED,
            note="含往年",
            verified_done=Decimal(4200),
            actor=county.supervisor,
            at=moment(5, 8),
        )
        before, after = facts_of(county.road, dt.date(2026, 5, 7)), facts_of(county.road, dt.date(2026, 5, 8))
        assert (before.done, before.reported_done, before.open_flags) == (5000, None, ("jump",))
        assert (after.done, after.reported_done, after.open_flags) == (4200, 5000, ())


class TestReports:
    def test_a_report_is_owed_once_its_due_day_has_passed(self, county: County) -> None:
        open_at(APRIL_OPENS)
        on_due_day = facts_of(county.road, dt.date(2026, 5, 5))
        assert [report.period for report in on_due_day.reports] == ["2026-W18"]
        owed = facts_of(county.road, MAY_6).reports[-1]
        assert owed == ReportFact("2026-04", "month", dt.date(2026, 4, 30), dt.date(2026, 5, 5))

    def test_submission_acceptance_and_returns_are_told(self, county: County) -> None:
        open_at(APRIL_OPENS)
        first = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=MAY_5)
        reports.give_back(revision=first, reason="缺照片", actor=county.office_one, at=MAY_5)
        accepted(county, county.road, "2026-04", 3900, by=county.transport_staff, at=moment(5, 7))
        report = facts_of(county.road, dt.date(2026, 5, 8)).reports[-1]
        assert (report.submitted, report.accepted, report.returned) == (
            dt.date(2026, 5, 5),
            dt.date(2026, 5, 7),
            1,
        )

    def test_a_waived_report_is_not_owed_from_its_waiver_on(self, county: County) -> None:
        open_at(APRIL_OPENS)
        row = expected(county.road, "2026-04")
        periods.waive(expected=row, reason="省厅统一填报", actor=county.office_one, at=moment(5, 7))
        assert "2026-04" in {report.period for report in facts_of(county.road, MAY_6).reports}
        assert "2026-04" not in {report.period for report in facts_of(county.road, dt.date(2026, 5, 7)).reports}

    def test_silence_is_compared_at_the_newest_due_period(self, county: County) -> None:
        """The expectation grows while nobody reports; a week ends after the day that looks at it."""
        open_at(APRIL_OPENS)
        assert facts_of(county.road, dt.date(2026, 4, 20)).compared_on == dt.date(2026, 4, 20)
        assert facts_of(county.road, dt.date(2026, 5, 1)).compared_on == dt.date(2026, 5, 1)
        assert facts_of(county.road, MAY_6).compared_on == dt.date(2026, 5, 3)


PATTERNS = ("iiiiii", "mmmmmm", "immmii", "iimmmm", "limmpm", "pppppp", "miimil", "mlmmmi")
"""What came of six weeks, one project each: in time, late, missing, pending."""


class TestEveryPast:
    def test_the_few_that_are_read_say_what_all_of_them_would(self, county: County) -> None:
        first = dt.datetime(2026, 4, 29, 10, tzinfo=SHANGHAI)
        keys = [f"2026-W{week}" for week in range(18, 24)]
        for number, key in enumerate(keys):
            wednesday = first + dt.timedelta(weeks=number)
            open_at(wednesday)
            for project, pattern in zip(county.projects, PATTERNS, strict=True):
                if not ExpectedReport.objects.filter(project=project, period__key=key).exists():
                    continue
                at = wednesday + dt.timedelta(days=2) if pattern[number] == "l" else wednesday
                if pattern[number] in "il":
                    accepted(county, project, key, 10 + number, by=county.transport_staff, at=at)
                elif pattern[number] == "p":
                    submitted(project, key, 10 + number, by=county.transport_staff, at=at)
        for project, pattern in zip(county.projects, PATTERNS, strict=True):
            weeks = list(ExpectedReport.objects.filter(project=project, period__kind="week").order_by("period__cutoff"))
            sent = pattern[-len(weeks) :] if weeks else ""
            facts = facts_of(project, dt.date(2026, 6, 9))
            of_weeks = [report for report in facts.reports if report.kind == "week"]
            assert len(of_weeks) + facts.reports_in_time == len(weeks), project
            assert len(silence(facts, "week")) == len(sent) - len(sent.rstrip("m")), project
            late = [report for report in of_weeks if report.submitted is None or report.submitted > report.due]
            assert len(late) == sum(sent.count(letter) for letter in "lm"), project


class TestLongPast:
    """Eleven weeks and two months: what came in time is counted, what a rule looks at is listed."""

    def _year(self, county: County, reported: range) -> None:
        for week in range(1, 12):
            wednesday = dt.datetime(2026, 4, 29, 10, tzinfo=SHANGHAI) + dt.timedelta(weeks=week - 1)
            open_at(wednesday)
            if week in reported:
                key = f"2026-W{week + 17}"
                accepted(county, county.road, key, 4000 + week, by=county.transport_staff, at=wednesday)

    def test_what_came_in_time_is_only_counted(self, county: County) -> None:
        self._year(county, range(1, 12))
        facts = facts_of(county.road, dt.date(2026, 7, 14))
        assert [report.period for report in facts.reports] == ["2026-04", "2026-05", "2026-06", "2026-W28"]
        assert [report.submitted for report in facts.reports[:3]] == [None, None, None]
        assert facts.reports_in_time == 10
        assert (facts.done_period, facts.done) == ("2026-W28", 4011)

    def test_the_last_figure_before_a_long_silence_is_found(self, county: County) -> None:
        self._year(county, range(1, 2))
        facts = facts_of(county.road, dt.date(2026, 7, 14))
        assert (facts.done_period, facts.done) == ("2026-W18", 4001)
        weeks = [report.period for report in facts.reports if report.kind == "week"]
        assert weeks == [f"2026-W{week}" for week in range(18, 29)]
        assert facts.reports_in_time == 0

    def test_silence_begins_after_the_last_report_in_time(self, county: County) -> None:
        """Gaps before it are another silence, long ended."""
        self._year(county, range(3, 6))
        facts = facts_of(county.road, dt.date(2026, 7, 14))
        weeks = [report.period for report in facts.reports if report.kind == "week"]
        assert weeks == [f"2026-W{week}" for week in (18, 19, *range(22, 29))]
        assert facts.reports_in_time == 2
        assert [report.period for report in silence(facts, "week")] == [f"2026-W{week}" for week in range(28, 22, -1)]

    def test_lateness_is_measured_on_the_day_of_judgement(self, county: County) -> None:
        self._year(county, range(1, 12))
        known, judged = dt.date(2026, 7, 14), dt.date(2026, 6, 2)
        facts = facts_of(county.road, known, judged_on=judged, cutoff=dt.date(2026, 5, 31))
        assert (facts.as_of, facts.reports_in_time) == (judged, 4)
        assert [report.period for report in facts.reports] == ["2026-04", "2026-W22"]
        assert facts.done_period == "2026-W22"


class TestColours:
    def test_raw_colours_at_the_ends_of_the_months_before(self, county: County) -> None:
        for on, colour in (((3, 31), "blue"), ((4, 10), "yellow"), ((4, 30), "yellow"), ((5, 5), "red")):
            _changed(county.road, dt.date(2026, *on), "W1", colour)
        _changed(county.road, dt.date(2026, 4, 30), LightChange.OVERALL, "yellow")
        _changed(county.road, dt.date(2026, 5, 5), LightChange.OVERALL, "grey")
        facts = facts_of(county.road, dt.date(2026, 6, 8))
        assert facts.past_colours == (
            PastColour("2026-03", "W1", Colour.BLUE),
            PastColour("2026-04", "W1", Colour.YELLOW),
            PastColour("2026-05", "W1", Colour.RED),
        )
        assert facts.last_colour is Colour.YELLOW
        assert facts_of(county.road, dt.date(2026, 3, 31)).past_colours == (), "the day itself is no past"

    def test_an_override_holds_between_its_days(self, county: County) -> None:
        indicators.override(
            project=county.airport,
            colour=Colour.RED,
            reason="选址停滞",
            expires_on=dt.date(2026, 5, 20),
            actor=county.supervisor,
            at=MAY_5,
        )
        days = {day: facts_of(county.airport, dt.date(2026, 5, day)).override for day in (4, 5, 20, 21)}
        assert [day for day, override in days.items() if override] == [5, 20]
        assert days[5].by == "秦明远"


def _node(facts: ProjectFacts, pk: int):
    return next(item for item in facts.milestones if item.id == pk)


def _changed(project: Project, on: dt.date, dimension: str, colour: str) -> None:
    LightChange.objects.create(
        project=project, on=on, dimension=dimension, new=colour, text="", numbers={}, rule_version="1"
    )


def _everybody_reports(county: County, of: list[Project]) -> None:
    open_at(APRIL_OPENS)
    for project in of:
        if not project.is_package:
            accepted(county, project, "2026-04", 2000, by=county.transport_staff, at=MAY_5)
