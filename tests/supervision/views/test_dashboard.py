"""The leaders' dashboard in the browser."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.urls import reverse

from projects.models import Period
from projects.services import indicators
from supervision.models import Snapshot
from supervision.rules.boards import digest
from supervision.selectors.dashboard import board_ends
from tests.supervision.views.conftest import LOCKED
from tests.support import append_only
from tests.support.county import County, double
from tests.support.web import browser, page_text, queries

DASHBOARD = "/dashboard/"


def test_one_page_with_figures_lights_and_dates(county: County, published: Snapshot) -> None:
    answer = browser(county.mayor).get(DASHBOARD)
    text = page_text(answer)
    # Plans 55000, done 21700 at the end of August: 39.45 %, 8/12 of the year.
    assert "5.50 亿元" in text and "2.17 亿元" in text
    assert "39.45% 低于序时进度27.21个百分点" in text and "序时进度66.7%" in text
    assert "数据截至2026年8月31日" in text and "第1版" in text
    assert "最需要关注的项目" in text and "榜单首尾" in text


class TestEveryNumberLeadsToItsRows:
    """For each count on the page, the page behind its link holds exactly as many rows."""

    @pytest.mark.parametrize("reader", ["mayor", "vice", "supervisor", "office_one"])
    def test_lights(self, county: County, published: Snapshot, reader: str) -> None:
        client = browser(getattr(county, reader))
        lights = client.get(DASHBOARD).context["lights"]
        assert [light["colour"] for light in lights] == ["red", "yellow", "blue", "green", "purple", "grey"]
        assert sum(light["count"] for light in lights) == {"vice": 3}.get(reader, 7)
        for light in lights:
            assert client.get(light["url"]).context["page"].paginator.count == light["count"], light["colour"]

    def test_a_package_is_in_the_list_and_in_no_count(self, county: County, published: Snapshot) -> None:
        client = browser(county.mayor)
        listed = client.get(reverse("project_list")).context["page"].paginator.count
        counted = sum(light["count"] for light in client.get(DASHBOARD).context["lights"])
        assert (listed, counted) == (8, 7)

    def test_the_lights_of_a_past_day(self, county: County, published: Snapshot) -> None:
        client = browser(county.mayor)
        client.post(reverse("as_of"), {"day": dt.date(2026, 6, 1)})
        for light in client.get(DASHBOARD).context["lights"]:
            assert client.get(light["url"]).context["page"].paginator.count == light["count"], light["colour"]

    def test_ones_own(self, county: County, published: Snapshot) -> None:
        client = browser(county.vice)
        context = client.get(DASHBOARD).context
        own = client.get(context["mine_url"]).context["page"]
        assert {line.project for line in own} == {line.project for line in context["page"].mine}
        assert context["mine_url"] in client.get(DASHBOARD).content.decode().replace("&amp;", "&")

    def test_the_sums_of_the_month(self, county: County, published: Snapshot) -> None:
        client = browser(county.mayor)
        answer = client.get(DASHBOARD)
        totals = answer.context["page"].totals
        found = {url: client.get(url).context["found"] for url in {item["url"] for item in answer.context["figures"]}}
        parts = {item.part: item for item in found.values()}
        planned, starts, missing = parts["planned"], parts["new_starts"], parts["missing"]
        assert (len(planned.rows), planned.plan, planned.done) == (totals.planned, totals.plan, totals.done)
        assert (planned.expected, planned.rate) == (totals.expected, totals.rate)
        assert (len(starts.rows), starts.started) == (totals.new_starts, totals.started)
        assert len(missing.rows) == totals.missing_reports
        for item in found.values():
            assert item.counts == {key: len(part.rows) for key, part in parts.items()}

    def test_who_may_not_open_the_month_does_not_find_its_rows(self, county: County, draft: Snapshot) -> None:
        url = f"{reverse('dashboard_figures')}?snapshot={draft.pk}"
        assert browser(county.mayor).get(url).status_code == 404
        assert browser(county.office_one).get(url).status_code == 200
        nothing = browser(county.mayor).get(reverse("dashboard_figures"))
        assert nothing.context["found"] is None and "尚未发布月度排名" in page_text(nothing)
        assert browser(county.office_one).get(f"{reverse('dashboard_figures')}?snapshot=x").status_code == 404


def test_the_curve_and_the_chart_have_their_tables(county: County, published: Snapshot) -> None:
    answer = browser(county.mayor).get(DASHBOARD)
    html = answer.content.decode()
    assert html.count("data-plotly") == 1, "one drawn chart; the curve is plain SVG and stands on paper too"
    assert html.count('class="curve ') == 3
    rows = answer.context["rates"]["rows"]
    assert [row[0] for row in rows][:1] and all(len(row) == 4 for row in rows)
    assert "<td>8月</td>" in html


def test_who_is_last_for_silence_says_so(county: County, published: Snapshot) -> None:
    """A score above the one before it needs a word."""
    content = json.loads(published.boards)
    group = next(group for group in content["projects"] if group["label"] == "续建")
    group["rows"][-1] |= {"silent": True, "marks": ["未报"], "score": "99"}
    with append_only.suspended():
        text = json.dumps(content)
        Snapshot.objects.filter(pk=published.pk).update(boards=text, boards_digest=digest(text))
    text = page_text(browser(county.mayor).get(DASHBOARD))
    assert re.search(r"未报 .{0,20}99\.00", text)
    assert "“未报”：连续两期未报送，不论得分排末位" in text


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


class TestScreen:
    URL = "/dashboard/screen/"

    def test_slides_with_their_day(self, county: County, published: Snapshot) -> None:
        text = page_text(browser(county.mayor).get(self.URL))
        for words in ("总体情况", "最需要关注的项目", "灯色变化", "项目榜", "数据截至2026年8月31日"):
            assert words in text
        assert "单位榜" not in text, "no unit has enough company to be ranked"

    def test_no_leaders_on_the_wall(self, county: County, published: Snapshot) -> None:
        assert "包联领导榜" not in page_text(browser(county.mayor).get(self.URL))

    def test_before_the_first_publication(self, county: County, august: Period) -> None:
        text = page_text(browser(county.mayor).get(self.URL))
        assert "尚未发布月度排名" in text and "单位榜" not in text

    def test_not_for_units(self, county: County, published: Snapshot) -> None:
        assert browser(county.transport_staff).get(self.URL).status_code == 403


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
        return [view.row["rank"] for view in found.first], [view.row["rank"] for view in found.last]

    def test_nobody_stands_at_both_ends(self) -> None:
        assert self.ends(1, 2, 3, 4) == ([1, 2, 3], [4])
        assert self.ends(1, 2, 3) == ([1, 2, 3], [])
        assert self.ends(1, 2, 3, 4, 5, 6, 7) == ([1, 2, 3], [5, 6, 7])

    def test_who_shares_a_shown_first_rank_is_not_last(self) -> None:
        assert self.ends(1, 1, 1, 1, 5) == ([1, 1, 1], [5])

    def test_the_unranked_and_empty_groups_are_left_out(self) -> None:
        assert self.ends(1, 2, 3, None) == ([1, 2, 3], [])
        assert board_ends([self.group(None, None)]) == []
