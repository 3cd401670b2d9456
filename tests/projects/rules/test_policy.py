"""Parameters: defaults, rows over them, refusals in Chinese, versions (docs/rules.md, Parameters)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from projects.rules.policy import PARAMETERS, PLATEAU_CURVE, Policy, conflicts, read_value


def test_the_defaults_fit_together_and_all_are_shown():
    assert conflicts(Policy()) == ()
    assert all(parameter.title and parameter.group for parameter in PARAMETERS)


def test_rows_replace_single_defaults():
    policy = Policy.from_rows({"ratio_blue": "0.85", "node_near_days": "10", "repeat_rule": False})
    assert (policy.ratio_blue, policy.node_near_days, policy.repeat_rule) == (Decimal("0.85"), 10, False)
    assert policy.ratio_yellow == Policy().ratio_yellow


def test_values_survive_their_json():
    policy = Policy.from_rows({"ratio_blue": "0.85", "notice_lead_workdays": "5，2"})
    assert Policy.from_rows(policy.to_json()) == policy
    assert policy.notice_lead_workdays == (5, 2)


def test_the_version_follows_the_values():
    assert Policy().version == Policy().version
    assert len(Policy().version) == 12
    assert Policy.from_rows({"list_size": 5}).version != Policy().version


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("no_such_key", 1, "没有名为"),
        ("ratio_blue", "八成", "绿灯|蓝灯"),
        ("ratio_blue", "NaN", "蓝灯"),
        ("node_near_days", "3.5", "节点临近"),
        ("schedule_method", "guess", "进度比、百分点法"),
        ("repeat_rule", "maybe", "连续两月"),
    ],
)
def test_a_bad_value_is_refused_in_chinese(key, value, message):
    with pytest.raises(ValueError, match=message):
        read_value(key, value)


@pytest.mark.parametrize(
    "rows",
    [
        {"ratio_blue": "1.10"},
        {"points_blue": "-40"},
        {"node_red_days": -1},
        {"start_red_days": 0},
        {"bonus_ratio": "1"},
        {"unit_weight_schedule": "1.2"},
        {"season_points": [0, 5, 3, 10, 22, 37, 53, 69, 83, 94, 98, 100]},
        {"season_points": [50, 100]},
        {"season_points": [0, 0, 3, 10, 22, 37, 53, 69, 83, 94, 98, 99]},
    ],
)
def test_values_that_do_not_fit_together_are_named(rows):
    assert len(conflicts(Policy.from_rows(rows))) == 1


def test_the_curves():
    assert Policy().curve[8] == Fraction(3, 4)
    assert Policy(season_curve="plateau").curve == PLATEAU_CURVE
    own = (0, 0, 0, 10, 25, 40, 55, 70, 85, 100, 100, 100)
    assert Policy(season_curve="custom", season_points=own).curve[3] == Fraction(1, 10)
