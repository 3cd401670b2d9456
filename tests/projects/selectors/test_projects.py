"""The project list and the list's totals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from projects.enums import AdjustmentKind, UnitPart
from projects.models import AnnualListEntry, Project
from projects.selectors.lists import list_statistics
from projects.selectors.people import access_of, officer_cards, visible_units
from projects.selectors.projects import ProjectFilters, project_rows
from projects.services import assignments, lists, people, plans, projects
from projects.services.plans import PlanFigures
from tests.support import county
from tests.support.county import County, moment

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 6)
AT = moment(5, 6)


@pytest.fixture
def qinghe() -> County:
    return county.build()


def names(qinghe: County, user: object = None, day: dt.date = DAY, **filters: object) -> list[str]:
    access = access_of(user or qinghe.office_one, day)  # type: ignore[arg-type]
    return [row.name for row in project_rows(access, day, ProjectFilters(**filters))]  # type: ignore[arg-type]


class TestRows:
    def test_a_row_tells_what_the_list_shows(self, qinghe: County) -> None:
        access = access_of(qinghe.office_one, DAY)
        row = project_rows(access, DAY).get(pk=qinghe.road.pk)
        assert (row.annual_class, row.unit_label, row.leader_name) == ("carry_over", "县交通局", "石磊")
        assert row.planned_finish == dt.date(2027, 10, 31)

    def test_the_list_is_one_query_however_long(
        self, qinghe: County, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        access = access_of(qinghe.office_one, DAY)
        with django_assert_num_queries(1):
            assert len(list(project_rows(access, DAY))) == 8

    def test_a_unit_sees_its_own_projects(self, qinghe: County) -> None:
        assert names(qinghe, qinghe.housing_staff) == ["城北污水处理厂二期"]
        units = visible_units(access_of(qinghe.housing_staff, DAY))
        assert [unit.short_name for unit in units] == ["县住建局"]

    @pytest.mark.parametrize("text", ["通用机场", "QH006", "qhtyjc", "交通局 机场"])
    def test_search_by_name_code_initials_and_unit(self, qinghe: County, text: str) -> None:
        project = Project.objects.get(pk=qinghe.airport.pk)
        projects.rename(project=project, name="青禾通用机场", actor=qinghe.office_one, at=AT)
        Project.objects.filter(pk=project.pk).update(initials="qhtyjc")
        assert names(qinghe, text=text) == ["青禾通用机场"]

    def test_a_renamed_project_and_a_unit_alias_are_found(self, qinghe: County) -> None:
        projects.rename(project=qinghe.plant, name="城北净水厂", actor=qinghe.office_one, at=AT)
        people.add_unit_alias(unit=qinghe.housing, alias="县建设局", actor=qinghe.office_one, at=AT)
        assert names(qinghe, text="污水处理厂二期") == ["城北净水厂"]
        assert names(qinghe, text="县建设局") == ["城北净水厂"]

    def test_filters_narrow_together(self, qinghe: County) -> None:
        assert names(qinghe, annual_class="new_start", unit=qinghe.transport.pk) == ["青禾至石桥快速通道"]
        assert names(qinghe, leader=qinghe.mayor_officer.pk, stage="building") == ["城北污水处理厂二期"]
        assert names(qinghe, unit=qinghe.chengguan.pk) == ["国道青禾过境段改建", "县文化馆图书馆新馆"]

    def test_the_bases_differ_after_a_removal(self, qinghe: County) -> None:
        entry = AnnualListEntry.objects.get(project=qinghe.plant)
        lists.adjust(
            entry=entry,
            kind=AdjustmentKind.REMOVED,
            reason="停建",
            effective_on=dt.date(2026, 5, 1),
            actor=qinghe.office_one,
            at=AT,
        )
        assert "城北污水处理厂二期" in names(qinghe, basis="original")
        assert "城北污水处理厂二期" not in names(qinghe, basis="current")
        assert "城北污水处理厂二期" in names(qinghe, basis="current", day=dt.date(2026, 4, 30))

    def test_a_count_shows_a_package_through_its_listed_children(self, qinghe: County) -> None:
        package, child = qinghe.solar.name, qinghe.solar_school.name
        assert {package, child} <= set(names(qinghe, basis="current"))
        counted = names(qinghe, basis="counted")
        assert child in counted and package not in counted
        AnnualListEntry.objects.filter(project=qinghe.solar_school).update(left_on=dt.date(2026, 4, 1))
        assert package in names(qinghe, basis="counted"), "nothing else stands for it"

    def test_assignments_are_those_of_the_day(self, qinghe: County) -> None:
        assignments.assign_unit(
            project=qinghe.plant,
            unit=qinghe.park,
            part=UnitPart.LEAD,
            valid_from=dt.date(2026, 5, 1),
            actor=qinghe.office_one,
            at=AT,
        )
        assert names(qinghe, unit=qinghe.housing.pk) == []
        assert names(qinghe, unit=qinghe.housing.pk, day=dt.date(2026, 4, 30)) == ["城北污水处理厂二期"]


class TestStatistics:
    def test_a_package_and_its_children_are_never_both_in_a_total(self, qinghe: County) -> None:
        statistics = list_statistics(2026, DAY)
        by_class = {line.annual_class: line for line in statistics.classes}
        assert (statistics.overall.count, statistics.parents) == (7, 1)
        assert by_class["new_start"].total == Decimal(62000 + 8000)
        assert statistics.overall.total == Decimal(86400 + 28600 + 46000 + 62000 + 12400 + 68000 + 8000)
        assert statistics.overall.plan == Decimal(12000 + 9800 + 10000 + 15000 + 3800 + 1200 + 3200)

    def test_original_and_current_after_a_plan_change_and_a_removal(self, qinghe: County) -> None:
        plans.adopt(
            project=qinghe.road,
            year=2026,
            figures=PlanFigures(annual=Decimal(10000)),
            effective_on=dt.date(2026, 5, 1),
            document_no="青政发〔2026〕9号",
            actor=qinghe.office_one,
            at=AT,
        )
        entry = AnnualListEntry.objects.get(project=qinghe.plant)
        lists.adjust(
            entry=entry,
            kind=AdjustmentKind.REMOVED,
            reason="停建",
            effective_on=dt.date(2026, 5, 1),
            actor=qinghe.office_one,
            at=AT,
        )
        original, current = (list_statistics(2026, DAY, basis) for basis in ("original", "current"))
        assert (original.overall.count, original.overall.plan) == (7, Decimal(55000))
        assert (current.overall.count, current.overall.plan) == (6, Decimal(55000 - 2000 - 9800))


def test_the_roster_counts_projects_of_the_day(qinghe: County) -> None:
    cards = {card.officer.name: card for card in officer_cards(DAY, access_of(qinghe.office_one, DAY))}
    assert (cards["温以宁"].leads, cards["温以宁"].joint) == (4, 0)
    assert [unit.short_name for unit in cards["温以宁"].oversees] == ["经开区"]
