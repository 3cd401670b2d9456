"""Row patterns met in published ledgers (docs/ledgers.md, Rows), with invented names."""

from decimal import Decimal
from typing import Any

import pytest

from projects.excel.reader import ReadOptions, read_ledger
from projects.excel.readings import LedgerReading
from projects.excel.rows import strip_caption
from tests.ledgers.made_up import workbook

HEADER = ["序号", "项目名称", "建设内容", "总投资（万元）", "责任单位"]
OPTIONS = ReadOptions(year=2026)


def project(number: Any, name: str, total: Any = 100) -> list[Any]:
    return [number, name, "建设内容若干", total, "区住建局"]


def read(*rows: list[Any], header: list[Any] | None = None) -> LedgerReading:
    return read_ledger(workbook(("清单", [header or HEADER, *rows])), "清单.xlsx", OPTIONS)


def names(reading: LedgerReading) -> list[str]:
    return [p.name for p in reading.projects]


@pytest.mark.parametrize(
    "caption",
    [
        ["一、基础设施", "64", None, 8393887.27],
        ["——铁路", 2, None, 402600],
        [None, "一产项目 4"],
        ["一", "农林水利", 14, 5600],
        ["一、工业(321项)"],
        ["Ⅰ 机场（9项）"],
        ["① 交通项目7个"],
        [-1, "国铁干线项目"],
        ["城镇（含园区）基础设施类（52）"],
        ["【预备】(4)"],
        [None, "续建"],
        [None, "计划新开工项目", 19, 5600],
        ["续建项目110个", "——", "——"],
        ["南岭市人民政府", "16", None, 1528601.56],
        ["自治区某厅", 12, None, 5600],
        [None, "南 岭 市"],
        [None, "市直", None, 97],
    ],
)
def test_captions_are_no_projects(caption: list[Any]) -> None:
    reading = read(caption, project(1, "南门大桥"), project(2, "北山水厂"))
    assert names(reading) == ["南门大桥", "北山水厂"]
    assert [s.reason[:3] for s in reading.skipped] == ["分类行"]


@pytest.mark.parametrize(
    "name", ["云杉府小区", "清河综合保税区", "云杉汽车城市展厅", "年产20万个阀门、80万个滤芯项目", "北线工程★"]
)
def test_projects_that_look_like_captions(name: str) -> None:
    assert names(read(project(1, "南门大桥"), project(963, name))) == ["南门大桥", name]


@pytest.mark.parametrize(
    "note",
    [
        ["备注：标“★”的为2025年重大项目。"],
        ["注:******为涉密项目"],
        ["重大前期项目92个，总投资494亿元。其中，政府投资项目54个。"],
        ["项目总数246个（新开工73个、续建73个、完工62个）"],
        ["填报人：甲乙", None, "审核：丙"],
        ["甲", "乙", 1, 2, 3],
        [1, 2, 3, 4, 5],
        HEADER,
    ],
)
def test_notes_column_numbers_and_repeated_headers_are_skipped(note: list[Any]) -> None:
    reading = read(project(1, "南门大桥"), note, project(2, "北山水厂"))
    assert names(reading) == ["南门大桥", "北山水厂"]
    assert [s.row for s in reading.skipped] == [3]


def test_a_second_line_of_a_project_is_no_project() -> None:
    reading = read(project(1, "南门大桥"), [None, None, "其中：银行贷款", 60])
    assert names(reading) == ["南门大桥"]
    assert reading.skipped[0].reason == "没有项目名称，属于上一行"


def test_captions_carry_over_by_depth() -> None:
    reading = read(
        ["一、基础设施", "2"], ["（一）交通", "1"], project(1, "南门大桥"), ["（二）水利", "1"], project(2, "北山水厂"),
        ["二、产业"], project(3, "云杉产业园"),
    )  # fmt: skip
    assert [p.value("sector") for p in reading.projects] == ["基础设施/交通", "基础设施/水利", "产业"]


