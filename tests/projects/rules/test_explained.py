"""The sentence of each rule names the thresholds in force."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.rules.explained import rule_of
from projects.rules.policy import Policy


@pytest.mark.parametrize("dimension", ["W1", "W2", "W3", "W4", "W9"])
def test_every_dimension_that_is_judged_is_explained(dimension: str) -> None:
    assert rule_of(dimension, Policy()).endswith("告警")


def test_the_sentences_follow_the_parameters() -> None:
    strict = Policy(ratio_blue=Decimal("0.85"), node_red_days=10, schedule_method="ratio")
    assert "不低于0.85为关注" in rule_of("W1", strict)
    assert "逾期10天内（关键、硬节点7天内）为预警" in rule_of("W3", strict)
    assert "高于-10个百分点为关注" in rule_of("W1", Policy(schedule_method="points"))
    assert rule_of("W8", Policy()) == ""
