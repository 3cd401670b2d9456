"""The rule of each light in one sentence, with the thresholds that are in force (docs/rules.md, Lights)."""

from __future__ import annotations

from projects.rules.policy import Policy


def rule_of(dimension: str, policy: Policy) -> str:
    """When the dimension turns from one colour to the next; empty for a dimension that has no rule here."""
    rule = _RULES.get(dimension)
    return rule(policy) if rule is not None else ""


def _investment(policy: Policy) -> str:
    if policy.schedule_method == "points":
        return (
            f"与应完成之差不低于0为正常，高于{policy.points_blue}个百分点为关注，"
            f"不低于{policy.points_yellow}个百分点为预警，更低为告警"
        )
    return (
        f"进度比（完成÷应完成）不低于{policy.ratio_green}为正常，不低于{policy.ratio_blue}为关注，"
        f"不低于{policy.ratio_yellow}为预警，更低为告警"
    )


def _start(policy: Policy) -> str:
    return (
        f"距计划开工不足{policy.start_near_days}天为关注，过了计划月份为预警，"
        f"逾期{policy.start_red_days}天或{policy.start_red_months}个月末为告警"
    )


def _nodes(policy: Policy) -> str:
    return (
        f"到期前{policy.node_near_days}天内未完成为关注，逾期{policy.node_red_days}天内"
        f"（关键、硬节点{policy.key_node_red_days}天内）为预警，更久为告警"
    )


def _inclusion(policy: Policy) -> str:
    return (
        f"总投资{policy.inclusion_total}万元以上的项目，开工后{policy.inclusion_green_days}天内为正常，"
        f"{policy.inclusion_blue_days}天内为关注，{policy.inclusion_yellow_days}天内为预警，更久未入统为告警"
    )


def _reporting(policy: Policy) -> str:
    return (
        f"迟报{policy.late_blue_workdays}个工作日内为关注，{policy.late_yellow_workdays}个工作日内"
        f"或退回{policy.returned_yellow_times}次为预警，更久或缺报{policy.missing_red_periods}期为告警"
    )


_RULES = {"W1": _investment, "W2": _start, "W3": _nodes, "W4": _inclusion, "W9": _reporting}