def test_captions_of_units_and_areas() -> None:
    bare = [1, "南门大桥", "桥长420米", 100, None]
    reading = read(["清河县人民政府", "1"], bare, ["东岭镇"], [2, "北山水厂", "日供水3万吨", 100, None])
    assert reading.projects[0].value("units") == ("清河县人民政府",)
    assert reading.projects[1].extra["area"] == "东岭镇"


def test_declared_counts_and_totals_that_disagree_are_notices() -> None:
    reading = read(["一、工业（3项）"], project(1, "南门大桥"), project(2, "北山水厂"), ["合计", None, None, 250])
    assert [(m.level, m.cell) for m in reading.messages if m.topic == "totals"] == [
        ("warning", "A2"),
        ("warning", "D5"),
    ]
    assert names(reading) == ["南门大桥", "北山水厂"]


def test_a_grand_total_above_the_rows_counts_for_all_of_them() -> None:
    reading = read(
        ["合计", "2个", None, 200], ["一、工业"], project(1, "南门大桥"), ["二、农业"], project(2, "北山水厂")
    )
    assert not [m for m in reading.messages if m.topic == "totals"]


def test_a_serial_number_under_the_name_heading_moves_the_columns() -> None:
    reading = read(
        [1, "南门大桥", 100, "区住建局"],
        [2, "北山水厂", 200, "区水利局"],
        header=["项目名称", "总投资（万元）", "责任单位"],
    )
    assert [(p.value("seq"), p.name, p.value("total")) for p in reading.projects] == [
        ("1", "南门大桥", Decimal(100)),
        ("2", "北山水厂", Decimal(200)),
    ]
    assert any("错开一列" in m.text for m in reading.messages)


def test_summary_and_dictionary_sheets_are_declined_while_the_table_is_read() -> None:
    data = workbook(
        ("清单", [HEADER, project(1, "南门大桥")]),
        ("汇总", [["责任单位", "个数", "合计"], ["区住建局", 1, 100]]),
        ("选项", [["新建", "续建"], ["扩建", "前期"]]),
        ("空表", []),
    )
    reading = read_ledger(data, "清单.xlsx", OPTIONS)
    assert names(reading) == ["南门大桥"]
    assert [d.sheet for d in reading.declined] == ["汇总", "选项", "空表"]


def test_an_unsure_column_is_asked_and_the_answer_remembered() -> None:
    header = [*HEADER[:4], "包干单位（部门）"]
    asked = read(project(1, "南门大桥"), header=header)
    question = next(m for m in asked.messages if m.topic == "header")
    assert (question.level, question.cell, question.guess) == ("question", "E1", "unit")
    assert asked.projects[0].extra["other"] == {"包干单位（部门）": "区住建局"}
    options = ReadOptions(year=2026, header_answers={question.subject: "unit"})
    data = workbook(("清单", [header, project(1, "南门大桥")]))
    assert read_ledger(data, "清单.xlsx", options).projects[0].value("units") == ("区住建局",)


def test_a_header_cut_over_two_rows_without_merged_cells() -> None:
    reading = read(
        [None, None, None, "小计", "主要建设内容"], [1, "南门大桥", 900, 100, "封顶"],
        header=["序号", "项目名称", "总投资（万元）", "2026年投资计划（万元）", None],
    )  # fmt: skip
    assert reading.projects[0].value("plan") == Decimal(100)
    assert reading.projects[0].extra["year_content"] == "封顶"


@pytest.mark.parametrize(
    ("text", "caption"),
    [("一、工业(321项)", ("工业", 321)), ("（一）工业项目82个", ("工业项目", 82)), ("——铁路", ("铁路", None)),
     ("续建项目(597个)", ("续建项目", 597)), ("商贸类", ("商贸类", None)), ("【预备】(4)", ("预备", 4))],
)  # fmt: skip
def test_captions_lose_numbering_and_count(text: str, caption: tuple[str, int | None]) -> None:
    assert strip_caption(text) == caption
