"""Every threshold of the rules as one frozen value (docs/rules.md, Parameters). Defaults stand here; a county's own
choices arrive as dated rows and replace single fields."""

# ruff: noqa: RUF009  `_parameter` wraps `dataclasses.field`, which ruff knows only by its own name.

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any

D = Decimal

Curve = tuple[Fraction, ...]
"""Share of the year's work by the end of each month, 0 to 1. Exact, so that being on plan is never read as late."""

PLAIN_CURVE: Curve = tuple(Fraction(month, 12) for month in range(1, 13))
"""m/12: the official 序时进度."""
PLATEAU_POINTS = (0, 0, 3, 10, 22, 37, 53, 69, 83, 94, 98, 100)
"""Cold or high land: the building season is short."""
PLATEAU_CURVE: Curve = tuple(Fraction(point, 100) for point in PLATEAU_POINTS)


def _parameter(default: Any, title: str, group: str, *, unit: str = "", help: str = "", options: Any = None) -> Any:
    meta = {"title": title, "group": group, "unit": unit, "help": help, "options": options}
    return field(default=default, metadata=meta)


@dataclass(frozen=True, slots=True)
class Policy:
    """The parameters in force on a day. Ratios are fractions of 1, amounts 万元, `*_days` calendar days,
    `*_workdays` working days."""

    season_curve: str = _parameter(
        "plain",
        "施工季节曲线",
        "序时进度",
        options={"plain": "按月均摊（m/12）", "plateau": "高寒地区曲线", "custom": "自定义曲线"},
        help="无分月计划的项目按此曲线折算应完成进度；通报中始终另行列出按月均摊的序时进度。",
    )
    season_points: tuple[int, ...] = _parameter(
        PLATEAU_POINTS, "自定义曲线：各月末累计", "序时进度", unit="%", help="12个数，不减，最后一个为100。"
    )
    freeze_limit_days: int = _parameter(183, "客观原因冻结：一年内超过须改计划或调出", "序时进度", unit="天")
    schedule_method: str = _parameter(
        "ratio", "投资进度判定方法", "投资灯", options={"ratio": "进度比", "points": "百分点法"}
    )
    ratio_green: Decimal = _parameter(D("1.00"), "绿灯：进度比不低于", "投资灯")
    ratio_blue: Decimal = _parameter(D("0.80"), "蓝灯：进度比不低于", "投资灯")
    ratio_yellow: Decimal = _parameter(D("0.60"), "黄灯：进度比不低于", "投资灯", help="低于此值为红灯。")
    points_blue: Decimal = _parameter(D("-10"), "百分点法：高于此值为蓝灯", "投资灯", unit="个百分点")
    points_yellow: Decimal = _parameter(D("-30"), "百分点法：不低于此值为黄灯", "投资灯", unit="个百分点")
    small_rate: Decimal = _parameter(D("0.10"), "小额规则：应完成率低于", "投资灯", help="年初基数小，最多亮蓝灯。")
    small_amount: Decimal = _parameter(D("50"), "小额规则：缺口低于", "投资灯", unit="万元")
    small_share: Decimal = _parameter(D("0.01"), "小额规则：缺口低于年度计划的", "投资灯")
    start_near_days: int = _parameter(30, "开工临近提醒", "开工灯", unit="天")
    start_red_days: int = _parameter(90, "开工逾期转红", "开工灯", unit="天")
    start_red_months: int = _parameter(3, "开工逾期月末数转红", "开工灯", unit="个月末")
    node_near_days: int = _parameter(7, "节点临近提醒", "节点灯", unit="天")
    node_red_days: int = _parameter(15, "一般节点逾期转红（超过）", "节点灯", unit="天")
    key_node_red_days: int = _parameter(7, "关键、硬节点逾期转红（超过）", "节点灯", unit="天")
    inclusion_total: Decimal = _parameter(D("500"), "应入统的总投资下限", "入统灯", unit="万元")
    inclusion_green_days: int = _parameter(15, "开工后未入统：绿灯至", "入统灯", unit="天")
    inclusion_blue_days: int = _parameter(30, "开工后未入统：蓝灯至", "入统灯", unit="天")
    inclusion_yellow_days: int = _parameter(60, "开工后未入统：黄灯至", "入统灯", unit="天")
    late_blue_workdays: int = _parameter(2, "迟报蓝灯至", "报送", unit="个工作日")
    late_yellow_workdays: int = _parameter(5, "迟报黄灯至", "报送", unit="个工作日")
    returned_yellow_times: int = _parameter(2, "退回几次亮黄灯", "报送", unit="次")
    missing_red_periods: int = _parameter(2, "连续缺报几期为红灯", "报送", unit="期")
    silence_floor_workdays: int = _parameter(5, "缺报满几个工作日后不优于黄灯", "报送", unit="个工作日")
    repeat_rule: bool = _parameter(True, "连续两月黄灯转红灯", "综合灯")
    override_max_days: int = _parameter(31, "人工调整最长有效", "综合灯", unit="天")
    jump_share: Decimal = _parameter(D("0.40"), "单期增量超过年度计划的", "核实", help="超过即提示核实。")
    over_plan_rate: Decimal = _parameter(D("1.30"), "完成率超过", "核实")
    over_total_block: Decimal = _parameter(D("1.05"), "累计超过总投资的几倍不予提交", "核实")
    contradiction_rate: Decimal = _parameter(D("0.80"), "报完工但完成率低于", "核实")
    weight_schedule: Decimal = _parameter(D("50"), "投资进度分", "项目得分", unit="分")
    weight_nodes: Decimal = _parameter(D("25"), "节点分", "项目得分", unit="分")
    weight_inclusion: Decimal = _parameter(D("10"), "入统分", "项目得分", unit="分")
    weight_management: Decimal = _parameter(D("15"), "管理分", "项目得分", unit="分")
    bonus_points: Decimal = _parameter(D("5"), "超序时加分上限", "项目得分", unit="分")
    bonus_ratio: Decimal = _parameter(D("1.50"), "加满分的进度比", "项目得分")
    key_node_weight: Decimal = _parameter(D("2"), "关键、硬节点权重", "项目得分", help="一般节点为1。")
    late_node_share: Decimal = _parameter(D("0.8"), "逾期完成节点得分", "项目得分")
    open_node_share: Decimal = _parameter(D("0.6"), "逾期未完成节点得分系数", "项目得分")
    inclusion_grace_share: Decimal = _parameter(D("0.5"), "入统宽限期内得分系数", "项目得分")
    inclusion_zero_days: int = _parameter(30, "开工后超过几天未入统得零分", "项目得分", unit="天")
    waiting_start: Decimal = _parameter(D("60"), "未开工项目：开工指数分", "项目得分", unit="分")
    waiting_permits: Decimal = _parameter(D("25"), "未开工项目：手续分", "项目得分", unit="分")
    pre_stage_permits: Decimal = _parameter(D("70"), "前期项目：手续及节点按时分", "项目得分", unit="分")
    pre_stage_nodes: Decimal = _parameter(D("15"), "前期项目：准备节点完成分", "项目得分", unit="分")
    completed_floor: Decimal = _parameter(D("80"), "竣工项目：逾期扣分后不低于", "项目得分", unit="分")
    completed_days_a_point: int = _parameter(5, "竣工项目：每逾期几天扣1分", "项目得分", unit="天")
    unit_weight_schedule: Decimal = _parameter(
        D("0.5"), "单位得分：投资完成权重", "单位得分", help="其余为项目得分的加权平均。"
    )
    shared_factor: Decimal = _parameter(D("0.5"), "配合单位、共同包联领导的计分系数", "单位得分", help="牵头为1。")
    leader_weight_projects: Decimal = _parameter(D("0.7"), "领导得分：项目权重", "领导得分")
    leader_weight_problems: Decimal = _parameter(D("0.2"), "领导得分：问题解决权重", "领导得分")
    leader_weight_visits: Decimal = _parameter(D("0.1"), "领导得分：现场办公权重", "领导得分")
    leader_board: str = _parameter(
        "main_leaders",
        "领导榜公布范围",
        "排名",
        options={"none": "不公布", "main_leaders": "仅主要领导", "leaders": "县级领导", "county": "全县"},
    )
    group_minimum: int = _parameter(3, "同类组少于几个不排名", "排名", unit="个")
    list_size: int = _parameter(3, "红黑榜名额", "排名", unit="个", help="不超过同类组的三分之一。")
    list_share: Decimal = _parameter(
        D("0"), "红黑榜名额：同类组的比例", "排名", help="大于0时按比例取名额（如0.10），不按个数。"
    )
    weekly_scope: str = _parameter(
        "all", "周报范围", "报告期", options={"all": "全部项目", "lagging": "仅黄灯、红灯项目", "none": "不开周报"}
    )
    weekly_due_weekday: int = _parameter(4, "周报报送日（星期几）", "报告期", help="1为星期一，7为星期日。")
    weekly_due_hour: int = _parameter(18, "周报报送时点", "报告期", unit="时")
    weekly_lock_weekday: int = _parameter(5, "周报锁定日（星期几）", "报告期")
    monthly_due_mode: str = _parameter(
        "workday", "月报报送日算法", "报告期", options={"workday": "次月第几个工作日", "day": "当月几日"}
    )
    monthly_due_number: int = _parameter(3, "月报报送日（第几个工作日或几日）", "报告期")
    monthly_lock_workdays: int = _parameter(3, "月报报送后几个工作日锁定", "报告期", unit="个工作日")
    due_hour: int = _parameter(18, "月报报送时点", "报告期", unit="时")
    notice_hour: int = _parameter(8, "每周提醒发送时点", "通知", unit="时")
    notice_lead_workdays: tuple[int, ...] = _parameter((7, 3, 1), "节点到期前几个工作日提醒", "通知", unit="个工作日")

    @classmethod
    def from_rows(cls, rows: Mapping[str, Any]) -> Policy:
        """Defaults with the given fields replaced. Raises ValueError (Chinese) for an unknown key or a bad value."""
        return replace(cls(), **{key: read_value(key, value) for key, value in rows.items()})

    @property
    def version(self) -> str:
        """A digest of all values: equal parameters have equal versions."""
        return _version(self)

    @property
    def curve(self) -> Curve:
        """The season curve in force."""
        if self.season_curve == "custom":
            return tuple(Fraction(point, 100) for point in self.season_points)
        return PLATEAU_CURVE if self.season_curve == "plateau" else PLAIN_CURVE

    def to_json(self) -> dict[str, Any]:
        """Every field as a JSON value, decimals as strings."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


@dataclass(frozen=True, slots=True)
class Parameter:
    """How a settings page shows one field of the policy."""

    key: str
    title: str
    group: str
    unit: str
    help: str
    default: Any
    options: dict[str, str] | None


@lru_cache
def _version(policy: Policy) -> str:
    """Kept, because every judgement names it. 500 and 500.0 are one value, here as in the cache."""
    values = {item.name: getattr(policy, item.name) for item in fields(policy)}
    plain = {name: f"{value.normalize():f}" if isinstance(value, Decimal) else value for name, value in values.items()}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


PARAMETERS: tuple[Parameter, ...] = tuple(
    Parameter(
        key=item.name,
        title=item.metadata["title"],
        group=item.metadata["group"],
        unit=item.metadata["unit"],
        help=item.metadata["help"],
        default=item.default,
        options=item.metadata["options"],
    )
    for item in fields(Policy)
)
_BY_KEY = {parameter.key: parameter for parameter in PARAMETERS}


def read_value(key: str, value: Any) -> Any:
    """A typed value for `key` from JSON or a form's text. Raises ValueError with a Chinese sentence."""
    parameter = _BY_KEY.get(key)
    if parameter is None:
        raise ValueError(f"没有名为“{key}”的参数。")
    if parameter.options is not None:
        if value not in parameter.options:
            raise ValueError(f"“{parameter.title}”只能选：{'、'.join(parameter.options.values())}。")
        return value
    try:
        return _typed(parameter.default, value)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise ValueError(f"“{parameter.title}”的值“{value}”不正确，请按原有格式填写数字。") from error


