"""The wall chart on the screen and as a workbook: docs/wall.md."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from projects.enums import FlagState
from projects.models import MilestoneChange, Project
from projects.selectors.wall import WallCell
from projects.services import flags
from tests.conftest import Freeze
from tests.support.county import County, add_milestone, moment
from tests.support.reporting import APRIL_OPENS, accepted, open_at, submitted
from tests.support.web import browser, export, page_text

NOW = moment(6, 15, 10)
URL = "/wall/"


@pytest.fixture(autouse=True)
def _now(freeze: Freeze) -> None:
    freeze(NOW)


@pytest.fixture
def office(county: County) -> Client:
    return browser(county.office_one)


def cells(client: Client, name: str, query: str = "") -> dict[str, WallCell]:
    """A project's cells by the heads they stand under."""
    wall = client.get(URL + query).context["wall"]
    row = next(row for group in wall.groups for row in group.rows if row.line.project.name == name)
    return {cell.column.label: cell for cell in row.cells}


def months(client: Client, name: str, query: str = "") -> dict[int, list[str]]:
    """The signs of a project's months that have any."""
    found = cells(client, name, query).values()
    return {cell.column.months[0]: [f"{mark.sign}:{mark.title}" for mark in cell.marks] for cell in found if cell.marks}


def test_nodes_stand_in_their_month_with_the_old_date_in_sight(county: County, office: Client) -> None:
    node = add_milestone(county.road, moment(4, 30, 9).date(), title="路基贯通")
    assert "overdue:路基贯通" in months(office, county.road.name)[4]
    MilestoneChange.objects.create(
        milestone=node,
        old_due=node.due_on,
        old_precision="day",
        new_due=moment(9, 30, 9).date(),
        new_precision="day",
        reason="征地未完成",
        requested_by=county.office_one,
        at=moment(6, 1, 9),
    )
    type(node).objects.filter(pk=node.pk).update(due_on=moment(9, 30, 9).date())
    now = months(office, county.road.name)
    assert "moved:路基贯通" in now[4] and "planned:路基贯通" in now[9]
    office.post(reverse("as_of"), {"day": "2026-05-20", "next": URL})
    before = months(office, county.road.name)
    assert "overdue:路基贯通" in before[4], "before the move nobody knew of it"


@pytest.mark.parametrize("grouping", ["class", "unit", "leader", "sector", "colour", "nonsense"])
def test_every_grouping_holds_every_project_once(county: County, office: Client, grouping: str) -> None:
    wall = office.get(URL, {"group": grouping, "basis": ""}).context["wall"]
    names = [row.line.project.name for group in wall.groups for row in group.rows]
    assert sorted(names) == sorted(project.name for project in county.projects)


def test_a_unit_sees_its_own_projects_only(county: County) -> None:
    wall = browser(county.park_staff).get(URL, {"basis": ""}).context["wall"]
    names = {row.line.project.name for group in wall.groups for row in group.rows}
    assert county.factory.name in names and county.road.name not in names


def test_nothing_found_says_so(office: Client) -> None:
    assert "没有符合条件的项目" in page_text(office.get(URL, {"q": "没有这个项目"}))


def test_the_workbook_has_the_same_rows_words_and_grounds(county: County, office: Client) -> None:
    add_milestone(county.road, moment(4, 30, 9).date(), title="路基贯通")
    answer = export(office, reverse("wall_export"), group="unit", basis="")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    row = next(row for row in sheet.iter_rows() if row[1].value == county.road.name)
    april = next(cell for cell in row if sheet.cell(3, cell.column).value == "4月")
    assert april.value == "■路基贯通（逾期未完成，4月30日）"
    assert april.fill.fgColor.rgb == "00F0C4C0"
    assert int(sheet.page_setup.paperSize) == 8, "A3"
    assert sheet.freeze_panes == "C4"
    assert f"共{len(county.projects)}个项目" in str(sheet["A2"].value)


