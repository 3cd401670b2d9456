"""Published ledgers of one district, read in place beside the project: figures and structure only.

They are no part of the project. Where the folder is missing these tests are skipped; `tests/projects/excel` proves the
same truths on ledgers of our own making.
"""

import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from projects.excel.errors import LedgerDeclined
from projects.excel.reader import ReadOptions, read_ledger
from projects.excel.readings import LedgerReading, ProjectRow
from projects.rules.naming import normalise_project_name

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "ledgers"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the published ledgers are not beside the project")
YUAN = ReadOptions(unit="万元", year=2018)


def read(name: str, options: ReadOptions | None = None) -> LedgerReading:
    return read_ledger((FOLDER / name).read_bytes(), name, options)


def sums(rows: list[ProjectRow] | tuple[ProjectRow, ...], *keys: str) -> tuple[Decimal, ...]:
    return tuple(sum((row.value(key) or Decimal(0) for row in rows), Decimal(0)) for key in keys)


@pytest.fixture(scope="module")
def plan() -> LedgerReading:
    return read("maojian_2018_plan.xls")


@pytest.fixture(scope="module")
def october() -> LedgerReading:
    return read("maojian_2018_platform_projects.csv", YUAN)


@pytest.fixture(scope="module")
def months() -> LedgerReading:
    return read("maojian_2018_platform_progress_monthly.csv", YUAN)


class TestPlan:
    def test_projects_and_amounts_by_sheet(self, plan: LedgerReading) -> None:
        assert [(s.name, len(s.projects), *map(int, sums(s.projects, "total", "plan"))) for s in plan.sheets] == [
            ("工业", 42, 1526100, 573500),
            ("商贸", 11, 1408000, 426000),
            ("招商", 8, 350000, 105000),
            ("基建", 25, 2843380, 615950),
            ("美丽乡村", 14, 304500, 75060),
            ("其他", 46, 1332187, 440146),
        ]
        assert len(plan.projects) == 146
        assert sums(plan.projects, "total", "plan") == (Decimal(7764167), Decimal(2235656))
        assert {s.unit for s in plan.sheets} == {"万元"}

    def test_names_are_unique_and_whole(self, plan: LedgerReading) -> None:
        assert len({normalise_project_name(p.name) for p in plan.projects}) == 146
        assert not any("\n" in p.name for p in plan.projects)

    def test_natures(self, plan: LedgerReading) -> None:
        assert Counter(p.value("nature") for p in plan.projects) == {"新建": 115, "续建": 31}

    def test_years(self, plan: LedgerReading) -> None:
        starts = Counter(p.value("start").value.year for p in plan.projects)
        finishes = Counter(p.value("finish").value.year for p in plan.projects)
        assert starts == {2018: 115, 2017: 18, 2016: 9, 2015: 2, 2014: 1, 2013: 1}
        assert (finishes[2018], finishes[2019], finishes[2020]) == (43, 53, 32)
        assert sum(count for year, count in finishes.items() if year > 2020) == 18
        assert {p.value("start").precision for p in plan.projects} == {"year"}

    def test_leaders(self, plan: LedgerReading) -> None:
        counts = Counter(name for p in plan.projects for name in p.value("leaders"))
        assert sorted(counts.values(), reverse=True)[:6] == [53, 24, 19, 12, 9, 8]
        assert not any(" " in name or "\u3000" in name for name in counts)

    def test_only_the_doubtful_leader_is_asked(self, plan: LedgerReading) -> None:
        asked = [(m.sheet, m.cell, m.topic) for m in plan.messages if m.level in ("question", "error")]
        assert asked == [("基建", "K8", "person_name")]
        subject = next(m.subject for m in plan.messages if m.cell == "K8")
        assert sum(subject in p.value("leaders") for p in plan.projects) == 1

    def test_total_rows_agree_and_are_no_projects(self, plan: LedgerReading) -> None:
        assert not [m for m in plan.messages if m.topic == "totals"]
        assert ("其他", 22) in [(s.sheet, s.row) for s in plan.skipped]
        assert len(plan.skipped) == 12

    def test_single_rows(self, plan: LedgerReading) -> None:
        rows = {(p.sheet, p.row): p for p in plan.projects}
        first = rows["工业", 5]
        assert (first.value("total"), first.value("plan")) == (Decimal(200000), Decimal(50000))
        assert (first.value("start").value, first.value("finish").value) == (dt.date(2018, 1, 1), dt.date(2020, 12, 31))
        assert (len(first.value("units")), len(first.value("leaders")), first.value("nature")) == (2, 2, "新建")
        assert rows["基建", 4].value("nature") == "续建"
        assert rows["基建", 4].fields["name"].normalised
        assert len(rows["基建", 5].value("leaders")) == 4
        assert rows["商贸", 4].value("total") == Decimal(300000)
        assert len(rows["美丽乡村", 17].value("units")) == 1

    def test_run_together_units_are_cut_by_names_of_other_rows(self, plan: LedgerReading) -> None:
        row = next(p for p in plan.projects if p.cell("units") == "J7" and p.sheet == "工业")
        assert row.value("units") == next(p for p in plan.projects if p.cell("units") == "J5").value("units")


