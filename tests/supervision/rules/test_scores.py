"""Scores of projects, units and leaders (docs/rules.md, Scores)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from projects.rules.facts import ProjectFacts
from projects.rules.lights import judge
from projects.rules.policy import Policy
from projects.rules.progress import Freeze
from supervision.rules.scores import Group, Score, group_of, rounded, score_project
from supervision.rules.subjects import LeaderDuties, Member, score_leader, score_unit, size_weight
from tests.projects.rules.cases import CALENDAR, POLICY, day, finish, monthly, node, project, start

SIX_ON_TIME = tuple(monthly(month, f"{month + 1:02d}-05", f"{month + 1:02d}-04") for month in range(1, 7))


def score(facts: ProjectFacts, policy: Policy = POLICY) -> Score:
    return score_project(facts, judge(facts, policy, CALENDAR), policy)


def part(facts: ProjectFacts, code: str, policy: Policy = POLICY) -> Decimal:
    return next(item.earned for item in score(facts, policy).parts if item.code == code)


def member(project_id: int, plan: int, planned: int, done: int, points: int, factor: str = "1") -> Member:
    amounts = (Decimal(value) for value in (plan, done, planned, points))
    return Member(project_id, f"项目{project_id}", *amounts, Decimal(factor))


def construction(**changes: object) -> ProjectFacts:
    """Example 8: Q 0.7, a key node done late, an ordinary one half done and overdue, statistics in grace."""
    return project(
        "07-31",
        plan=12000,
        done=4900,
        total=20000,
        started_on=day("07-10"),
        milestones=(
            node("05-31", id=1, title="桩基", weight="key", done=day("06-20")),
            node("07-15", id=2, title="主体", percent=50),
        ),
        reports=SIX_ON_TIME,
        problems_due=3,
        problems_on_time=2,
        **changes,
    )


def test_example_8():
    found = score(construction())
    assert {item.code: round(item.earned, 4) for item in found.parts} == {
        "Q": Decimal(35),
        "N": Decimal("15.8333"),
        "V": Decimal(5),
        "M": Decimal("12.5"),
    }
    assert found.value == Decimal("68.33")
    assert (found.parts[0].code, found.parts[0].lever) == ("Q", "再完成2100万元可得满分")


def test_example_1_bonus():
    facts = project(done=11664)
    assert round(part(facts, "B"), 2) == Decimal("1.66")
    assert score(facts).value == Decimal("101.66")


@pytest.mark.parametrize(("done", "bonus"), [(10000, None), (15000, 5), (18000, 5)])
def test_the_bonus_starts_above_one_and_is_capped(done, bonus):
    found = [item.earned for item in score(project(done=done)).parts if item.code == "B"]
    assert found == ([] if bonus is None else [bonus])


def test_no_bonus_while_a_cause_holds_the_schedule():
    facts = project("06-30", done=9000, freezes=(Freeze(day("05-01"), day("07-31")),))
    assert score(facts).value == 100


def test_a_part_without_anything_due_gives_its_weight_to_investment():
    found = score(project(done=5000))
    assert [(item.code, item.earned, item.possible) for item in found.parts] == [
        ("Q", Decimal("37.5"), Decimal(75)),
        ("V", Decimal(10), Decimal(10)),
        ("M", Decimal(15), Decimal(15)),
    ]
    assert "节点分并入本项" in found.parts[0].text
    unknown_start = score(project(done=5000, total=9000))
    assert [item.code for item in unknown_start.parts] == ["Q", "M"]
    assert unknown_start.parts[0].possible == 85


def test_a_blank_earns_nothing():
    assert part(project(), "Q") == 0


@pytest.mark.parametrize(("days", "share"), [("10-01", 5), ("09-30", 0)])
def test_grace_of_thirty_days_for_statistics(days, share):
    assert part(project(done=1, total=500, started_on=day(days)), "V") == share


def test_reports_not_yet_late_do_not_count():
    late = (*SIX_ON_TIME[:3], monthly(4, "05-05", "05-06"), monthly(10, "10-31"))
    assert part(project(done=1, reports=late), "M") == Decimal("7.5") + Decimal("7.5") * 3 / 4


@pytest.mark.parametrize(("on", "points"), [("06-30", 60), ("07-18", 48), ("09-28", 0), ("12-31", 0)])
def test_waiting_for_the_start(on, points):
    """Planned in June: 18 of 90 days late cost a fifth."""
    facts = project(on, annual_class="new_start", stage="preparation", milestones=(start("06-01"),))
    assert part(facts, "K") == points


def test_a_new_start_without_a_date_earns_nothing_for_it():
    found = score(project(annual_class="new_start", stage="preparation"))
    assert (found.parts[0].earned, found.parts[0].lever) == (0, "登记计划开工时间")


def test_pre_stage_counts_procedures():
    nodes = (
        node("03-31", id=1, done=day("03-20")),
        node("06-30", id=2, done=day("07-20")),
        node("12-31", id=3),
    )
    facts = project(annual_class="pre_stage", stage="preparation", plan=None, milestones=nodes)
    assert score(facts).value == 35 + 10 + 15
    assert score(replace(facts, milestones=())).value == 15, "nothing registered is no success"


@pytest.mark.parametrize(
    ("completed", "points"), [("09-30", 100), ("10-04", 100), ("10-05", 99), ("10-31", 94), ("12-31", 82)]
)
def test_completed_loses_a_point_every_five_days(completed, points):
    facts = project(
        "12-31", annual_class="completion", done=12000, completed_on=day(completed), milestones=(finish("09-30"),)
    )
    assert score(facts).value == points


def test_completed_never_falls_below_the_floor_but_needs_the_plan():
    facts = project("12-31", done=12000, completed_on=day("12-31"), milestones=(finish("03-31"),))
    assert score(facts).value == 80
    short = score(replace(facts, done=Decimal(6000)))
    assert short.parts[0].code == "Q"


def test_changed_weights_still_give_a_hundred():
    assert score(project(done=10000), Policy(weight_nodes=Decimal(50))).value == 100


@pytest.mark.parametrize(
    ("changes", "group"),
    [
        ({}, Group.CARRY_OVER),
        ({"annual_class": "new_start"}, Group.NEW_START),
        ({"annual_class": "new_start", "stage": "preparation"}, Group.WAITING),
        ({"annual_class": "reserve", "stage": "reserve"}, Group.PRE_STAGE),
        ({"annual_class": "completion"}, Group.COMPLETION),
        ({"completed_on": day("09-01")}, Group.COMPLETION),
        ({"stage": "removed"}, None),
    ],
)
def test_peer_groups(changes, group):
    assert group_of(project(**changes)) is group


# units and leaders

GIANT = member(1, 100000, 50000, 70000, 95)
SMALL = member(2, 2000, 1000, 200, 40)


def test_example_7():
    found = score_unit([GIANT, SMALL], POLICY)
    assert found is not None
    assert [round(item.earned * 2, 2) for item in found.parts] == [Decimal("98.43"), Decimal("74.91")]
    assert found.value == Decimal("86.67")
    assert (size_weight(GIANT.plan), round(size_weight(SMALL.plan), 3)) == (4, Decimal("2.301"))


def test_over_fulfilment_does_not_cover_the_rest():
    more = score_unit([replace(GIANT, done=Decimal(500000)), SMALL], POLICY)
    assert more == score_unit([GIANT, SMALL], POLICY)


def test_without_any_expectation_only_the_scores_count():
    found = score_unit([member(1, 0, 0, 0, 80), member(2, 0, 0, 0, 60)], POLICY)
    assert found is not None
    assert found.value == 70


def test_nobody_is_scored_on_nothing():
    assert score_unit([], POLICY) is None
    assert score_leader([], LeaderDuties(), POLICY) is None


def test_a_half_share_weighs_half():
    found = score_unit([member(1, 0, 0, 0, 90), member(2, 0, 0, 0, 60, "0.5")], POLICY)
    assert found is not None
    assert found.value == 80


def test_leader_with_all_records():
    duties = LeaderDuties(problems_due=4, problems_on_time=3, visits_required=10, visits_done=14)
    found = score_leader([member(1, 0, 0, 0, 80)], duties, POLICY)
    assert found is not None
    assert found.value == 56 + 15 + 10, "extra visits bring nothing"


def test_missing_records_move_to_the_projects_and_say_so():
    found = score_leader([member(1, 0, 0, 0, 80)], LeaderDuties(), POLICY)
    assert found is not None
    assert found.value == 80
    assert len(found.notes) == 2
    none_due = score_leader([member(1, 0, 0, 0, 80)], LeaderDuties(problems_due=0), POLICY)
    assert none_due is not None
    assert none_due.value == 64 + 20


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("91.235"), "91.24"),
        (Decimal("91.2349"), "91.23"),
        (Decimal(1) / 3 * 3 + Decimal("79.005"), "80.01"),
    ],
)
def test_half_up_even_after_a_division(value, shown):
    assert rounded(value) == Decimal(shown)
