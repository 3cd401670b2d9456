"""Rankings: groups, ties, who is left out and why, marks, changes, lists (docs/rules.md, Rankings)."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.rules.facts import ProjectFacts, to_json
from projects.rules.policy import Policy
from projects.rules.progress import Freeze
from supervision.rules.lists import black_list, honour_list, list_limit
from supervision.rules.ordering import ranks_of
from supervision.rules.ranks import Judged, judge_all, order_weekly, rank_projects, rank_units
from supervision.rules.rows import ProjectRow, Subject, SubjectRow
from tests.projects.rules.cases import CALENDAR, POLICY, day, monthly, node, project

BUREAU = Subject(1, "交通局", "departments", 1)
TOWN = Subject(2, "青禾镇", "townships", 2)


def road(number: int, done: int | str | None, **changes: object) -> ProjectFacts:
    """Carry-over, P 12000, PC 10000 on October 31; Q is `done` / 10000."""
    return project(id=number, code=f"2018-{number:03d}", name=f"公路{number}", done=done, unit=1, **changes)


def judged(*facts: ProjectFacts, policy: Policy = POLICY) -> tuple[Judged, ...]:
    return judge_all(facts, policy, CALENDAR)


def ranked(*facts: ProjectFacts, previous: dict[int, tuple[str, int]] | None = None) -> dict[int, ProjectRow]:
    return {row.id: row for row in rank_projects(judged(*facts), POLICY, previous)}


def unit_row(*facts: ProjectFacts) -> SubjectRow:
    return rank_units([BUREAU], judged(*facts), POLICY)[0]


def test_example_10_ties_share_a_rank_and_the_next_is_skipped():
    scores = [Decimal(text).quantize(Decimal("0.01"), "ROUND_HALF_UP") for text in ("95", "91.237", "91.235", "90")]
    assert ranks_of(scores) == [1, 2, 2, 4]


def test_equal_scores_are_ordered_by_progress_then_amount_then_code():
    rows = rank_projects(judged(road(4, 9000), road(2, 9000), road(3, 10000), road(1, 5000)), POLICY)
    assert [(row.id, row.rank) for row in rows] == [(3, 1), (2, 2), (4, 2), (1, 4)]


def test_groups_are_never_mixed_and_small_ones_are_only_listed():
    started = [replace(road(number, 9000), annual_class="new_start") for number in (7, 8)]
    rows = ranked(road(1, 9000), road(2, 8000), road(3, 7000), *started)
    assert [rows[number].rank for number in (1, 2, 3)] == [1, 2, 3]
    assert {(rows[number].status, rows[number].rank) for number in (7, 8)} == {("small_group", None)}
    assert "同类不足，不排名" in rows[7].notes


@pytest.mark.parametrize(
    ("changes", "status", "note"),
    [
        ({"plan": None}, "no_plan", "未下达年度计划"),
        ({"plan": 0}, "outside_plan", "计划外投资"),
        ({"plan": 0, "done": 0}, "no_plan", "未下达年度计划"),
        ({"done": None}, "blank", "累计未填，暂不排名"),
        ({"total": 5000, "open_flags": ("over_total",)}, "unverified", "数字待核实，核实前不排名"),
        ({"stage": "paused"}, "paused", "已暂停、调出或移交"),
        ({"freezes": (Freeze(day("10-01"), day("10-31")),)}, "frozen", "客观原因生效，本期不排名"),
        ({"freezes": (Freeze(day("10-02"), day("10-31")),)}, "ranked", None),
    ],
)
def test_who_is_left_out_and_why(changes, status, note):
    odd = road(9, **({"done": 6000} | changes))
    row = ranked(road(1, 9000), road(2, 8000), road(3, 7000), odd)[9]
    assert row.status == status
    assert (row.rank is None) is (status != "ranked")
    assert note is None or note in row.notes


def test_a_confirmed_figure_above_the_total_is_ranked():
    rows = ranked(road(1, 9000), road(2, 8000), road(3, 7000, total=5000))
    assert rows[3].rank == 3


def test_pre_stage_projects_are_ranked_by_procedures_without_a_plan():
    def waiting(number: int, done: str | None) -> ProjectFacts:
        step = node("06-30", id=number, done=day(done) if done else None)
        return road(number, None, plan=None, annual_class="pre_stage", stage="preparation", milestones=(step,))

    rows = ranked(waiting(1, "06-30"), waiting(2, "07-30"), waiting(3, None))
    assert [rows[number].rank for number in (1, 2, 3)] == [1, 2, 3]


def silent(number: int, done: int) -> ProjectFacts:
    reports = (monthly(8, "09-05"), monthly(9, "10-12"))
    return road(number, done, reports=reports, done_cutoff=day("07-31"))


def test_example_12_two_missing_reports_are_last_whatever_the_score():
    rows = ranked(road(1, 5000), road(2, 4000), silent(3, 20000), silent(4, 9000))
    assert [rows[number].rank for number in (1, 2, 3, 4)] == [1, 2, 3, 3]
    assert rows[3].marks[:2] == ("未报", "滞")
    assert any("期，排在末位" in note for note in rows[3].notes)
    assert any("数据截至2018年7月31日" in note for note in rows[3].notes)


def test_one_missing_report_keeps_the_last_value_and_is_marked():
    late = road(3, 9000, reports=(monthly(8, "09-05", "09-05"), monthly(9, "10-12")), done_cutoff=day("08-31"))
    row = ranked(road(1, 8000), road(2, 7000), late)[3]
    assert (row.rank, row.done) == (1, 9000)
    assert {"未报", "滞"} <= set(row.marks)


def test_pending_verification_shows_both_figures():
    row = ranked(road(1, 9000), road(2, 8000), road(3, 7000, reported_done=9900, open_flags=("jump",)))[3]
    assert "核" in row.marks
    assert "上报9900万元，按核实后的7000万元计算" in row.notes


def test_a_package_is_only_the_sum_of_its_children():
    parent = road(10, 9999, is_package=True)
    children = [road(number, 9000, parent=10) for number in (11, 12, 13)]
    assert set(ranked(parent, *children)) == {11, 12, 13}
    assert set(ranked(parent)) == {10}, "without children in the list it stands for itself"


def test_the_week_is_ordered_by_progress_alone():
    """The scores say otherwise: the first has an overdue node."""
    facts = (road(1, 9000, milestones=(node("10-01"),)), road(2, 8000), road(3, 8000), road(4, None))
    rows = order_weekly(judged(*facts), POLICY)
    assert [(row.id, row.rank) for row in rows] == [(1, 1), (2, 2), (3, 2), (4, None)]
    assert rank_projects(judged(*facts), POLICY)[0].id == 2


def test_weekly_ties_are_broken_by_points():
    """All have Q 0.8; the third has half of the year expected instead of ten twelfths, so it lacks fewer points."""
    late_months = (Decimal(600),) * 10 + (Decimal(3000),) * 2
    rows = order_weekly(judged(road(1, 8000), road(2, 8000), road(3, 4800, months=late_months)), POLICY)
    assert [(row.id, row.rank, round(row.gap or 0, 2)) for row in rows] == [
        (3, 1, Decimal("-10.00")),
        (1, 2, Decimal("-16.67")),
        (2, 2, Decimal("-16.67")),
    ]


# changes


def test_change_of_rank_and_the_like_for_like_change():
    """Last month 1, 2, 3, 4 were ranked in this order; 1 has left, 5 is new and leads."""
    before = {number: ("carry_over", number) for number in (1, 2, 3, 4)}
    rows = ranked(road(5, 9900), road(3, 9000), road(2, 8000), road(4, 7000), previous=before)
    assert {n: (rows[n].previous_rank, rows[n].change, rows[n].like_change) for n in (2, 3, 4)} == {
        2: (2, -1, -1),
        3: (3, 1, 1),
        4: (4, 0, 0),
    }
    assert (rows[5].previous_rank, rows[5].change) == (None, None)


def test_another_group_is_no_comparison():
    rows = ranked(road(1, 9000), road(2, 8000), road(3, 7000), previous={1: ("new_start", 1)})
    assert rows[1].change is None


# units


def test_units_stay_on_their_boards():
    rows = rank_units([BUREAU, TOWN], judged(road(1, 9000), replace(road(2, 5000), unit=2)), POLICY)
    assert {(row.id, row.group, row.status) for row in rows} == {
        (1, "departments", "small_group"),
        (2, "townships", "small_group"),
    }


def test_cooperating_units_count_half_in_the_score_and_not_in_the_printed_sums():
    shared = replace(road(2, 0), unit=2, co_units=(1,))
    row = unit_row(road(1, 10000), shared)
    assert (row.projects, row.plan, row.done) == (1, 12000, 10000)
    assert row.score is not None
    alone, equal = unit_row(road(1, 10000)).score, unit_row(road(1, 10000), road(2, 0)).score
    assert equal < row.score < alone


def test_an_unverified_figure_is_left_out_and_the_footnote_says_what_it_would_change():
    row = unit_row(road(1, 10000), road(2, 5000, total=4000, open_flags=("over_total",)))
    assert row.score == unit_row(road(1, 10000)).score
    assert (row.plan, row.done, row.marks) == (12000, 10000, ("核",))
    with_it = unit_row(road(1, 10000), road(2, 5000, total=4000)).score
    assert f"如计入，得分为{with_it.normalize():f}，完成率为62.5%" in "".join(row.notes)


def test_a_blank_stays_in_the_denominator_and_the_rate_without_it_is_given():
    row = unit_row(road(1, 9000), road(2, None))
    assert (row.rate, row.rate_filled) == (Decimal(9000) / 24000, Decimal("0.75"))
    assert any("累计未填" in note for note in row.notes)
    assert row.score < unit_row(road(1, 9000)).score


def test_unplanned_projects_do_not_move_a_unit():
    assert unit_row(road(1, 9000), road(2, 500, plan=None)).score == unit_row(road(1, 9000)).score


# lists


def test_black_needs_a_missed_target_and_no_effective_cause():
    """Nine projects: last three, all ties included."""
    facts = [road(number, 10000 + number) for number in range(1, 7)] + [road(7, 5000), road(8, 5000), road(9, 4000)]
    rows = rank_projects(judged(*facts), POLICY)
    assert {row.id for row in black_list(rows, POLICY)} == {7, 8, 9}
    excused = [*facts[:8], replace(facts[8], freezes=(Freeze(day("10-20"), day("12-31")),))]
    rows = rank_projects(judged(*excused), POLICY)
    assert 9 not in {row.id for row in black_list(rows, POLICY)}
    on_plan = rank_projects(judged(*(road(number, 10000 + number) for number in range(1, 10))), POLICY)
    assert black_list(on_plan, POLICY) == ()


def test_red_is_black_even_off_the_bottom():
    facts = [road(number, 4000 + number) for number in range(1, 10)]
    assert len(black_list(rank_projects(judged(*facts), POLICY), POLICY)) == 9


def test_honour_needs_a_met_target_and_includes_ties():
    facts = [road(number, 12000) for number in range(1, 5)] + [road(number, 9000) for number in range(5, 10)]
    rows = rank_projects(judged(*facts), POLICY)
    assert {row.id for row in honour_list(rows, POLICY)} == {1, 2, 3, 4}


@pytest.mark.parametrize(("size", "limit"), [(2, 0), (3, 1), (8, 2), (9, 3), (60, 3)])
def test_a_list_holds_three_but_never_more_than_a_third(size, limit):
    assert list_limit(size, POLICY) == limit


def test_a_list_by_share():
    assert list_limit(25, Policy(list_share=Decimal("0.10"))) == 3


# properties

AMOUNTS = st.lists(st.integers(0, 20000), min_size=3, max_size=8)


@settings(deadline=None)
@given(amounts=AMOUNTS)
def test_more_done_never_ranks_lower(amounts):
    rows = rank_projects(judged(*(road(number, done) for number, done in enumerate(amounts, start=1))), POLICY)
    assert [row.done for row in rows] == sorted(amounts, reverse=True)
    for better, worse in pairwise(rows):
        assert better.rank <= worse.rank
        assert (better.rank == worse.rank) == (better.score == worse.score)
    assert rows[0].rank == 1


@settings(deadline=None)
@given(amounts=AMOUNTS, shuffle=st.randoms(use_true_random=False))
def test_the_same_facts_give_the_same_bytes_in_any_order(amounts, shuffle):
    facts = [road(number, done) for number, done in enumerate(amounts, start=1)]
    shuffled = list(facts)
    shuffle.shuffle(shuffled)
    first, second = (json.dumps(to_json(rank_projects(judged(*some), POLICY))) for some in (facts, shuffled))
    assert first == second