class TestPlatform:
    def test_master_data(self, october: LedgerReading) -> None:
        assert len(october.projects) == 114
        assert sums(october.projects, "total", "plan", "done") == (Decimal(6477394), Decimal(1829524), Decimal(953934))

    def test_reports_add_up_to_the_cumulative(self, october: LedgerReading, months: LedgerReading) -> None:
        assert (len(months.projects), months.sheets[0].kind) == (656, "progress")
        added: Counter[str] = Counter()
        for report in months.projects:
            added[report.value("seq")] += report.extra.get("done_month", Decimal(0))
        assert all(p.value("done") == added[p.value("seq")] for p in october.projects)

    def test_cumulatives_above_the_total_are_questioned(self, october: LedgerReading) -> None:
        numbers = {p.cell("done"): int(p.value("seq")) for p in october.projects}
        asked = {numbers[m.cell] for m in october.messages if m.level == "question" and "数字有误" in m.text}
        above = {numbers[m.cell] for m in october.messages if "已超过年度计划" in m.text}
        assert asked == {16, 70, 76}
        assert above == {13, 15, 16, 18, 48, 55, 64, 70, 76}

    def test_a_finished_stage_with_an_unfinished_plan_is_shown(self, october: LedgerReading) -> None:
        first = next(p for p in october.projects if p.value("seq") == "1")
        assert any(m.cell == first.cell("stage") and m.level == "warning" for m in october.messages)

    def test_seventy_names_are_those_of_the_plan_and_numbers_are_no_identity(
        self, plan: LedgerReading, october: LedgerReading
    ) -> None:
        earlier = {p.name: p.value("seq") for p in plan.projects}
        same = [p for p in october.projects if p.name in earlier]
        assert len(same) == 70
        assert sum(p.value("seq") == earlier[p.name] for p in same) == 1

    def test_the_unit_is_asked_when_nothing_says_it(self) -> None:
        reading = read("maojian_2018_platform_projects.csv")
        assert "amount_unit" in [m.topic for m in reading.messages if m.level == "question"]
        assert {p.value("total") for p in reading.projects} == {None}

    def test_quarter_plan(self) -> None:
        reading = read("maojian_2018_platform_quarter_plan.csv", YUAN)
        assert (reading.sheets[0].kind, len(reading.projects)) == ("quarter_plan", 100)
        assert all(len(p.extra["quarters"]) == 4 for p in reading.projects)

    def test_additions_in_the_middle_of_the_year(self) -> None:
        reading = read("maojian_2018_midyear_additions.csv", YUAN)
        assert len(reading.projects) == 14
        assert {(p.value("seq"), p.value("start"), p.value("finish")) for p in reading.projects} == {(None, None, None)}

    @pytest.mark.parametrize("name", ["maojian_2018_platform_procedures.csv", "maojian_platform_changes.csv"])
    def test_what_is_no_project_table_is_declined(self, name: str) -> None:
        with pytest.raises(LedgerDeclined):
            read(name, YUAN)


def test_a_form_of_another_city() -> None:
    reading = read("zhangzhou_2010_annual_detail.xls")
    assert [len(sheet.projects) for sheet in reading.sheets] == [1, 1, 1]
    last = reading.projects[-1]
    assert (last.value("total"), last.value("prior_done"), last.value("plan")) == (
        Decimal(20000),
        Decimal(9766),
        Decimal(8000),
    )
    assert (last.value("start").value, last.value("finish").value) == (dt.date(2009, 10, 1), dt.date(2011, 3, 31))
    assert {m.level for m in reading.messages if m.topic == "totals"} == {"warning"}
