"""The project page in the browser: what each may do on it, links between a package and its children, a past day."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from projects.enums import DocumentKind
from projects.models import Milestone, Project, User
from projects.services import documents, milestones
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.files import pdf
from tests.support.reporting import APRIL_OPENS, accepted, open_at
from tests.support.web import browser, page_text, send

NOW = moment(5, 12, 10)


@pytest.fixture(autouse=True)
def _stop(freeze: Freeze) -> None:
    freeze(NOW)


@pytest.fixture
def node(county: County) -> Milestone:
    """A key node of the road that moved twice."""
    row = county.road.milestones.get(title="大桥下部结构完成")
    for day, reason in ((dt.date(2026, 7, 31), "征地滞后"), (dt.date(2026, 8, 31), "汛期停工")):
        row.refresh_from_db()
        milestones.move(
            milestone=row,
            new_due=day,
            reason=reason,
            document_no="青府专纪〔2026〕5号",
            actor=county.office_one,
            at=moment(5, 10),
        )
    return row


def url_of(project: Project) -> str:
    return reverse("project", args=[project.pk])


def offered(user: User, project: Project) -> set[str]:
    """The names of the acts that the page offers this person."""
    html = browser(user).get(url_of(project)).content.decode()
    return {part for part in re.findall(rf'href="/projects/{project.pk}/([a-z]+)/', html) if part != "documents"} | (
        {"documents"} if "documents/new/" in html else set()
    )


def test_each_is_offered_what_he_may_do(county: County) -> None:
    assert offered(county.mayor, county.road) == set()
    assert offered(county.chengguan_staff, county.road) == set(), "a cooperating unit reads"
    assert offered(county.transport_staff, county.road) == {"plan", "milestones", "documents"}
    assert offered(county.owner, county.factory) == {"plan", "milestones"}
    assert offered(county.supervisor, county.road) == {"override", "documents"}
    office = {"edit", "people", "stage", "completion", "list", "plan", "milestones", "override", "documents"}
    assert offered(county.office_one, county.road) == office
    assert offered(county.bureau, county.road) == office - {"override"} | {"inclusion"}


def test_a_past_day_offers_nothing_and_shows_that_day(county: County, node: Milestone) -> None:
    documents.add(
        project=county.road,
        kind=DocumentKind.PERMIT,
        data=pdf(),
        filename="施工许可证.pdf",
        actor=county.office_one,
        at=moment(5, 10),
    )
    client = browser(county.office_one)
    today = client.get(url_of(county.road)).content.decode()
    assert "施工许可证" in today
    assert "<del>2026年6月30日</del>" in today
    assert send(client, reverse("as_of"), day="2026-05-06").status_code == 302
    then = client.get(url_of(county.road)).content.decode()
    assert "施工许可证" not in then
    assert "<del>" not in then
    assert 'method="post" action="/projects' not in then
    assert "/projects/1/edit/" not in then.replace(f"/projects/{county.road.pk}/", "/projects/1/")


def test_every_move_of_a_date_stays_in_sight(county: County, node: Milestone) -> None:
    answer = browser(county.mayor).get(url_of(county.road))
    text = page_text(answer)
    assert "时限共变更2次" in text
    assert (
        "第1次变更：2026年6月30日改为2026年7月31日，征地滞后（卢嘉树变更，2026年5月10日，青府专纪〔2026〕5号）" in text
    )
    assert "第2次变更：2026年7月31日改为2026年8月31日，汛期停工" in text


def test_a_package_and_its_child_lead_to_each_other(county: County) -> None:
    client = browser(county.mayor)
    parent, child = client.get(url_of(county.solar)), client.get(url_of(county.solar_school))
    assert f'href="{url_of(county.solar_school)}"' in parent.content.decode()
    assert f'href="{url_of(county.solar)}"' in child.content.decode()
    assert "子项目年度计划合计 3,200 万元" in page_text(parent)
    assert 'id="plans"' not in parent.content.decode(), "a package has no plan of its own"


def test_the_curve_and_its_table_say_the_same(county: County) -> None:
    open_at(APRIL_OPENS)
    accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=moment(5, 4))
    text = page_text(browser(county.mayor).get(url_of(county.road)))
    assert "应完成4,097万元" in text
    assert "已完成4,000万元" in text
    assert re.search(r"4月 4,000 4,000 0 5月 5,000 4,000 -1,000 6月 6,000 —", text)


def test_the_form_for_paper_is_on_the_page_once(county: County) -> None:
    html = browser(county.mayor).get(url_of(county.road)).content.decode()
    assert html.count('class="sheet"') == 1
    assert "重点项目情况表" in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
