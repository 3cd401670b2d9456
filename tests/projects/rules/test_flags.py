"""Verification flags: they warn and ask a reason, and block only what is impossible (docs/rules.md, Flags)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from projects.rules.flags import TITLES, Figure, Flag, ReportCheck, check
from tests.projects.rules.cases import POLICY, day


def figure(done: str | None, progress: str = "完成基础施工", stage: str = "building") -> Figure:
    return Figure(None if done is None else Decimal(done), stage, progress)


def codes(current: Figure, *previous: Figure, **changes: Any) -> set[str]:
    return {flag.code for flag in flags(current, *previous, **changes)}


def flags(current: Figure, *previous: Figure, **changes: Any) -> tuple[Flag, ...]:
    fields: dict[str, Any] = {"plan": Decimal(1000), "total": Decimal(5000), "prior": None, "cutoff": day("06-30")}
    return check(ReportCheck(current=current, previous=previous, **fields | changes), POLICY)


BEFORE = figure("300", "完成土方开挖")


def test_an_ordinary_report_raises_nothing():
    assert codes(figure("500"), BEFORE) == set()


@pytest.mark.parametrize(("done", "raised"), [("700", False), ("700.01", True)])
def test_a_jump_of_more_than_two_fifths_of_the_plan(done, raised):
    assert ("jump" in codes(figure(done), BEFORE)) is raised


@pytest.mark.parametrize(("done", "raised"), [("1300", False), ("1300.01", True)])
def test_more_than_thirteen_tenths_of_the_plan(done, raised):
    assert ("over_plan" in codes(figure(done), figure("1200", "a"))) is raised


@pytest.mark.parametrize(("done", "blocked"), [("1050", False), ("1050.01", True)])
def test_only_the_impossible_blocks(done, blocked):
    """Prior years 4200 and a total of 5000: 5250 is the limit."""
    found = flags(figure(done), figure("1000", "a"), prior=Decimal(4200))
    assert [flag.code for flag in found if flag.severity == "block"] == (["over_total_block"] if blocked else [])
    if blocked:
        assert found[0].code == "over_total_block", "blocks come first"
        assert "5000万元" in found[0].text


def test_this_years_figure_above_the_total_is_kept_and_waits_for_a_person():
    found = flags(figure("510"), BEFORE, total=Decimal(500))
    assert [flag.code for flag in found] == ["over_total"]
    assert found[0].severity == "warn"


def test_a_falling_cumulative_is_named_with_both_figures():
    found = flags(figure("250"), BEFORE)
    assert [flag.code for flag in found] == ["decrease"]
    assert "减少50万元" in found[0].text


def test_text_unchanged_while_money_grows():
    same = figure("300")
    assert "unchanged_text" in codes(figure("400"), same, figure("200"))
    assert "unchanged_text" not in codes(figure("400"), same, figure("200", "进场"))
    assert "unchanged_text" not in codes(figure("300"), same, figure("300"))


def test_copied_text_ignores_blanks():
    assert "copied_text" in codes(figure("400", "完成 基础\n施工"), figure("300", "完成基础施工"))
    assert "copied_text" not in codes(figure("400", ""), figure("300", ""))


def test_a_start_without_a_contract():
    waiting = figure("0", "办理手续", "preparation")
    assert "no_contract" in codes(figure("100"), waiting, has_contract=False)
    assert "no_contract" not in codes(figure("100"), waiting)
    assert "no_contract" not in codes(figure("400"), BEFORE, has_contract=False), "asked once, at the start"


@pytest.mark.parametrize(("done", "raised"), [("799.99", True), ("800", False), (None, True)])
def test_finished_with_little_money_contradicts_itself(done, raised):
    assert ("finished_short" in codes(figure(done, "全部完工", "finished"), figure("790", "收尾"))) is raised


@pytest.mark.parametrize(("finish", "raised"), [("12-31", False), ("2019-01-31", True)])
def test_finished_long_before_its_planned_finish(finish, raised):
    current = figure("1000", "全部完工", "finished")
    assert ("finished_early" in codes(current, figure("900", "收尾"), planned_finish=day(finish))) is raised


def test_deadlines_that_passed():
    assert "unfinished_late" in codes(figure("500"), BEFORE, planned_finish=day("06-29"))
    assert "unfinished_late" not in codes(figure("500"), BEFORE, planned_finish=day("06-30"))
    waiting = figure("0", "办理手续", "preparation")
    assert "unstarted_late" in codes(waiting, planned_start=day("05-01"))
    assert "unstarted_late" not in codes(waiting, planned_start=day("06-01")), "the planned month is not over"


def test_a_blank_is_asked_about():
    assert codes(figure(None), BEFORE) == {"empty"}
    assert codes(figure("0", "尚未动工")) == set()


def test_every_flag_has_a_title_and_its_numbers():
    everything = flags(figure("9000", "完成土方开挖", "finished"), BEFORE, figure("200", "完成土方开挖"))
    assert len(everything) > 4
    assert all(flag.code in TITLES for flag in everything)
