"""Stored lights: computed, kept, lowered by a person (docs/rules.md, Lights)."""

from __future__ import annotations

import datetime as dt

import pytest

from projects.models import AuditEntry, Indicator, LightChange, PlanVersion, PolicyRow, Project
from projects.rules.colours import Colour
from projects.selectors.indicators import colour_history, computed, for_projects, overrides_of
from projects.services import indicators
from tests.support.county import County, double, moment
from tests.support.reporting import APRIL_OPENS, MAY_OPENS, accepted, open_at
from tracker.clock import day_of
from tracker.web.errors import UserError

MAY_5 = moment(5, 5, 2)
DAY = dt.date(2026, 5, 5)


@pytest.fixture(autouse=True)
def _no_weekly_reports(county: County) -> None:
    """A county that asks for monthly reports only."""
    PolicyRow.objects.create(
        key="weekly_scope",
        value="none",
        effective_on=dt.date(2026, 1, 1),
        reason="本县不开周报",
        actor=county.bureau,
        at=moment(1, 5),
    )


def _reported(county: County, project: Project, done: int, month: int = 4) -> None:
    """The project's report of April or May is accepted on the day it is due."""
    open_at(APRIL_OPENS if month == 4 else MAY_OPENS)
    day = moment(5, 5, 10) if month == 4 else moment(6, 3, 10)
    accepted(county, project, f"2026-{month:02d}", done, by=county.transport_staff, at=day)


