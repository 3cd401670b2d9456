"""How the projects of the demonstration county behave: pure curves of a project's year, so that every screen has
something true to show. Deterministic: the variation comes from the project's number and the week, never from chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Character:
    """`pace` is the share of the expected investment that gets done (from `turn` on: `pace_after`)."""

    pace: Decimal = Decimal("1.00")
    turn: dt.date | None = None
    pace_after: Decimal | None = None
    node_delay: int = 0
    """Days by which nodes are finished late; None leaves those of this year open."""
    leaves_nodes_open: bool = False
    start_delay: int | None = 0
    """Days from the planned start to the confirmed start; None: not started."""
    finish_shift: int | None = None
    """Days from the planned finish to the completion; None: not completed."""
    report_delay: int = 0
    """Working days after the due day on which a report arrives."""
    silent_from: dt.date | None = None
    copies_text: bool = False
    included: bool = True
    waived: tuple[dt.date, dt.date] | None = None
    returned_in: tuple[str, ...] = ()
    """Months whose report is returned once before it is accepted."""
    mistyped_in: str = ""
    """A month in which a zero too many was typed, returned and corrected."""
    impossible_from: str = ""


D = Decimal
CHARACTERS: dict[str, Character] = {
    "good": Character(pace=D("1.07"), finish_shift=-6),
    "steady": Character(pace=D("1.02"), node_delay=4, finish_shift=-2),
    "slow": Character(pace=D("0.58"), node_delay=35, leaves_nodes_open=True, report_delay=1, included=False),
    "late_finish": Character(pace=D("0.88"), node_delay=20, leaves_nodes_open=True),
    "done_early": Character(pace=D("1.28"), finish_shift=-35),
    "completed": Character(pace=D("1.12"), finish_shift=-3),
    "excused": Character(pace=D("0.70"), node_delay=30, waived=(dt.date(2026, 7, 1), dt.date(2026, 8, 31))),
    "copied": Character(pace=D("0.90"), copies_text=True, node_delay=6),
    "silent": Character(pace=D("0.82"), silent_from=dt.date(2026, 9, 20), report_delay=2, node_delay=15),
    "recovering": Character(
        pace=D("0.52"),
        turn=dt.date(2026, 7, 1),
        pace_after=D("0.98"),
        node_delay=12,
        finish_shift=4,
        returned_in=("2026-05", "2026-08"),
    ),
    "mistyped": Character(pace=D("0.93"), mistyped_in="2026-10", node_delay=5),
    "impossible": Character(pace=D("0.90"), impossible_from="2026-10", start_delay=10),
    "not_started": Character(pace=D("0"), start_delay=None),
    "late_start": Character(pace=D("0.72"), start_delay=70, report_delay=1, node_delay=20, included=False),
    "planned_later": Character(pace=D("0"), start_delay=None),
    "package": Character(),
    "pre_good": Character(pace=D("1.05"), start_delay=None),
    "pre_slow": Character(pace=D("0.60"), start_delay=None, node_delay=40, leaves_nodes_open=True),
    "unplanned": Character(start_delay=None),
    "no_plan": Character(start_delay=None),
    "paused": Character(pace=D("0.60"), start_delay=5),
    "removed": Character(pace=D("0.40"), start_delay=None),
    "added": Character(pace=D("0.97"), start_delay=15),
}

SEASON = tuple(D(value) for value in (1, 4, 10, 19, 30, 42, 54, 66, 77, 87, 94, 100))
"""Cumulative per cent of the year's work by month ends: slow in winter, as in the county."""


def season_share(day: dt.date, first: dt.date, last: dt.date) -> Decimal:
    """Share (0..1) of this year's plan that a project on schedule has done by `day`, working from `first` to `last`."""
    first = max(first, dt.date(day.year, 1, 1))
    last = min(last, dt.date(day.year, 12, 31))
    if day < first or first >= last:
        return D(0)
    low, high = _curve(first - dt.timedelta(days=1), first.year), _curve(last, first.year)
    return (_curve(min(day, last), first.year) - low) / (high - low)


def _curve(day: dt.date, year: int) -> Decimal:
    if day.year < year:
        return D(0)
    before = SEASON[day.month - 2] if day.month > 1 else D(0)
    return before + (SEASON[day.month - 1] - before) * day.day / 31


def done_by(
    character: Character, *, plan: Decimal, day: dt.date, first: dt.date, last: dt.date, number: int
) -> Decimal:
    """The year's cumulative investment by `day`, in whole 万元."""
    share = season_share(day, first, last)
    pace = character.pace
    if character.turn and character.pace_after and day >= character.turn:
        weeks = min(D((day - character.turn).days) / 90, D(1))
        pace = character.pace + (character.pace_after - character.pace) * weeks
    wobble = D(1) + D((number * 7) % 5 - 2) / 100
    return (plan * share * pace * wobble).quantize(D(1), ROUND_HALF_UP)


TEXTS = {
    "交通": ("路基土方施工", "桥涵基础及下部结构施工", "水稳基层铺筑", "沥青面层摊铺", "标线护栏及照明安装"),
    "水利": ("施工导流及清基", "护岸基础浇筑", "渠道衬砌施工", "泵站设备安装", "管网铺设及试通水"),
    "工业": ("厂房桩基施工", "厂房钢结构安装", "厂房主体及屋面施工", "设备基础及设备采购", "设备安装调试"),
    "农业农村": ("土地平整", "田间道路及沟渠施工", "设施大棚骨架安装", "配套机井及管网施工", "分区验收及移交管护"),
    "其他": ("场地平整及土方开挖", "基础及地下室施工", "主体结构施工", "砌体及内外装修", "室外管网绿化及收尾"),
}


def progress_text(sector: str, share: Decimal, number: int, week: int, *, copied: bool) -> str:
    """The physical progress as a clerk would put it."""
    phases = TEXTS.get(sector, TEXTS["其他"])
    phase = min(int(share * len(phases)), len(phases) - 1)
    if copied:
        return f"正在进行{phases[min(2, phase)]}，各项工作有序推进。"
    inside = int(share * len(phases) * 100) % 100
    workers = 18 + number * 3 % 40
    return f"正在进行{phases[phase]}，完成该项工程量的{max(inside, 3)}%；第{week}周现场施工人员{workers}人。"


PRE_STAGE_NODES = ("项目建议书批复", "可行性研究报告批复", "用地预审与选址意见书", "环境影响评价批复", "初步设计批复")
BUILDING_NODES = ("基础工程完成", "主体工程完成", "设备安装或装修完成")