def test_each_month_says_how_far_its_money_was_and_what_its_report_lacks(county: County, office: Client) -> None:
    open_at(APRIL_OPENS)
    accepted(county, county.road, "2026-04", 5000, by=county.transport_staff, at=moment(5, 5, 10))
    submitted(county.factory, "2026-04", 1300, by=county.park_staff, at=moment(5, 5, 11))
    road, factory, plant = (
        cells(office, project.name)["4月"] for project in (county.road, county.factory, county.plant)
    )
    assert road.gap == pytest.approx(Decimal(25) / 3), "5000 of 12000 where a third was expected"
    assert not road.lacks
    assert (factory.gap, factory.lacks) == (None, ("未审定",))
    assert (plant.gap, plant.lacks) == (None, ("未报",))
    assert cells(office, county.plant.name, "?by=quarter")["二季度"].lacks == ("4月未报",)
    office.post(reverse("as_of"), {"day": "2026-05-04", "next": URL})
    before = cells(office, county.road.name)["4月"]
    assert (before.gap, before.lacks) == (None, ()), "neither due nor accepted that day"


def test_a_lower_verified_figure_counts_as_in_the_light(county: County, office: Client) -> None:
    open_at(APRIL_OPENS)
    revision = accepted(county, county.road, "2026-04", 5000, by=county.transport_staff, at=moment(5, 5, 10))
    flags.settle(
        flag=revision.flags.get(),
        state=FlagState.CORRECTED,
        note="含往年",
        verified_done=Decimal(4000),
        actor=county.supervisor,
        at=moment(5, 8),
    )
    assert cells(office, county.road.name)["4月"].gap == pytest.approx(Decimal(0), abs=Decimal("1e-9"))


def test_a_quarter_holds_what_its_months_hold(county: County, office: Client) -> None:
    add_milestone(county.road, moment(4, 30, 9).date(), title="路基贯通")
    add_milestone(county.road, moment(6, 20, 9).date(), title="桥梁合龙")
    titles = [mark.title for mark in cells(office, county.road.name, "?by=quarter")["二季度"].marks]
    assert titles == ["路基贯通", "桥梁合龙", "大桥下部结构完成"], "by day"


def test_the_next_year_holds_what_waits_in_it(county: County, office: Client) -> None:
    add_milestone(county.road, moment(3, 31, year=2027).date(), title="交工验收")
    assert months(office, county.road.name, "?year=2027")[3] == ["planned:交工验收"]
    answer = office.get(URL, {"year": "2027"})
    assert answer.context["wall"].count == office.get(URL).context["wall"].count
    assert not any(column.is_current for column in answer.context["wall"].columns)


@pytest.mark.parametrize("query", ["year=1066", "year=next", "by=week", "paper=a9", "colour=pink"])
def test_nonsense_in_the_address_changes_nothing(county: County, office: Client, query: str) -> None:
    usual, odd = (office.get(URL + mark).context["wall"] for mark in ("", f"?{query}"))
    assert (odd.year, odd.count, odd.columns) == (usual.year, usual.count, usual.columns)


def test_a_row_leads_to_the_nodes_of_its_project(county: County, office: Client) -> None:
    html = office.get(URL).content.decode()
    assert f'<tr data-href="/projects/{county.road.pk}/#nodes">' in html
    assert f'<a href="/projects/{county.road.pk}/#nodes">{county.road.name}</a>' in html


def test_a_text_in_the_workbook_is_never_a_formula(county: County, office: Client) -> None:
    trap = '=HYPERLINK("http://evil.example")'
    Project.objects.filter(pk=county.road.pk).update(name=trap, sector=trap)
    answer = export(office, reverse("wall_export"), group="sector", basis="")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    found = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(trap)]
    assert len(found) == 2, "the group's head and the project's name"
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)


def test_the_workbook_prints_on_a3_with_its_head_on_each_sheet(county: County, office: Client) -> None:
    answer = export(office, reverse("wall_export"), by="quarter", basis="")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    heads = [cell.value for cell in sheet[3]]
    assert heads[-4:] == ["一季度", "二季度", "三季度", "四季度"]
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert "2026年重点项目挂图作战图" in str(sheet["A1"].value)
    assert f"A1:{sheet.cell(3, sheet.max_column).column_letter}1" in {str(area) for area in sheet.merged_cells.ranges}
