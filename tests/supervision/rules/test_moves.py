"""What would move a row: the rules once more with one input changed (docs/rules.md, What would move a row)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from projects.rules.facts import ProjectFacts
from supervision.rules.moves import Ground, Move, project_moves, steps, subject_moves
from supervision.rules.ranks import judge_all, rank_projects, rank_units
from supervision.rules.rows import Subject
from tests.projects.rules.cases import CALENDAR, POLICY, day, finish, monthly, node, project, start

BUREAU = Subject(1, "交通局", "departments", 1)
OTHERS = tuple(Subject(number, f"{number}局", "departments", number) for number in (2, 3))


def road(number: int, done: int | str | None, **changes: object) -> ProjectFacts:
    """Carry-over, P 12000, PC 10000 on October 31; Q is `done` / 10000."""
    return project(id=number, code=f"2018-{number:03d}", name=f"公路{number}", done=done, **{"unit": 1, **changes})


def ground(*facts: ProjectFacts) -> Ground:
    return Ground(judge_all(facts, POLICY, CALENDAR), POLICY, CALENDAR, day("10-01"))


def moves(*facts: ProjectFacts, weekly: bool = False) -> dict[str, Move]:
    """The moves of the first project, by their words."""
    return {move.text: move for move in project_moves(ground(*facts), facts[0].id, weekly=weekly)}


def silent(number: int = 1, done: int = 9000) -> ProjectFacts:
    """Two months missing: last in its group whatever the score."""
    reports = (monthly(7, "08-05", "08-04"), monthly(8, "09-05"), monthly(9, "10-05"))
    return road(number, done, reports=reports, done_cutoff=day("07-31"), done_period="2018-07")


def test_one_report_ends_the_silence_and_brings_the_place_of_the_score() -> None:
    found = moves(silent(), road(2, 8000), road(3, 7000))
    step = found["补报2018年9月（累计数不变）"]
    assert (step.rank, step.places) == (1, 2)
    assert step.gain == 0, "a late report earns nothing: the place comes from the rule of silence alone"


def test_a_figure_counts_only_with_the_report_that_is_missing() -> None:
    found = moves(silent(), road(2, 8000), road(3, 7000))
    step = found["再完成投资1000万元，达到应完成，并补报2018年9月"]
    assert (step.rank, step.places) == (1, 2)
    assert not any(text.endswith("达到应完成") for text in found), "alone it would leave the project last"


def test_nobody_who_reported_is_told_to_report() -> None:
    assert not any("补报" in text for text in moves(road(1, 5000), road(2, 8000), road(3, 7000)))


def test_investment_up_to_the_plan() -> None:
    step = moves(road(1, 5000), road(2, 8000), road(3, 7000))["再完成投资5000万元，达到应完成"]
    assert (step.rank, step.places, step.ratio) == (1, 2, Decimal(1))
    assert step.gain == Decimal("37.5"), "half of 50 + 25, since no node is due"


def test_the_effect_is_what_the_boards_would_say() -> None:
    """Written out once with the rules themselves, without the module under test."""
    facts = (road(1, 5000, milestones=(node("09-30"),)), road(2, 8000), road(3, 7000))
    done = replace(facts[0], milestones=(replace(facts[0].milestones[0], done=day("10-31"), percent=100),))
    before, after = (
        next(row for row in rank_projects(judge_all(case, POLICY, CALENDAR), POLICY) if row.id == 1)
        for case in (facts, (done, *facts[1:]))
    )
    step = moves(*facts)["完成节点“主体封顶”"]
    assert before.score is not None and after.score is not None
    assert (step.score, step.gain, step.rank) == (after.score, after.score - before.score, after.rank)


@pytest.mark.parametrize("others", [2, 3])
def test_who_waits_for_verification_would_be_ranked_again(others: int) -> None:
    odd = road(1, 13000, total=12500, open_flags=("over_total", "jump"))
    step = moves(odd, *(road(number, 8000) for number in range(2, 2 + others)))["核实数据，确认数字属实"]
    assert (step.restored, step.rank) == (True, 1)
    assert (step.places, step.gain) == (None, None), "it stood outside: there is nothing to compare with"


def test_a_blank_would_be_ranked_even_with_nought() -> None:
    step = moves(road(1, None), road(2, 8000), road(3, 7000), road(4, 6000))["填报累计完成投资（按0万元测算）"]
    assert (step.restored, step.rank) == (True, 4)


def test_inclusion_wins_its_part() -> None:
    built = road(1, 10000, total=20000, started_on=day("03-01"))
    step = moves(built, road(2, 8000), road(3, 7000))["完成入统"]
    assert step.gain == Decimal(10)


def test_a_start_changes_the_group() -> None:
    waiting = road(1, None, annual_class="new_start", stage="approval", milestones=(start("05-31"),), plan=600)
    step = moves(waiting, road(2, 8000))["开工并确认"]
    assert (step.group, step.gain, step.places) == ("新开工（已开工）", None, None)


def test_the_planned_finish_completes_the_project() -> None:
    late = road(1, 12000, milestones=(finish("09-30"),))
    step = moves(late, road(2, 8000))["完成节点“计划竣工”"]
    assert step.group == "竣工投产" and step.score == Decimal(94), "31 days late: six points"


def test_the_next_node_of_a_preparation_counts_before_it_is_due() -> None:
    prepared = road(1, None, annual_class="pre_stage", stage="approval", plan=None, milestones=(node("12-01"),))
    assert moves(prepared)["完成节点“主体封顶”"].gain == Decimal(15)


def test_nobody_is_told_to_finish_what_has_not_begun() -> None:
    nodes = (node("12-01"), finish("12-20"))
    prepared = road(1, None, annual_class="pre_stage", stage="approval", plan=None, milestones=nodes)
    assert list(moves(prepared)) == ["完成节点“主体封顶”"]


def test_what_changes_nothing_is_not_said() -> None:
    best = road(1, 12000, started_on=day("03-01"), included_on=day("03-10"))
    assert moves(best, road(2, 8000), road(3, 7000)) == {}


def test_a_paused_project_has_no_steps() -> None:
    (item,) = judge_all([road(1, 5000, stage="paused")], POLICY, CALENDAR)
    assert list(steps(item)) == []


def test_the_weekly_list_speaks_of_ratio_and_place_alone() -> None:
    found = moves(road(1, 5000, milestones=(node("09-30"),)), road(2, 8000), road(3, 7000), weekly=True)
    assert list(found) == ["再完成投资5000万元，达到应完成"], "a node moves no week"
    step = found["再完成投资5000万元，达到应完成"]
    assert (step.score, step.gain, step.ratio, step.places) == (None, None, Decimal(1), 2)


@pytest.mark.parametrize(("board", "field"), [("units", "unit"), ("leaders", "leader")])
def test_a_unit_is_moved_by_its_projects(board: str, field: str) -> None:
    facts = [road(1, 5000), road(2, 9000), *(road(number, 8000, unit=number - 1) for number in (3, 4))]
    facts = [replace(item, unit=None, **{field: item.unit}) if field == "leader" else item for item in facts]
    subjects = (BUREAU, *OTHERS)
    found = subject_moves(ground(*facts), subjects, 1, board)
    assert [move.text for move in found] == [
        "“公路1”再完成投资5000万元，达到应完成",
        "“公路2”再完成投资1000万元，达到应完成",
    ]
    assert (found[0].rank, found[0].places) == (1, 2)
    if board == "units":
        after = [replace(facts[0], done=Decimal(10000)), *facts[1:]]
        (row,) = (row for row in rank_units(subjects, judge_all(after, POLICY, CALENDAR), POLICY) if row.id == 1)
        assert found[0].score == row.score