class TestRecompute:
    def test_the_worked_example_of_the_road(self, county: County) -> None:
        """3000 of 12000 at the end of April: E 33.33 %, PC 4000, Q 0.75 -> yellow."""
        _reported(county, county.road, 3000)
        row = Indicator.objects.get(project=county.road)
        assert (row.colour, row.plan, row.done) == ("yellow", 12000, 3000)
        assert [str(value) for value in (row.rate, row.expected_rate, row.schedule_ratio, row.gap_points)] == [
            "0.250000",
            "0.333333",
            "0.750000",
            "-8.3333",
        ]
        view = for_projects([county.road], DAY)[county.road.pk]
        assert view.lights[0].hint == "再完成200万元可转为关注。"
        assert view.compared_on == dt.date(2026, 4, 30)

    def test_figures_are_not_dated_after_the_day_they_are_shown_on(self, county: County) -> None:
        """May is accepted before it has ended: on that day nobody knows what its end will bring."""
        open_at(MAY_OPENS)
        accepted(county, county.road, "2026-05", 3000, by=county.transport_staff, at=MAY_OPENS)
        day = day_of(MAY_OPENS)
        assert day < dt.date(2026, 5, 31)
        assert for_projects([county.road], day)[county.road.pk].done_cutoff == day
        assert for_projects([county.road], dt.date(2026, 6, 30))[county.road.pk].done_cutoff == dt.date(2026, 5, 31)

    def test_everything_on_the_list_is_judged_and_told_in_one_audit_row(self, county: County) -> None:
        seen: list[tuple[int, int]] = []
        result = indicators.recompute(at=MAY_5, progress=lambda done, total: seen.append((done, total)))
        assert (result.projects, Indicator.objects.count()) == (8, 8)
        assert seen == [(8, 8)]
        assert AuditEntry.objects.get(action="indicator.recompute").data["projects"] == 8

    def test_the_second_run_of_a_day_leaves_no_change(self, county: County) -> None:
        indicators.recompute(at=MAY_5)
        before = LightChange.objects.count()
        digests = list(Indicator.objects.values_list("input_digest", flat=True))
        assert indicators.recompute(at=moment(5, 5, 3)).changed == 0
        assert LightChange.objects.count() == before
        assert list(Indicator.objects.values_list("input_digest", flat=True)) == digests

    def test_a_change_of_colour_is_a_row_with_its_numbers(self, county: County) -> None:
        _reported(county, county.road, 3000)
        _reported(county, county.road, 5000, month=5)
        steps = colour_history(county.road, dt.date(2026, 6, 3))
        investment = next(step for step in steps if step.title == "投资进度")
        assert (investment.old, investment.new, investment.on) == (Colour.YELLOW, Colour.GREEN, dt.date(2026, 6, 3))
        assert investment.numbers["ratio"] == "1"
        assert investment.numbers["raw"] == "green"

    def test_two_yellow_months_in_a_row_are_red(self, county: County) -> None:
        """3000 of 4000, then 3600 of 5000: both yellow by themselves."""
        _reported(county, county.road, 3000)
        indicators.recompute(at=moment(5, 31, 2))
        _reported(county, county.road, 3600, month=5)
        view = for_projects([county.road], dt.date(2026, 6, 3))[county.road.pk]
        assert view.lights[0].colour is Colour.RED
        assert view.lights[0].raw is Colour.YELLOW
        assert "连续两个月预警" in view.text

    def test_a_dimension_that_no_longer_applies_turns_grey_in_the_history(self, county: County) -> None:
        _reported(county, county.road, 3000)
        PlanVersion.objects.filter(project=county.road).delete()
        indicators.recompute(at=moment(5, 6, 2))
        step = LightChange.objects.filter(project=county.road, dimension="W1").last()
        assert (step.old, step.new, step.text) == ("yellow", "grey", "不再适用。")

    def test_a_result_for_an_older_day_never_replaces_a_newer_one(self, county: County) -> None:
        indicators.recompute(at=MAY_5)
        indicators.recompute(at=moment(4, 30, 2))
        assert set(Indicator.objects.values_list("as_of", flat=True)) == {DAY}

    def test_large_counties_are_judged_in_chunks(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(indicators, "CHUNK", 3)
        seen: list[tuple[int, int]] = []
        indicators.recompute(at=MAY_5, progress=lambda done, total: seen.append((done, total)))
        assert seen == [(3, 8), (6, 8), (8, 8)]


class TestViews:
    def test_stored_and_computed_answers_are_the_same(self, county: County) -> None:
        _reported(county, county.road, 3000)
        stored = for_projects([county.road], DAY)[county.road.pk]
        ((fresh, _),) = computed(DAY, projects=[county.road])
        assert stored == fresh

    def test_another_day_is_computed_not_taken_from_the_store(self, county: County) -> None:
        _reported(county, county.road, 3000)
        view = for_projects([county.road], dt.date(2026, 6, 30))[county.road.pk]
        assert view.as_of == dt.date(2026, 6, 30)
        assert Indicator.objects.get(project=county.road).as_of == DAY

    def test_marks_say_what_is_special(self, county: County) -> None:
        _reported(county, county.road, 5000)
        view = for_projects([county.road], DAY)[county.road.pk]
        assert [mark for mark, _ in view.marks] == ["核"]
        silent = for_projects([county.plant], dt.date(2026, 5, 6))[county.plant.pk]
        assert [mark for mark, _ in silent.marks] == ["滞", "未报"]

    def test_one_query_when_stored_and_a_fixed_number_when_not(self, county: County, django_assert_num_queries) -> None:
        indicators.recompute(at=MAY_5)
        with django_assert_num_queries(1):
            for_projects(county.projects, DAY)
        more = [*county.projects, *double(county)]
        for projects in (county.projects, more):
            with django_assert_num_queries(20):
                assert len(for_projects(projects, dt.date(2026, 4, 1))) == len(projects)


class TestOverride:
    def test_a_person_may_show_a_worse_colour_for_a_while(self, county: County) -> None:
        _reported(county, county.road, 4000)
        _override(county, Colour.RED)
        view = for_projects([county.road], DAY)[county.road.pk]
        assert (view.colour, view.computed, view.is_overridden) == (Colour.RED, Colour.GREEN, True)
        assert view.text.startswith("秦明远人工调整为告警")
        assert ("调", "人工调整，计算结果为正常") in view.marks
        assert overrides_of(county.road, DAY)[0].reason == "现场停工"

    @pytest.mark.parametrize("colour", [Colour.GREEN, Colour.BLUE, Colour.YELLOW])
    def test_never_a_better_or_equal_one(self, county: County, colour: Colour) -> None:
        _reported(county, county.road, 3000)
        with pytest.raises(UserError, match="只能更严") as refusal:
            _override(county, colour)
        assert refusal.value.field == "colour"

    @pytest.mark.parametrize("expires_on", [dt.date(2026, 5, 4), dt.date(2026, 6, 6)])
    def test_at_most_31_days(self, county: County, expires_on: dt.date) -> None:
        with pytest.raises(UserError, match="最长31天"):
            _override(county, Colour.RED, expires_on)

    def test_after_its_expiry_the_computed_colour_shows(self, county: County) -> None:
        _reported(county, county.road, 4000)
        _override(county, Colour.RED, dt.date(2026, 5, 10))
        assert for_projects([county.road], dt.date(2026, 5, 10))[county.road.pk].colour is Colour.RED
        assert for_projects([county.road], dt.date(2026, 5, 11))[county.road.pk].colour is Colour.GREEN

    def test_it_can_be_withdrawn_once(self, county: County) -> None:
        _reported(county, county.road, 4000)
        row = _override(county, Colour.RED)
        indicators.withdraw_override(override=row, actor=county.office_one, at=moment(5, 5, 14))
        assert Indicator.objects.get(project=county.road).colour == "green"
        with pytest.raises(UserError, match="已失效"):
            indicators.withdraw_override(override=row, actor=county.office_one, at=moment(5, 5, 15))

    def test_a_new_one_ends_the_old_one(self, county: County) -> None:
        _reported(county, county.road, 4000)
        first = _override(county, Colour.YELLOW)
        _override(county, Colour.RED)
        first.refresh_from_db()
        assert first.withdrawn_at is not None
        assert Indicator.objects.get(project=county.road).colour == "red"


def _override(county: County, colour: Colour, expires_on: dt.date = dt.date(2026, 5, 31)):
    return indicators.override(
        project=county.road,
        colour=colour,
        reason="现场停工",
        expires_on=expires_on,
        actor=county.supervisor,
        at=moment(5, 5, 13),
    )
