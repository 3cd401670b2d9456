"""The project list, its export, and the form of master data."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import ColumnChoice, Project
from projects.selectors.project_columns import COLUMNS, USUAL
from projects.selectors.project_list import SORTS
from tests.support.county import County
from tests.support.web import browser, cells, export, page_text, send

pytestmark = pytest.mark.django_db


def form_of(project: Project, **changed: str) -> dict[str, str]:
    data = {"name": project.name, "level": project.level, "version": str(project.version)}
    return data | changed


def test_every_column_sorts_both_ways(county: County) -> None:
    client = browser(county.office_one)
    for key in SORTS:
        for sort in (key, f"-{key}"):
            assert client.get(reverse("project_list"), {"sort": sort}).status_code == 200


def test_the_list_finds_by_initials_and_shows_only_what_one_may_see(county: County) -> None:
    office, unit = browser(county.office_one), browser(county.vice)
    assert county.road.name in page_text(office.get(reverse("project_list"), {"q": county.road.initials[:4]}))
    assert office.get(reverse("project_list")).context["page"].paginator.count == 8
    assert unit.get(reverse("project_list")).context["page"].paginator.count < 8


def test_a_child_joins_its_package_and_tags_are_kept(county: County) -> None:
    client = browser(county.office_one)
    url = reverse("project_edit", args=[county.library.pk])
    answer = send(client, url, **form_of(county.library, parent=str(county.solar.pk), tags="专项债、民生"))
    assert answer.status_code == 302, page_text(answer)
    county.library.refresh_from_db()
    assert county.library.parent == county.solar
    assert sorted(tag.name for tag in county.library.tags.all()) == ["专项债", "民生"]


def test_a_stale_form_meets_the_conflict_page(county: County) -> None:
    client = browser(county.office_one)
    url = reverse("project_edit", args=[county.road.pk])
    stale = form_of(county.road, sector="交通")
    assert send(client, url, **stale).status_code == 302
    assert send(client, url, **{**stale, "sector": "水利"}).status_code == 409


class TestColumns:
    URL = "/projects/"

    def heads(self, client: Client, **asked: object) -> list[str]:
        return [column.key for column in client.get(self.URL, asked).context["columns"]]

    def test_the_address_chooses_and_the_name_always_stays(self, county: County) -> None:
        client = browser(county.office_one)
        assert self.heads(client) == [column.key for column in USUAL]
        assert self.heads(client, cols=["total", "owner"]) == ["name", "owner", "total"]
        assert self.heads(client, cols=["nonsense"]) == [column.key for column in USUAL]
        html = client.get(self.URL, {"cols": ["total"], "q": "国道"}).content.decode()
        assert "86,400" in html and "比序时" not in html.partition("<thead>")[2].partition("</thead>")[0]
        assert '<input type="hidden" name="q" value="国道">' in html  # choosing columns keeps the filter
        assert '<input type="hidden" name="cols" value="total">' in html  # and the filter keeps the columns

    @pytest.mark.parametrize("key", [column.key for column in COLUMNS])
    def test_every_column_is_shown_and_exported(self, county: County, key: str) -> None:
        client = browser(county.office_one)
        shown = client.get(self.URL, {"cols": key})
        assert shown.status_code == 200
        rows = cells(export(client, reverse("project_export"), cols=key).getvalue())
        assert len(rows) == 3 + shown.context["page"].paginator.count
        assert len(rows[2]) == (2 if key == "name" else 3)

    def test_a_choice_is_remembered_for_the_person(self, county: County) -> None:
        client = browser(county.office_one)
        answer = send(client, "/projects/columns/?q=国道&cols=total", cols=["name", "total"])
        assert answer.url == "/projects/?q=%E5%9B%BD%E9%81%93"
        assert self.heads(client) == ["name", "total"]
        assert self.heads(client, cols=["usual"]) == [column.key for column in USUAL]
        assert self.heads(browser(county.office_two)) == [column.key for column in USUAL]
        send(client, "/projects/columns/", cols=["usual"])
        assert self.heads(client) == [column.key for column in USUAL]

    def test_nothing_is_remembered_on_a_past_day(self, county: County) -> None:
        client = browser(county.office_one)
        client.post(reverse("as_of"), {"day": "2026-03-01"})
        assert send(client, "/projects/columns/", cols=["total"]).status_code == 422
        assert not ColumnChoice.objects.exists()


class TestExport:
    URL = "/projects/export/"

    def test_rows_columns_and_order_are_those_of_the_page(self, county: County) -> None:
        client = browser(county.office_one)
        asked = {"sort": "-plan", "cols": ["plan", "unit"], "unit": county.transport.pk}
        shown = client.get("/projects/", asked)
        names = [line.project.name for line in shown.context["page"].object_list]
        rows = cells(export(client, self.URL, **asked).getvalue())
        assert rows[2] == ["项目编号", "项目名称", "责任单位", "年度计划（万元）"]
        assert [row[1] for row in rows[3:]] == names == [county.expressway.name, county.road.name, county.airport.name]
        assert [row[3] for row in rows[3:]] == [15000, 12000, 1200]

    def test_the_note_says_day_unit_filter_and_count(self, county: County) -> None:
        client = browser(county.office_one)
        client.post(reverse("as_of"), {"day": "2026-03-01"})
        asked = {"unit": county.transport.pk, "q": "国道", "basis": ""}
        rows = cells(export(client, self.URL, **asked).getvalue())
        assert rows[0][0] == "重点项目台账"
        assert rows[1][0] == ("数据日期：2026-03-01　单位：万元　条件：查找“国道”，单位：青禾县交通运输局　共1项")
        plain = cells(export(client, self.URL).getvalue())
        assert "条件：口径：现口径" in plain[1][0]

    def test_a_unit_exports_only_its_own(self, county: County) -> None:
        rows = cells(export(browser(county.park_staff), self.URL, basis="").getvalue())
        assert {row[3] for row in rows[3:]} == {county.factory.name, county.solar.name, county.solar_school.name}
