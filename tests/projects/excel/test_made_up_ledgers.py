"""The made-up ledgers read as a person would read them (docs/ledgers.md)."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.excel.errors import LedgerDeclined
from projects.excel.reader import ReadOptions, read_ledger
from projects.excel.readings import LedgerReading, ProjectRow
from tests.ledgers import made_up

WAN = ReadOptions(unit="万元", year=2026)


def texts(reading: LedgerReading, level: str) -> list[str]:
    return [message.text for message in reading.messages if message.level == level]


def named(reading: LedgerReading, name: str) -> ProjectRow:
    return next(project for project in reading.projects if project.name == name)


@pytest.fixture(scope="module")
def plan() -> LedgerReading:
    return read_ledger(made_up.annual_plan_xls(), "2026计划.xls")


@pytest.fixture(scope="module")
def month() -> LedgerReading:
    return read_ledger(made_up.monthly_report_xlsx(), "调度表.xlsx")


class TestAnnualPlan:
    def test_every_row_is_a_project_or_skipped_with_a_reason(self, plan: LedgerReading) -> None:
        assert [(sheet.name, len(sheet.projects)) for sheet in plan.sheets] == [("工业", 3), ("其他", 3)]
        assert [(s.sheet, s.row) for s in plan.skipped] == [
            ("工业", 8), ("其他", 4), ("其他", 7), ("其他", 8), ("其他", 10), ("其他", 11), ("其他", 12),
        ]  # fmt: skip
        assert all(s.reason for s in plan.skipped)

    def test_amounts_come_from_their_column_not_from_the_description(self, plan: LedgerReading) -> None:
        assert named(plan, "青禾饲料二期").value("total") == Decimal("30000")
        assert sum(p.value("total") for p in plan.projects) == Decimal(304000)
        assert sum(p.value("plan") for p in plan.projects) == Decimal(95000)
        assert plan.to_json()["units"] == {"工业": "万元", "其他": "万元"}

    def test_line_breaks_inside_names_go_and_padding_goes(self, plan: LedgerReading) -> None:
        row = named(plan, "清溪农机总装线")
        assert row.value("leaders") == ("贺兰",)
        assert row.fields["name"].original == "清溪农机\n总装线"
        assert row.fields["name"].normalised

    def test_units_in_one_cell_are_cut_at_blanks_and_by_known_names(self, plan: LedgerReading) -> None:
        assert named(plan, "云杉精密轴承产业园").value("units") == ("东岭开发区", "区工信局")
        assert named(plan, "青禾饲料二期").value("units") == ("东岭开发区", "区工信局")
        assert named(plan, "柳湖小学").value("units") == ("临河街道", "区教育局")

    def test_a_unit_broken_over_two_lines_is_one_unit(self, plan: LedgerReading) -> None:
        assert named(plan, "北山水厂").value("units") == ("水利北山分局",)

    def test_leaders_keep_their_order(self, plan: LedgerReading) -> None:
        assert named(plan, "南门大桥").value("leaders") == ("沈望舒", "陆闻笛", "贺兰", "顾言")

    def test_a_name_one_character_off_is_asked_never_merged(self, plan: LedgerReading) -> None:
        asked = [(m.sheet, m.cell, m.subject, m.guess) for m in plan.messages if m.level == "question"]
        assert asked == [("其他", "K6", "沈望书", "沈望舒")]
        assert named(plan, "北山水厂").value("leaders") == ("沈望书",)

    def test_an_answer_is_remembered_as_the_right_name(self) -> None:
        options = ReadOptions(name_answers={"沈望书": "沈望舒"})
        reading = read_ledger(made_up.annual_plan_xls(), "2026计划.xls", options)
        assert named(reading, "北山水厂").value("leaders") == ("沈望舒",)
        assert not texts(reading, "question")

    def test_a_year_column_holds_years(self, plan: LedgerReading) -> None:
        row = named(plan, "云杉精密轴承产业园")
        start, finish = row.value("start"), row.value("finish")
        assert (start.value, start.precision) == (dt.date(2026, 1, 1), "year")
        assert (finish.value, finish.precision) == (dt.date(2028, 12, 31), "year")

    def test_captions_and_sheet_names_give_the_sector(self, plan: LedgerReading) -> None:
        assert [p.value("sector") for p in plan.projects] == ["工业"] * 3 + ["基础设施类"] * 2 + ["民生类"]

    def test_nature_that_holds_carry_over_also_gives_the_annual_class(self, plan: LedgerReading) -> None:
        row = named(plan, "青禾饲料二期")
        assert (row.value("nature"), row.value("annual_class")) == ("续建", "续建")
        assert named(plan, "柳湖小学").value("annual_class") == "新开工"

    def test_agreeing_totals_say_nothing_and_hidden_parts_are_mentioned(self, plan: LedgerReading) -> None:
        assert not texts(plan, "warning")
        assert texts(plan, "info") == ["有 1 个隐藏行（第 9 行），已一并读取。", "有隐藏列（I 列），已一并读取。"]

    def test_a_total_that_disagrees_is_a_notice_with_its_cell(self) -> None:
        reading = read_ledger(made_up.annual_plan_xls(wrong_total=True), "2026计划.xls")
        notices = [(m.sheet, m.cell, m.level) for m in reading.messages if m.topic == "totals"]
        assert notices == [("工业", "F8", "warning")]
        assert len(reading.projects) == 6

    def test_one_sheet_by_name(self) -> None:
        reading = read_ledger(made_up.annual_plan_xls(), "2026计划.xls", ReadOptions(sheet="其他"))
        assert {p.sheet for p in reading.projects} == {"其他"}
        with pytest.raises(LedgerDeclined, match="没有名为“汇总”的工作表"):
            read_ledger(made_up.annual_plan_xls(), "2026计划.xls", ReadOptions(sheet="汇总"))


class TestMonthlyReport:
    def test_two_header_rows_are_one_header(self, month: LedgerReading) -> None:
        columns = {column.header: column.key for column in month.sheets[0].columns}
        assert columns["2026年投资（万元） › 年度计划投资"] == "plan"
        assert columns["2026年投资（万元） › 1-6月完成投资"] == "done"
        assert columns["存在问题、解决方案及完成时限 › 完成时限"] == "solve_due"

    def test_cell_unit_beats_header_unit(self, month: LedgerReading) -> None:
        assert [p.value("total") for p in month.projects] == [Decimal(12000), Decimal(8000), Decimal(6000)]

    def test_blank_and_dash_are_unknown_never_zero(self, month: LedgerReading) -> None:
        assert [p.value("done") for p in month.projects] == [Decimal("2600.5"), None, None]

    def test_a_plan_of_another_year_is_not_this_years_plan(self, month: LedgerReading) -> None:
        row = named(month, "白塔物流园")
        assert row.value("plan") == Decimal(5000)
        assert row.value("plan_year") == 2026
        assert row.extra["plans_other_years"] == {2025: Decimal(3000)}

    def test_only_merged_units_are_inherited(self, month: LedgerReading) -> None:
        assert [p.value("units") for p in month.projects] == [("区商务局",), ("区商务局",), ("区民政局",)]

    def test_a_date_cell_that_hides_its_day_is_a_month(self, month: LedgerReading) -> None:
        start = named(month, "白塔物流园").value("start")
        assert (start.value, start.precision) == (dt.date(2025, 3, 1), "month")

    def test_a_number_that_may_be_january_or_october_is_asked(self, month: LedgerReading) -> None:
        assert named(month, "石桥水库除险加固").value("finish") is None
        asked = [(m.cell, m.text) for m in month.messages if m.topic == "date" and m.level == "question"]
        assert asked == [("H6", "计划竣工时间：2026.1 可能是 2026 年 1 月，也可能是 2026 年 10 月，请确认。")]

    def test_an_answered_cell_is_read_from_the_answer(self) -> None:
        options = ReadOptions(cell_answers={("月调度", "H6"): "2026年10月"})
        reading = read_ledger(made_up.monthly_report_xlsx(), "调度表.xlsx", options)
        assert named(reading, "石桥水库除险加固").value("finish").value == dt.date(2026, 10, 31)

    def test_captions_give_the_annual_class(self, month: LedgerReading) -> None:
        assert [p.value("annual_class") for p in month.projects] == ["续建", "续建", "新开工"]

    def test_totals_in_another_unit_still_agree(self, month: LedgerReading) -> None:
        assert not [m for m in month.messages if m.topic == "totals"]

    def test_json_has_the_agreed_shape(self, month: LedgerReading) -> None:
        first = month.to_json()["projects"][0]
        assert list(first) == [
            "sheet",
            "row",
            "seq",
            "name",
            "nature",
            "annual_class",
            "stage",
            "total",
            "plan",
            "plan_year",
            "done",
            "prior_done",
            "start",
            "finish",
            "units",
            "leaders",
            "owner",
            "sector",
            "level",
            "progress",
            "extra",
        ]
        assert (first["total"], first["done"], first["seq"]) == ("12000", "2600.5", "1")
        assert first["finish"] == {"value": "2026-12-31", "precision": "year"}
        assert first["extra"]["solve_due"] == {"value": "2026-07-31", "precision": "month"}
        assert first["extra"]["code"] == "2401-420300-04-01-100001"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_csv_reads_the_same_in_every_encoding(encoding: str) -> None:
    reading = read_ledger(made_up.text_file(made_up.PROJECTS_CSV, encoding), "项目.csv", WAN)
    assert [p.name for p in reading.projects] == ["云杉精密轴承产业园", "清溪农机总装线", "南门大桥"]
    assert [p.value("done") for p in reading.projects] == [Decimal(34700), None, Decimal(47000)]


class TestCsv:
    def test_an_unknown_unit_is_asked_and_nothing_guessed(self) -> None:
        reading = read_ledger(made_up.text_file(made_up.PROJECTS_CSV, "utf-8"), "项目.csv", ReadOptions(year=2026))
        assert [p.value("total") for p in reading.projects] == [None] * 3
        assert [m.cell for m in reading.messages if m.topic == "amount_unit" and m.level == "question"] == ["D1"]
        assert reading.to_json()["units"] == {"项目": None}

    def test_an_unknown_year_is_asked(self) -> None:
        reading = read_ledger(made_up.text_file(made_up.PROJECTS_CSV, "utf-8"), "项目.csv", ReadOptions(unit="万元"))
        assert "year" in {m.topic for m in reading.messages if m.level == "question"}

    def test_contradictions_are_shown(self) -> None:
        reading = read_ledger(made_up.text_file(made_up.PROJECTS_CSV, "utf-8"), "项目.csv", WAN)
        assert [(m.level, m.cell) for m in reading.messages if m.topic == "consistency"] == [
            ("question", "F4"),  # done above the total investment
            ("info", "F4"),  # and above the plan of the year
            ("warning", "M2"),  # finished, though a part of the plan is not done
        ]
        assert "数字有误？" in texts(reading, "question")[0]

    def test_run_together_leaders_are_cut_by_names_known_from_other_rows(self) -> None:
        reading = read_ledger(made_up.text_file(made_up.PROJECTS_CSV, "utf-8"), "项目.csv", WAN)
        assert named(reading, "南门大桥").value("leaders") == ("陆闻笛", "贺兰")

    def test_progress_reports(self) -> None:
        reading = read_ledger(made_up.text_file(made_up.PROGRESS_CSV, "gb18030"), "进度2026.csv", WAN)
        assert reading.sheets[0].kind == "progress"
        first, second, third = reading.to_json()["projects"]
        assert (first["seq"], first["stage"], first["progress"]) == ("1", "前期准备", "场地平整")
        assert first["extra"] == {
            "done_month": "100",
            "record_no": "11",
            "reported_at": "2026-03-06 09:25:53",
            "problem": "无",
            "real_start": {"value": "2026-05-01", "precision": "month"},
        }
        assert (second["extra"]["done_month"], second["finish"]) == ("0", None)
        assert "done_month" not in third["extra"]
        assert not [m for m in reading.messages if m.topic == "duplicate"]

    def test_quarter_plans(self) -> None:
        reading = read_ledger(made_up.text_file(made_up.QUARTER_PLAN_CSV, "utf-8"), "季度.csv", WAN)
        assert reading.sheets[0].kind == "quarter_plan"
        assert reading.to_json()["projects"][0]["extra"]["quarters"] == [
            {"quarter": 1, "work": "场地平整", "plan": "1000"},
            {"quarter": 2, "work": "基础施工", "plan": None},
        ]

    def test_procedures_are_declined_with_the_reason(self) -> None:
        with pytest.raises(LedgerDeclined, match="手续办理表"):
            read_ledger(made_up.text_file(made_up.PROCEDURES_CSV, "utf-8"), "手续.csv", WAN)
