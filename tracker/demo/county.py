"""The invented county 青禾县: every name here is made up. Data only (its projects in `projects.csv`).
Its story is `story.py`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COUNTY = "青禾县"


@dataclass(frozen=True, slots=True)
class UnitSpec:
    key: str
    name: str
    short: str
    kind: str
    board: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaderSpec:
    key: str
    name: str
    post: str
    main: bool = False
    field: tuple[str, ...] = ()
    """Keys of the units in the leader's field."""


@dataclass(frozen=True, slots=True)
class ProjectSpec:
    """One project. `character` says how it behaves over eighteen months (see `story.CHARACTERS`)."""

    name: str
    annual_class: str
    sector: str
    unit: str
    leader: str
    total: int
    plan: int
    start: str
    finish: str
    character: str
    owner: str
    owner_kind: str = "government"
    level: str = "county"
    co_units: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    parent: str = ""
    content: str = ""


UNITS = (
    UnitSpec("drc", "青禾县发展和改革局", "县发改局", "coordinator", "none", ("发改局", "县发改委")),
    UnitSpec("kpo", "青禾县重点项目建设服务中心", "县重点项目办", "coordinator", "none", ("重点办", "重点项目办")),
    UnitSpec("sup", "青禾县人民政府督查室", "县督查室", "coordinator", "none", ("督查室",)),
    UnitSpec("gov", "青禾县人民政府办公室", "县政府办", "coordinator", "none", ("政府办",)),
    UnitSpec("housing", "青禾县住房和城乡建设局", "县住建局", "department", "departments", ("住建局", "县建设局")),
    UnitSpec("transport", "青禾县交通运输局", "县交通局", "department", "departments", ("交通局",)),
    UnitSpec("water", "青禾县水利局", "县水利局", "department", "departments", ("水利局", "县水务局")),
    UnitSpec("education", "青禾县教育局", "县教育局", "department", "departments", ("教育局",)),
    UnitSpec("health", "青禾县卫生健康局", "县卫健局", "department", "departments", ("卫健局", "县卫计局")),
    UnitSpec("farm", "青禾县农业农村局", "县农业农村局", "department", "departments", ("农业局", "县农业局")),
    UnitSpec("culture", "青禾县文化和旅游局", "县文旅局", "department", "departments", ("文旅局", "县旅游局")),
    UnitSpec("industry", "青禾县工业和信息化局", "县工信局", "department", "departments", ("工信局", "县经信局")),
    UnitSpec("commerce", "青禾县商务局", "县商务局", "department", "departments", ("商务局",)),
    UnitSpec("ecology", "青禾县生态环境分局", "县生态环境分局", "department", "departments", ("环保局",)),
    UnitSpec("forest", "青禾县林业局", "县林业局", "department", "departments", ("林业局",)),
    UnitSpec("chengguan", "城关镇人民政府", "城关镇", "township", "townships", ("城关镇政府",)),
    UnitSpec("liuhe", "柳河镇人民政府", "柳河镇", "township", "townships", ("柳河镇政府",)),
    UnitSpec("shiqiao", "石桥镇人民政府", "石桥镇", "township", "townships", ("石桥镇政府",)),
    UnitSpec("qingshan", "青山乡人民政府", "青山乡", "township", "townships", ()),
    UnitSpec("dongtan", "东滩乡人民政府", "东滩乡", "township", "townships", ()),
    UnitSpec("beiyuan", "北塬街道办事处", "北塬街道", "township", "townships", ("北塬街办",)),
    UnitSpec("park", "青禾经济开发区管理委员会", "经开区", "park", "parks", ("开发区", "县开发区")),
    UnitSpec("foodpark", "青禾农产品加工园区管理办公室", "农产品园区", "park", "parks", ("食品园区",)),
    UnitSpec("chengtou", "青禾县城市建设投资有限公司", "县城投公司", "company", "parks", ("城投公司", "城投")),
    UnitSpec("wentou", "青禾县文旅投资有限公司", "县文旅公司", "company", "parks", ("文旅投",)),
)

LEADERS = (
    LeaderSpec("secretary", "程望舒", "县委书记", main=True),
    LeaderSpec("head", "陆砚秋", "县委副书记、县长", main=True),
    LeaderSpec("deputy_party", "贺承安", "县委副书记", field=("farm",)),
    LeaderSpec("executive", "温以宁", "县委常委、常务副县长", field=("industry", "park", "drc")),
    LeaderSpec("v_housing", "纪长川", "副县长", field=("housing", "chengtou", "ecology")),
    LeaderSpec("v_transport", "石　磊", "副县长", field=("transport", "water", "forest")),
    LeaderSpec("v_education", "唐若琳", "副县长", field=("education", "health")),
    LeaderSpec("v_culture", "周亦凡", "副县长", field=("culture", "commerce", "wentou")),
    LeaderSpec("congress", "梁启明", "县人大常委会主任"),
    LeaderSpec("cppcc", "方　圆", "县政协主席"),
    LeaderSpec("discipline", "宋致远", "县委常委、组织部部长"),
    LeaderSpec("propaganda", "何清韵", "县委常委、宣传部部长"),
)

PROJECTS_FILE = Path(__file__).with_name("projects.csv")
_LISTS = ("co_units", "joint")
_NUMBERS = ("total", "plan")


def _read_projects() -> tuple[ProjectSpec, ...]:
    with PROJECTS_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(ProjectSpec(**_typed(row)) for row in csv.DictReader(file))


def _typed(row: dict[str, str]) -> dict[str, Any]:
    lists = {name: tuple(row[name].split()) for name in _LISTS}
    numbers = {name: int(row[name]) for name in _NUMBERS}
    return {**row, **lists, **numbers}


PROJECTS = _read_projects()
