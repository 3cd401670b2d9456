"""Reading the rankings in the browser."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import Period
from projects.services.policy import set_value
from supervision.enums import Series
from supervision.models import Snapshot
from supervision.services import snapshots
from tests.conftest import Freeze
from tests.supervision.office import open_month, review, submit
from tests.supervision.views.conftest import DONE, LOCKED
from tests.support.county import County, double, moment
from tests.support.web import browser, page_text, queries

RANKINGS = "/rankings/"


def board_url(board: str, **more: object) -> str:
    return f"{RANKINGS}?board={board}" + "".join(f"&{name}={value}" for name, value in more.items())


def explain_url(snapshot: Snapshot, board: str, subject: int) -> str:
    return reverse("ranking_explain", args=[snapshot.pk, board, subject])


@pytest.fixture
def september(county: County, published: Snapshot, freeze: Freeze) -> Snapshot:
    """The month after, published too: road and plant have overtaken the factory."""
    period = open_month("2026-09", moment(10, 8, 18), *(getattr(county, name) for name in DONE))
    for name, done in (DONE | {"plant": 7300}).items():
        revision = submit(period, getattr(county, name), done, county.park_staff, moment(10, 6))
        review(revision, county.office_one, moment(10, 7))
    at = freeze(moment(10, 14, 18, 30))
    made = snapshots.take(series=Series.MONTHLY, period=period, actor=county.office_one, at=at)
    return snapshots.publish(snapshot_id=made.pk, version=made.version, actor=county.bureau, at=at)


class TestBoard:
    def test_the_newest_published_month_opens_with_its_official_sentence(
        self, county: County, published: Snapshot
    ) -> None:
        text = page_text(browser(county.transport_staff).get(RANKINGS))
        assert "2026年8月重点项目月度排名" in text
        assert "占年度计划的" in text and "序时进度66.7%" in text
        assert "已发布" in text
        assert county.road.name in text

    def test_nothing_published_is_said(self, county: County, august: Period) -> None:
        assert "还没有发布的排名" in page_text(browser(county.mayor).get(RANKINGS))

    def test_a_draft_is_for_those_who_make_it(self, county: County, draft: Snapshot) -> None:
        url = board_url("projects", snapshot=draft.pk)
        assert "草稿，未发布" in page_text(browser(county.office_one).get(url))
        assert browser(county.supervisor).get(url).status_code == 404
        assert browser(county.transport_staff).get(url).status_code == 404
        assert "还没有发布的排名" in page_text(browser(county.transport_staff).get(RANKINGS))

    @pytest.mark.parametrize("asked", ["99999", "x", "-1"])
    def test_an_unknown_snapshot_does_not_exist(self, county: County, published: Snapshot, asked: str) -> None:
        assert browser(county.mayor).get(board_url("projects", snapshot=asked)).status_code == 404

    def test_a_group_too_small_is_listed_without_ranks(self, county: County, published: Snapshot) -> None:
        answer = browser(county.mayor).get(RANKINGS)
        groups = {group.label: group for group in answer.context["page"].groups}
        assert groups["续建"].is_ranked and groups["续建"].ranked == 3
        assert not groups["竣工投产"].is_ranked
        assert "同类不足最低个数的，列出得分和数据，不排名次" in page_text(answer)

    def test_marks_are_explained(self, county: County, published: Snapshot) -> None:
        text = page_text(browser(county.mayor).get(RANKINGS))
        for sign in ("未报", "滞", "核", "客"):
            assert sign in text

    def test_honour_and_black_lists_are_for_offices_and_the_head(self, county: County, published: Snapshot) -> None:
        shown = {
            user.username: "红榜与黑榜建议名单" in page_text(browser(user).get(RANKINGS))
            for user in (county.mayor, county.supervisor, county.vice, county.transport_head)
        }
        assert shown == {
            county.mayor.username: True,
            county.supervisor.username: True,
            county.vice.username: False,
            county.transport_head.username: False,
        }

    def test_units_show_their_figures(self, county: County, published: Snapshot) -> None:
        answer = browser(county.mayor).get(board_url("units"))
        assert "应开工" in page_text(answer)
        own = browser(county.park_staff).get(board_url("units")).context["page"]
        marked = [view.row["name"] for group in own.groups for view in group.rows if view.is_own]
        assert marked == ["经开区"]

    def test_offices_without_projects_are_left_out(self, county: County, published: Snapshot) -> None:
        page = browser(county.mayor).get(board_url("units")).context["page"]
        assert county.office.label not in [view.row["name"] for group in page.groups for view in group.rows]

    def test_change_of_rank_against_the_month_before(self, county: County, september: Snapshot) -> None:
        page = browser(county.mayor).get(RANKINGS).context["page"]
        changes = {view.row["name"]: view.change_text for group in page.groups for view in group.rows}
        assert changes[county.road.name] == "↑1"
        assert changes[county.plant.name] == "↑1"
        assert changes[county.factory.name] == "↓2"

    def test_who_has_no_rank_reads_why(self, county: County, august: Period) -> None:
        week = Period.objects.create(
            kind="week",
            key="2026-W36",
            year=2026,
            starts_on=dt.date(2026, 8, 31),
            cutoff=dt.date(2026, 9, 6),
            due_at=moment(9, 7, 12),
            lock_at=moment(9, 8, 12),
            opened_at=moment(9, 4),
        )
        made = snapshots.take(series=Series.WEEKLY, period=week, actor=county.office_one, at=LOCKED)
        page = browser(county.office_one).get(board_url("projects", snapshot=made.pk)).context["page"]
        unranked = [view for group in page.groups for view in group.rows if view.row["rank"] is None]
        assert unranked and all(view.reasons for view in unranked)

    def test_a_superseded_month_says_why(self, county: County, published: Snapshot) -> None:
        snapshots.supersede(snapshot_id=published.pk, reason="国道项目重复计算", actor=county.bureau, at=LOCKED)
        text = page_text(browser(county.transport_staff).get(board_url("projects", snapshot=published.pk)))
        assert "本版已被更正，仅供查证。更正原因：国道项目重复计算" in text

    def test_as_many_questions_with_twice_the_projects(self, county: County, published: Snapshot) -> None:
        client = browser(county.mayor)
        before = queries(client, RANKINGS)
        double(county)
        snapshots.supersede(snapshot_id=published.pk, reason="补列", actor=county.bureau, at=LOCKED)
        again = Snapshot.objects.get(number=2)
        snapshots.publish(snapshot_id=again.pk, version=again.version, actor=county.bureau, at=LOCKED)
        assert queries(client, RANKINGS) == before == 7


class TestLeaderBoard:
    def test_by_default_main_leaders_and_offices_only(self, county: County, published: Snapshot) -> None:
        allowed = {
            user.username: browser(user)
            .get(reverse("ranking_explain", args=[published.pk, "leaders", county.executive.pk]))
            .status_code
            for user in (county.mayor, county.supervisor, county.vice, county.transport_head)
        }
        assert allowed == {
            county.mayor.username: 200,
            county.supervisor.username: 200,
            county.vice.username: 404,
            county.transport_head.username: 404,
        }

    def test_asking_for_it_without_the_right_shows_the_projects(self, county: County, published: Snapshot) -> None:
        answer = browser(county.vice).get(board_url("leaders"))
        assert answer.context["board"] == "projects"
        assert "包联领导榜" not in page_text(answer)

    def test_the_county_may_open_it(self, county: County, published: Snapshot) -> None:
        set_value(
            key="leader_board",
            value="leaders",
            effective_on=LOCKED.date(),
            reason="县政府常务会议第9次会议",
            actor=county.bureau,
            at=LOCKED,
        )
        assert browser(county.vice).get(board_url("leaders")).context["board"] == "leaders"
        assert browser(county.transport_head).get(board_url("leaders")).context["board"] == "projects"


class TestExplanation:
    def test_parts_levers_versions_and_evidence(self, county: County, published: Snapshot) -> None:
        answer = browser(county.mayor).get(explain_url(published, "projects", county.plant.pk))
        text = page_text(answer)
        for words in ("得分构成", "投资进度", "怎样提高名次", published.rule_version, published.policy_version):
            assert words in text
        # 9800 for the year, end of August: 6533.33 planned, 4100 done.
        assert "再完成2433.33万元可得满分" in text
        revision = county.plant.expected.get(period=published.period).report
        assert reverse("report", args=[revision.pk]) in answer.content.decode()

    def test_records_of_other_units_are_named_but_not_linked(self, county: County, published: Snapshot) -> None:
        answer = browser(county.housing_staff).get(explain_url(published, "projects", county.road.pk))
        assert answer.status_code == 200, "published rankings are public among the units"
        pages = {row.page for row in answer.context["evidence"]}
        assert pages <= {""}

    def test_a_unit_leads_to_its_projects(self, county: County, published: Snapshot) -> None:
        answer = browser(county.mayor).get(explain_url(published, "units", county.park.pk))
        assert {row.page for row in answer.context["evidence"]} == {"explain"}
        names = [row.text for row in answer.context["evidence"]]
        assert len(names) == len(set(names)), "a project behind two parts is named once"
        assert explain_url(published, "projects", county.factory.pk) in answer.content.decode()

    def test_distance_to_the_next_place(self, county: County, published: Snapshot) -> None:
        client = browser(county.mayor)
        second = client.get(explain_url(published, "projects", county.road.pk))
        assert second.context["gap"] == Decimal("4.46"), "80.71 against 76.25"
        first = client.get(explain_url(published, "projects", county.factory.pk))
        assert first.context["gap"] is None
        unranked = client.get(explain_url(published, "projects", county.library.pk))
        assert unranked.context["gap"] is None

    def test_what_is_not_on_the_board_does_not_exist(self, county: County, published: Snapshot) -> None:
        client = browser(county.mayor)
        for board, subject in (("projects", 99999), ("units", 99999), ("nothing", county.road.pk)):
            assert client.get(explain_url(published, board, subject)).status_code == 404


class TestHistory:
    def test_ranks_of_one_project_newest_first(self, county: County, september: Snapshot) -> None:
        answer = browser(county.mayor).get(reverse("ranking_history", args=["projects", county.plant.pk]))
        assert [row.snapshot.period.key for row in answer.context["rows"]] == ["2026-09", "2026-08"]
        assert [row.rank for row in answer.context["rows"]] == [2, 3]
        assert "rank-trend" in answer.content.decode()

    def test_two_months_side_by_side(self, county: County, september: Snapshot) -> None:
        answer = browser(county.mayor).get(reverse("ranking_history", args=["projects"]))
        changes = {change.name: (change.rank_before, change.rank_now) for change in answer.context["changes"]}
        assert changes[county.plant.name] == (3, 2)

    def test_one_month_cannot_be_compared(self, county: County, published: Snapshot) -> None:
        assert "还不能对比" in page_text(browser(county.mayor).get(reverse("ranking_history", args=["units"])))

    def test_a_past_day_knows_no_later_month(self, county: County, september: Snapshot) -> None:
        client = browser(county.mayor)
        client.post(reverse("as_of"), {"day": dt.date(2026, 9, 20)})
        answer = client.get(RANKINGS)
        assert answer.context["snapshot"].period.key == "2026-08"
        assert client.get(board_url("projects", snapshot=september.pk)).status_code == 404
