"""The leaders' dashboard in the browser."""

from __future__ import annotations

from django.urls import reverse

from projects.models import Period
from projects.services import indicators
from supervision.models import Snapshot
from supervision.selectors.dashboard import board_ends
from tests.supervision.views.conftest import LOCKED
from tests.support.county import County, double
from tests.support.web import browser, page_text, queries

DASHBOARD = "/dashboard/"


def test_one_page_with_figures_lights_and_dates(county: County, published: Snapshot) -> None:
    answer = browser(county.mayor).get(DASHBOARD)
    text = page_text(answer)
    # Plans 55000, done 21700 at the end of August: 39.45 %, 8/12 of the year.
    assert "5.50 亿元" in text and "2.17 亿元" in text
    assert "39.45% 低于序时进度27.21个百分点" in text and "66.67%" in text
    assert "数据截至2026年8月31日" in text and "第1版" in text
    assert "最需要关注的项目" in text and "单位榜" in text


def test_each_light_leads_to_its_projects(county: County, published: Snapshot) -> None:
    lights = browser(county.mayor).get(DASHBOARD).context["lights"]
    assert [light["colour"] for light in lights] == ["red", "yellow", "blue", "green", "purple", "grey"]
    assert sum(light["count"] for light in lights) == 7
    assert lights[0]["url"] == reverse("project_list") + "?basis=current&colour=red"


def test_every_chart_has_its_table(county: County, published: Snapshot) -> None:
    answer = browser(county.mayor).get(DASHBOARD)
    charts = answer.context["charts"]
    assert [chart["id"] for chart in charts][:2] == ["chart-curve", "chart-lights"]
    assert all(chart["rows"] and chart["headings"] for chart in charts)
    assert answer.content.decode().count("以表格查看") == len(charts)


def test_before_the_first_publication_there_are_lights_only(county: County, august: Period) -> None:
    answer = browser(county.mayor).get(DASHBOARD)
    assert "尚未发布月度排名" in page_text(answer)
    assert answer.context["boards"] == []


def test_a_vice_head_sees_the_field_alone(county: County, published: Snapshot) -> None:
    answer = browser(county.vice).get(DASHBOARD)
    names = {line.project.name for line in (*answer.context["page"].worst, *answer.context["page"].mine)}
    assert county.plant.name not in names
    assert "包联领导榜" not in page_text(answer)


def test_units_and_administrators_have_no_dashboard(county: County, published: Snapshot) -> None:
    for user in (county.transport_head, county.owner, county.sysadmin):
        assert browser(user).get(DASHBOARD).status_code == 403


def test_as_many_questions_with_twice_the_projects(county: County, published: Snapshot) -> None:
    client = browser(county.mayor)
    indicators.recompute(at=LOCKED)
    before = queries(client, DASHBOARD)
    double(county)
    indicators.recompute(at=LOCKED)
    assert queries(client, DASHBOARD) == before


class TestEnds:
    @staticmethod
    def group(*ranks: int | None) -> dict:
        return {"label": "续建", "rows": [{"rank": rank} for rank in ranks]}

    def ends(self, *ranks: int | None) -> tuple[list, list]:
        (found,) = board_ends([self.group(*ranks)])
        return [row["rank"] for row in found.first], [row["rank"] for row in found.last]

    def test_nobody_stands_at_both_ends(self) -> None:
        assert self.ends(1, 2, 3, 4) == ([1, 2, 3], [4])
        assert self.ends(1, 2, 3) == ([1, 2, 3], [])
        assert self.ends(1, 2, 3, 4, 5, 6, 7) == ([1, 2, 3], [5, 6, 7])

    def test_who_shares_a_shown_first_rank_is_not_last(self) -> None:
        assert self.ends(1, 1, 1, 1, 5) == ([1, 1, 1], [5])

    def test_the_unranked_and_empty_groups_are_left_out(self) -> None:
        assert self.ends(1, 2, 3, None) == ([1, 2, 3], [])
        assert board_ends([self.group(None, None)]) == []