_MAY_BE_NEGATIVE = frozenset({"points_blue", "points_yellow"})
_ASCENDING = (
    ("ratio_yellow", "ratio_blue", "ratio_green"),
    ("points_yellow", "points_blue"),
    ("inclusion_green_days", "inclusion_blue_days", "inclusion_yellow_days"),
    ("late_blue_workdays", "late_yellow_workdays"),
)
_NOT_ZERO = (
    "start_red_days",
    "start_red_months",
    "completed_days_a_point",
    "missing_red_periods",
    "group_minimum",
    "key_node_weight",
    "weight_schedule",
    "waiting_start",
    "pre_stage_permits",
    "leader_weight_projects",
)
_SHARES = ("unit_weight_schedule", "shared_factor", "late_node_share", "open_node_share", "inclusion_grace_share")


def conflicts(policy: Policy) -> tuple[str, ...]:
    """What makes the values unusable together, in Chinese; empty when they fit."""
    found = [f"“{title(name)}”不能为负数。" for name in _negative(policy)]
    found += [f"“{title(name)}”应大于0。" for name in _NOT_ZERO if not getattr(policy, name)]
    found += [f"“{title(name)}”应在0到1之间。" for name in _SHARES if getattr(policy, name) > 1]
    for names in _ASCENDING:
        values = [getattr(policy, name) for name in names]
        if values != sorted(values):
            found.append("应从小到大：" + "、".join(f"“{title(name)}”" for name in names) + "。")
    if policy.bonus_ratio <= 1:
        found.append(f"“{title('bonus_ratio')}”应大于1。")
    points = policy.season_points
    if len(points) != 12 or list(points) != sorted(points) or points[0] < 0 or points[-1] != 100:
        found.append(f"“{title('season_points')}”应为12个不减的数，最后一个为100。")
    return tuple(found)


def title(key: str) -> str:
    return _BY_KEY[key].title


def _negative(policy: Policy) -> list[str]:
    return [
        parameter.key
        for parameter in PARAMETERS
        if isinstance(parameter.default, int | Decimal)
        and parameter.key not in _MAY_BE_NEGATIVE
        and getattr(policy, parameter.key) < 0
    ]


def _typed(default: Any, value: Any) -> Any:
    if isinstance(default, bool):
        if value in (True, "1", "true", "on", "是"):
            return True
        if value in (False, "0", "false", "", "否"):
            return False
        raise ValueError(value)
    if isinstance(default, int):
        return _whole(value)
    if isinstance(default, Decimal):
        number = Decimal(str(value))
        if not number.is_finite():
            raise ValueError(value)
        return number
    parts = value.replace("，", ",").split(",") if isinstance(value, str) else value
    return tuple(_whole(part) for part in parts)


def _whole(value: Any) -> int:
    """An integer; 3.5 is refused rather than cut."""
    number = Decimal(str(value).strip())
    if number != number.to_integral_value():
        raise ValueError(value)
    return int(number)
