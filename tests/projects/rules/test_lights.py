"""The warning lights: worked examples, every boundary, silence, overrides (docs/rules.md, Lights)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from projects.rules.colours import Colour
from projects.rules.facts import OverrideFact, PastColour, ProjectFacts, from_json, to_json
from projects.rules.lights import Judgement, Light, judge
from projects.rules.policy import Policy
from projects.rules.progress import Freeze
from tests.projects.rules.cases import CALENDAR, POLICY, day, finish, monthly, node, project, start

POINTS = Policy(schedule_method="points")
GREEN, BLUE, YELLOW, RED, GREY, PURPLE = Colour


def light(facts: ProjectFacts, dimension: str, policy: Policy = POLICY) -> Light | None:
    judgement = judge(facts, policy, CALENDAR)
    if dimension == "W9":
        return judgement.reporting
    return next((item for item in judgement.lights if item.dimension == dimension), None)


def colour(facts: ProjectFacts, dimension: str, policy: Policy = POLICY) -> Colour | None:
    found = light(facts, dimension, policy)
    return found.colour if found else None


def overall(facts: ProjectFacts) -> Judgement:
    return judge(facts, POLICY, CALENDAR)


# W1


def test_example_1_ahead_of_schedule_is_green():
    assert colour(project(done=11664), "W1") is GREEN


@pytest.mark.parametrize("policy", [POLICY, POINTS])
def test_example_2_is_yellow_by_both_methods(policy):
    facts = project("06-30", plan=20000, done=6000, milestones=(start("04-01"), finish("10-31")))
    found = light(facts, "W1", policy)
    assert found is not None
    assert found.colour is YELLOW
    assert "进度比0.7，低于序时12.86个百分点" in found.text


def test_example_3_red_by_ratio_yellow_by_points():
    facts = project("03-31", plan=10000, done=1400)
    assert (colour(facts, "W1"), colour(facts, "W1", POINTS)) == (RED, YELLOW)


def test_example_4_a_small_amount_is_no_worse_than_blue():
    found = light(project("01-31", plan=600, done=0), "W1")
    assert found is not None
    assert found.colour is BLUE
    assert "小额规则" in found.text


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("10000", GREEN),
        ("9999.9999", BLUE),
        ("8000", BLUE),
        ("7999.9999", YELLOW),
        ("6000", YELLOW),
        ("5999.9999", RED),
    ],
)
def test_ratio_boundaries_are_compared_unrounded(done, expected):
    assert colour(project(done=done), "W1") is expected


@pytest.mark.parametrize(
    ("done", "expected"), [(5000, GREEN), (4999, BLUE), (4001, BLUE), (4000, YELLOW), (2000, YELLOW), (1999, RED)]
)
def test_points_boundaries(done, expected):
    """P 10000 on June 30: one point is 100."""
    assert colour(project("06-30", plan=10000, done=done), "W1", POINTS) is expected


@pytest.mark.parametrize(
    ("plan", "done", "expected"),
    [
        (96, 31, BLUE),  # short 49 of 80
        (96, 30, RED),  # short exactly 50: the rule asks for less
    ],
)
def test_small_amount_boundaries(plan, done, expected):
    assert colour(project(plan=plan, done=done), "W1") is expected


def test_a_blank_is_not_zero_and_never_green():
    facts = project(milestones=(node("12-01"),))
    found = light(facts, "W1")
    assert found is not None
    assert found.colour is GREY
    assert overall(facts).colour is GREY


def test_w1_needs_a_start_a_plan_and_an_expectation():
    assert light(project(plan=None, done=5), "W1") is None
    assert light(project(plan=0, done=5), "W1") is None
    assert light(project(annual_class="new_start", stage="preparation", done=5), "W1") is None
    assert light(project("03-31", done=5, milestones=(start("04-01"),)), "W1") is None


# W2


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("01-29", GREEN),
        ("01-30", BLUE),  # 30 days before March 1
        ("03-31", BLUE),
        ("04-01", YELLOW),
        ("06-28", YELLOW),  # 89 days
        ("06-29", RED),  # 90 days
    ],
)
def test_start_boundaries(on, expected):
    facts = project(on, annual_class="new_start", stage="preparation", milestones=(start("03-01"),))
    assert colour(facts, "W2") is expected


def test_three_month_ends_are_red_before_ninety_days():
    facts = project("04-30", annual_class="new_start", stage="preparation", milestones=(start("01-01"),))
    assert light(facts, "W2").numbers["days_late"] == "89"
    assert colour(facts, "W2") is RED
    assert colour(replace(facts, as_of=day("04-29")), "W2") is YELLOW


@pytest.mark.parametrize(("precision", "last_day"), [("day", "04-30"), ("quarter", "06-30"), ("half_year", "09-30")])
def test_a_start_is_late_after_its_written_precision(precision, last_day):
    facts = project(
        last_day, annual_class="new_start", stage="preparation", milestones=(start("04-01", precision=precision),)
    )
    assert colour(facts, "W2") is BLUE
    assert colour(replace(facts, as_of=facts.as_of + dt.timedelta(days=1)), "W2") is YELLOW


def test_a_new_start_without_a_date_is_not_green():
    facts = project(annual_class="new_start", stage="preparation")
    assert (colour(facts, "W2"), overall(facts).colour) == (GREY, GREY)


def test_started_means_no_start_light():
    facts = project(annual_class="new_start", stage="building", started_on=day("03-05"), milestones=(start("03-01"),))
    assert light(facts, "W2") is None


# W3 and W4


@pytest.mark.parametrize(
    ("weight", "due", "expected"),
    [
        ("ordinary", "11-08", GREEN),
        ("ordinary", "11-07", BLUE),
        ("ordinary", "10-31", BLUE),
        ("ordinary", "10-30", YELLOW),
        ("ordinary", "10-16", YELLOW),  # 15 days
        ("ordinary", "10-15", RED),
        ("key", "10-24", YELLOW),  # 7 days
        ("key", "10-23", RED),
        ("hard", "10-23", RED),
    ],
)
def test_node_boundaries(weight, due, expected):
    assert colour(project(milestones=(node(due, weight=weight),)), "W3") is expected


def test_the_worst_node_speaks_and_counts_the_others():
    nodes = (node("10-29", id=1, title="基坑支护"), node("10-01", id=2, title="桩基"), node("12-01", id=3))
    found = light(project(milestones=nodes), "W3")
    assert found is not None
    assert found.colour is RED
    assert "桩基" in found.text
    assert "另有1个节点逾期" in found.text


def test_a_done_node_is_green_however_late():
    assert colour(project(milestones=(node("05-01", done=day("09-01")),)), "W3") is GREEN


@pytest.mark.parametrize(
    ("days", "expected"), [(15, GREEN), (16, BLUE), (30, BLUE), (31, YELLOW), (60, YELLOW), (61, RED)]
)
def test_inclusion_boundaries(days, expected):
    facts = project(total=500, started_on=day("10-31") - dt.timedelta(days=days))
    assert colour(facts, "W4") is expected


def test_inclusion_applies_only_where_it_is_due():
    started = day("03-01")
    assert light(project(total="499.99", started_on=started), "W4") is None
    assert light(project(total=500, started_on=started, inclusion_required=False), "W4") is None
    assert light(project(total=500, started_on=started, included_on=day("04-01")), "W4") is None
    assert colour(project(total=500, started_on=started, included_on=day("11-01")), "W4") is RED


# W9 and silence


def reported(**changes: object) -> ProjectFacts:
    """On plan; the September report, due Friday October 12."""
    return project("10-31", done=9000, compared_on=day("09-30"), done_cutoff=day("09-30"), **changes)


@pytest.mark.parametrize(
    ("sent", "returned", "expected"),
    [
        ("10-12", 0, GREEN),
        ("10-15", 0, BLUE),
        ("10-16", 0, BLUE),  # 2 working days
        ("10-17", 0, YELLOW),
        ("10-19", 0, YELLOW),  # 5 working days
        ("10-22", 0, RED),
        ("10-12", 1, GREEN),
        ("10-12", 2, YELLOW),
    ],
)
def test_reporting_boundaries(sent, returned, expected):
    facts = reported(reports=(monthly(9, "10-12", sent, returned),))
    assert colour(facts, "W9") is expected
    assert overall(facts).colour is GREEN, "W9 stands beside, it is not part of the worst-of"


def test_nobody_is_late_on_the_due_day():
    facts = replace(reported(reports=(monthly(9, "10-12"),)), as_of=day("10-12"), done_cutoff=day("08-31"))
    assert (light(facts, "W9"), overall(facts).is_stale) == (None, False)


@pytest.mark.parametrize(("on", "expected"), [("10-15", GREY), ("10-18", GREY), ("10-19", YELLOW), ("10-31", YELLOW)])
def test_a_stale_project_is_grey_then_never_better_than_yellow(on, expected):
    facts = replace(
        reported(reports=(monthly(8, "09-12", "09-10"), monthly(9, "10-12"))), as_of=day(on), done_cutoff=day("08-31")
    )
    found = overall(facts)
    assert (found.colour, found.last_colour, found.is_stale) == (expected, GREEN, True)
    assert "截至2018年8月31日" in found.text


def test_waiting_for_the_reviewer_is_not_the_units_silence():
    waiting = replace(monthly(9, "10-12", "10-10"), accepted=None)
    found = overall(replace(reported(reports=(waiting,)), done_cutoff=day("08-31")))
    assert (found.colour, found.is_stale) == (GREY, True)


def test_silence_keeps_a_worse_colour():
    late = project("10-31", done=4000, compared_on=day("09-30"), done_cutoff=day("08-31"))
    facts = replace(late, reports=(monthly(8, "09-12", "09-10"), monthly(9, "10-12")))
    assert overall(facts).colour is RED


def test_example_12_two_missing_reports_are_red():
    facts = project(
        "08-10",
        compared_on=day("07-31"),
        cutoff=day("07-31"),
        done=9000,
        done_cutoff=day("05-31"),
        reports=(monthly(5, "06-05", "06-04"), monthly(6, "07-04"), monthly(7, "08-03")),
    )
    found = overall(facts)
    assert (found.colour, found.last_colour, found.missing_periods) == (RED, GREEN, 2)
    assert found.text.startswith("未报送")
    assert found.figures.done == 9000


def test_a_gap_that_was_closed_again_is_not_silence():
    facts = reported(reports=(monthly(7, "08-03"), monthly(8, "09-05"), monthly(9, "10-12", "10-12")))
    assert (overall(facts).missing_periods, overall(facts).colour) == (0, GREEN)


# overall


@pytest.mark.parametrize(("last_month", "expected"), [(YELLOW, RED), (BLUE, YELLOW), (RED, YELLOW)])
def test_two_yellow_months_in_a_row_are_red(last_month, expected):
    facts = project("06-30", plan=10000, done=3500, past_colours=(PastColour("2018-05", "W1", last_month),))
    found = light(facts, "W1")
    assert found is not None
    assert (found.colour, found.raw) == (expected, YELLOW)
    assert ("连续两个月预警" in found.text) is (expected is RED)


def test_the_repeat_rule_can_be_switched_off_and_looks_at_one_dimension():
    facts = project("06-30", plan=10000, done=3500, past_colours=(PastColour("2018-05", "W1", YELLOW),))
    assert colour(facts, "W1", Policy(repeat_rule=False)) is YELLOW
    other = replace(facts, past_colours=(PastColour("2018-05", "W3", YELLOW),))
    assert colour(other, "W1") is YELLOW


def test_a_recognised_cause_is_purple_and_does_not_hide_the_numbers():
    facts = project("06-30", done=1000, freezes=(Freeze(day("05-01"), day("07-31")),), milestones=(node("05-15"),))
    found = overall(facts)
    assert found.colour is PURPLE
    assert {item.colour for item in found.lights} == {PURPLE}
    assert "累计完成1000万元" in found.lights[0].text
    assert overall(replace(facts, compared_on=day("08-31"), as_of=day("08-31"))).colour is RED


def test_the_worst_dimension_decides_and_is_named():
    found = overall(project(done=12000, milestones=(node("10-29"),)))
    assert found.colour is YELLOW
    assert found.deciding is not None
    assert found.deciding.dimension == "W3"
    assert found.text.startswith("节点：")


@pytest.mark.parametrize(
    ("manual", "expires", "expected"),
    [
        (RED, "10-31", RED),
        (YELLOW, "11-05", YELLOW),
        (RED, "10-30", BLUE),
        (BLUE, "11-30", BLUE),
        (GREEN, "11-30", BLUE),
    ],
)
def test_an_override_only_worsens_and_expires(manual, expires, expected):
    override = OverrideFact(manual, "现场停工", "督查室", day(expires))
    found = overall(project(done=9000, override=override))
    assert (found.colour, found.computed) == (expected, BLUE)
    assert found.overridden is (expected is not BLUE)
    assert ("现场停工" in found.text) is found.overridden


def test_an_override_cannot_soften_what_stands_behind_the_grey():
    facts = replace(
        project("10-16", done=4000, compared_on=day("09-30"), done_cutoff=day("08-31")),
        reports=(monthly(9, "10-12"),),
        override=OverrideFact(BLUE, "情况尚可", "重点项目办", day("10-31")),
    )
    assert (overall(facts).colour, overall(facts).last_colour) == (GREY, RED)


def test_a_paused_project_is_not_judged():
    assert overall(project(stage="paused", done=0)).colour is GREY


def test_a_snapshot_judges_dates_at_its_cutoff():
    """A node due on October 5 does not burden September, though the ranking is taken on October 15."""
    facts = project("10-15", compared_on=day("09-30"), done=9000, milestones=(node("10-05"),))
    assert colour(facts, "W3") is YELLOW
    assert colour(replace(facts, cutoff=day("09-30")), "W3") is BLUE


def test_the_next_step_is_an_amount():
    assert light(project(done=7000), "W1").hint == "再完成1000万元可转为关注。"


def test_facts_survive_their_json():
    facts = project(
        done="11664.5",
        milestones=(start("03-01"), node("10-29")),
        reports=(monthly(9, "10-12", "10-12"),),
        freezes=(Freeze(day("05-01"), day("07-31")),),
        past_colours=(PastColour("2018-05", "W1", YELLOW),),
        override=OverrideFact(RED, "停工", "督查室", day("11-05")),
        months=(Decimal(1000),) * 12,
    )
    assert from_json(ProjectFacts, to_json(facts)) == facts
