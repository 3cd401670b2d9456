"""The county's totals and the sentence a bulletin opens with: docs/rules.md, Totals."""

import datetime as dt
import json
from decimal import Decimal

from projects.rules.facts import from_json, to_json
from projects.rules.policy import Policy
from projects.workdays import Calendar
from supervision.rules.boards import Inputs, boards, canonical, digest
from supervision.rules.ranks import Subject, judge_all
from supervision.rules.totals import Totals, official_sentence, totals
from tests.projects.rules.cases import project

CUTOFF = dt.date(2026, 9, 30)


def of(*facts) -> Totals:
    return totals(judge_all(facts, Policy(), Calendar()), CUTOFF)


def test_a_blank_cumulative_stays_in_the_denominator_and_is_named():
    found = of(project(id=1, plan=Decimal(12000), done=Decimal(9600)), project(id=2, plan=Decimal(8000), done=None))
    assert (found.planned, found.filled, found.plan, found.done) == (2, 1, 20000, 9600)
    assert found.rate == Decimal("0.48")
    assert official_sentence(found, CUTOFF).endswith("其中1个项目累计未填，其计划仍在分母中。")


def test_what_is_invested_outside_any_plan_enters_no_rate():
    found = of(
        project(id=1, plan=Decimal(10000), done=Decimal(8000)), project(id=2, plan=Decimal(0), done=Decimal(500))
    )
    assert (found.projects, found.planned, found.outside_plan, found.rate) == (2, 1, 500, Decimal("0.8"))


def test_no_plan_at_all_gives_no_rate():
    found = of(project(id=1, plan=None, done=Decimal(500)))
    assert found.rate is None
    assert official_sentence(found, CUTOFF) == "截至2026年9月30日，1个重点项目尚未下达年度计划。"


def test_the_sentence_in_official_wording():
    ahead = of(project(id=1, plan=Decimal(120000), done=Decimal(93840)))
    assert official_sentence(ahead, CUTOFF) == (
        "截至2026年9月30日，1个重点项目年度计划投资12.00亿元，累计完成9.38亿元，占年度计划的78.2%，"
        "序时进度75.0%，比序时进度快3.2个百分点。"
    )
    level = of(project(id=1, plan=Decimal(10000), done=Decimal(7500)))
    assert official_sentence(level, CUTOFF).endswith("序时进度75.0%，与序时进度持平。")
    behind = of(project(id=1, plan=Decimal(10000), done=Decimal(6000)))
    assert official_sentence(behind, CUTOFF).endswith("比序时进度慢15.0个百分点。")


def test_totals_survive_storage():
    found = of(project(id=1, plan=Decimal(12000), done=Decimal(9600)))
    assert from_json(Totals, to_json(found)) == found


def test_inputs_and_boards_are_the_same_bytes_after_storage():
    inputs = Inputs(
        series="monthly",
        period="2026-09",
        cutoff=CUTOFF,
        judged_on=dt.date(2026, 10, 14),
        projects=tuple(project(id=number, done=Decimal(1000 * number)) for number in (3, 1, 2)),
        units=(Subject(7, "县交通局", "departments", 1),),
        leaders=(Subject(9, "温以宁", "leaders", 1),),
        calendar={dt.date(2026, 10, 1): False},
        previous={"projects": {1: ("carry_over", 2)}, "units": {}, "leaders": {}},
    )
    text = canonical(inputs.to_json())
    again = Inputs.from_json(json.loads(text))
    assert canonical(again.to_json()) == text
    assert digest(canonical(boards(again, Policy()))) == digest(canonical(boards(inputs, Policy())))


def test_who_entered_and_who_left_is_named_beside_the_ranks():
    inputs = Inputs(
        series="monthly",
        period="2026-09",
        cutoff=CUTOFF,
        judged_on=CUTOFF,
        projects=tuple(project(id=number, done=Decimal(1000)) for number in (1, 2)),
        units=(),
        leaders=(),
        calendar={},
        previous={"projects": {1: ("carry_over", 1), 5: ("carry_over", 2)}},
    )
    assert boards(inputs, Policy())["membership"] == {"entered": [2], "left": [5]}
