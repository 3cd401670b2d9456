"""Reading the rankings in the browser."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import Period
from projects.selectors.people import access_of
from projects.services.policy import set_value
from supervision.enums import Series
from supervision.models import Snapshot
from supervision.selectors.explanation import evidence, explanation, late_reports
from supervision.selectors.standings import standings
from supervision.services import snapshots
from tests.supervision.views.conftest import LOCKED
from tests.support.county import County, double, moment
from tests.support.web import browser, cells, export, page_text, queries

RANKINGS = "/rankings/"
EXPLAIN_QUERIES = 8


def board_url(board: str, **more: object) -> str:
    return f"{RANKINGS}?board={board}" + "".join(f"&{name}={value}" for name, value in more.items())


def explain_url(snapshot: Snapshot, board: str, subject: int) -> str:
    return reverse("ranking_explain", args=[snapshot.pk, board, subject])


@pytest.fixture
def weekly(county: County, august: Period) -> Snapshot:
    """The order of the first September week, drafted: it stands on August's figures."""
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
    return snapshots.take(series=Series.WEEKLY, period=week, actor=county.office_one, at=LOCKED)


class TestBoard:
    def test_the_newest_published_month_opens_with_its_official_sentence(
        self, county: County, published: Snapshot
    ) -> None:
        text = page_text(browser(county.transport_staff).get(RANKINGS))
        assert "2026年8月重点项目月度排名" in text
        assert "占年度计划的" in text and "序时进度66.7%" in text
        assert "2026年9月9日发布（第1版）" in text
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
        assert (groups["续建"].ranked, groups["续建"].footnotes) == (3, [])
        assert groups["竣工投产"].ranked == 0
        assert groups["竣工投产"].footnotes[0] == "同类参加排名的不足3个，只列得分和数据，不排名次。"
        assert "只列不排" in page_text(answer)

    def test_footnotes_say_what_is_to_be_known_of_the_group(self, county: County, published: Snapshot) -> None:
        """A board of four: two share the first place, one is silent, one waits for verification."""
        content = json.loads(published.boards)
        group = next(item for item in content["projects"] if item["group"] == "carry_over")
        first, second, third = group["rows"]
        fourth = third | {"id": 99, "rank": None, "status": "unverified", "marks": ["核"], "notes": ["数字待核实"]}
        second |= {"rank": 1, "marks": ["客"]}
        third |= {"silent": True, "marks": ["未报", "滞"]}
        group["rows"] = [first, second, third, fourth]
        published.boards = json.dumps(content)
        page = standings(published, "projects", access_of(county.mayor, LOCKED.date()))
        found = next(item for item in page.groups if item.group == "carry_over")
        assert found.footnotes == [
            "并列：第1名2个，其后的名次空出。",
            "连续两期未报送的排末位，不论得分。",
            "1个未参加排名，原因见名称下方。",
            "“未报”1个：有应报未报的报告期，按上次通过的数据计算。",
            "“滞”1个：数据滞后，按最近一次通过的数据计算。",
            "“核”1个：数字待核实，或已按核实后较低的数计算。",
            "“客”1个：客观原因已认定并在生效期内。",
        ]

    def test_the_contents_lead_to_every_group(self, county: County, published: Snapshot) -> None:
        answer = browser(county.mayor).get(RANKINGS)
        html = answer.content.decode()
        for group in answer.context["page"].groups:
            assert f'href="#group-{group.group}"' in html and f'id="group-{group.group}"' in html

    def test_each_part_of_a_score_is_a_bar_with_its_number(self, county: County, published: Snapshot) -> None:
        answer = browser(county.mayor).get(RANKINGS)
        plant = next(
            view for group in answer.context["page"].groups for view in group.rows if view.row["id"] == county.plant.pk
        )
        assert [(part.label, part.possible) for part in plant.parts] == [
            ("投资", 50),
            ("节点", 25),
            ("入统", 10),
            ("管理", 15),
        ]
        assert round(plant.parts[0].earned, 2) == Decimal("31.38"), "4100 of 6533.33, of 50 points"
        assert 'width="62.76%"' in answer.content.decode()

    def test_the_export_holds_the_rows_of_the_page_in_its_order(self, county: County, published: Snapshot) -> None:
        client = browser(county.mayor)
        for board, name in (("projects", 5), ("units", 4), ("leaders", 4)):
            url = board_url(board, snapshot=published.pk)
            page = client.get(url).context["page"]
            answer = export(client, reverse("ranking_export"), snapshot=published.pk, board=board)
            rows = cells(b"".join(answer.streaming_content))
            shown = [(group.label, view.row["rank"], view.row["name"]) for group in page.groups for view in group.rows]
            assert [(row[0], row[1], row[name]) for row in rows[3:]] == shown
        assert rows[0][0] == "2026年8月重点项目月度排名（包联领导榜）"
        assert "数据日期：2026-08-31　单位：万元　条件：第1版，已发布" in rows[1][0]

    def test_the_leaders_board_is_not_exported_to_others(self, county: County, published: Snapshot) -> None:
        answer = export(browser(county.vice), reverse("ranking_export"), board="leaders", snapshot=published.pk)
        assert "（项目榜）" in cells(b"".join(answer.streaming_content))[0][0]

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

    def test_a_unit_that_only_cooperates_is_told_apart(self, county: County, published: Snapshot) -> None:
        content = json.loads(published.boards)
        row = next(row for group in content["units"] for row in group["rows"] if row["id"] == county.park.pk)
        row |= {"projects": 0, "status": "ranked", "notes": ["没有现场办公记录。"]}
        published.boards = json.dumps(content)
        page = standings(published, "units", access_of(county.mayor, LOCKED.date()))
        (found,) = (view for group in page.groups for view in group.rows if view.row["id"] == county.park.pk)
        assert found.reasons == "没有现场办公记录；只有配合（协助）的项目，数字只列牵头的"

    def test_change_of_rank_against_the_month_before(self, county: County, september: Snapshot) -> None:
        page = browser(county.mayor).get(RANKINGS).context["page"]
        changes = {view.row["name"]: view.change_text for group in page.groups for view in group.rows}
        assert changes[county.road.name] == "↑1"
        assert changes[county.plant.name] == "↑1"
        assert changes[county.factory.name] == "↓2"

    def test_who_has_no_rank_reads_why(self, county: County, weekly: Snapshot) -> None:
        page = browser(county.office_one).get(board_url("projects", snapshot=weekly.pk)).context["page"]
        unranked = [view for group in page.groups for view in group.rows if view.row["rank"] is None]
        assert unranked and all(view.reasons for view in unranked)
        assert not page.has_lists, "the weekly order names nobody red or black"

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
    def test_parts_moves_versions_and_evidence(self, county: County, published: Snapshot) -> None:
        answer = browser(county.mayor).get(explain_url(published, "projects", county.plant.pk))
        text = page_text(answer)
        for words in ("得分依据", "投资进度", "怎样能前进", published.rule_version, published.policy_version):
            assert words in text
        # 9800 for the year, end of August: 6533.33 planned, 4100 done.
        assert "可做：再完成2433.33万元可得满分。" in text
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
        assert second.context["found"].gap == Decimal("4.46"), "80.71 against 76.25"
        assert f"与前一名“{county.factory.name}”相差4.46分" in page_text(second)
        for other in (county.factory, county.library):
            assert client.get(explain_url(published, "projects", other.pk)).context["found"].gap is None

    def test_who_is_last_for_silence_is_not_told_a_distance(self, county: County, published: Snapshot) -> None:
        opened = explanation(published, "projects", county.plant.pk)
        assert opened is not None and opened.gap is not None
        silent = replace(opened, row=opened.row | {"silent": True})
        assert silent.gap is None, "the score does not decide the place"

    def test_what_would_move_the_row(self, county: County, published: Snapshot) -> None:
        """The plant has 56.38: 31.38 of 50 for 4100 of 6533.33, nothing of 25 for its one overdue node, and 25. The
        others have 80.71 and 76.25. A node done late earns 0.8 of its points; the whole investment earns 50."""
        answer = browser(county.mayor).get(explain_url(published, "projects", county.plant.pk))
        assert answer.context["row"]["score"] == "56.38"
        found = [(move.text, move.score, move.gain, move.rank, move.places) for move in answer.context["moves"]]
        assert found == [
            ("完成节点“生化池封顶”", Decimal("76.38"), Decimal(20), 2, 1),
            ("再完成投资2433.33万元，达到应完成", Decimal(75), Decimal("18.62"), 3, 0),
        ]
        text = page_text(answer)
        assert "前进1位 ，第2名" in text and "仍为第3名" in text

    def test_what_the_rules_no_longer_give_promises_nothing(self, county: County, draft: Snapshot) -> None:
        changed = draft.boards.replace('"56.38"', '"57.38"')
        assert changed != draft.boards
        Snapshot.objects.filter(pk=draft.pk).update(boards=changed)
        text = page_text(browser(county.office_one).get(explain_url(draft, "projects", county.plant.pk)))
        assert "规则已修订，按现行规则得不出本期的名次，不再测算" in text

    def test_a_unit_is_moved_by_its_projects(self, county: County, published: Snapshot) -> None:
        answer = browser(county.mayor).get(explain_url(published, "units", county.park.pk))
        assert answer.context["moves"][0].text.startswith(f"“{county.factory.name}”再完成投资1800万元")

    def test_late_reports_are_told_by_kind_and_month(self, county: County, published: Snapshot) -> None:
        opened = explanation(published, "projects", county.plant.pk)
        assert opened is not None
        part = opened.row["parts"][-1]
        late = [{"kind": "report", "id": key, "text": f"{key}迟报"} for key in ("2026-W34", "2026-07", "2026-08")]
        told = replace(opened, row=opened.row | {"parts": [part | {"evidence": late}]})
        office, unit = (access_of(user, LOCKED.date()) for user in (county.office_one, county.park_staff))
        months, weeks = late_reports(told, office)
        assert (months.kind, [row.target for row in months.rows]) == ("月报", ["2026-08", "2026-07"])
        assert (weeks.kind, weeks.rows[0].page) == ("周报", "period")
        assert late_reports(told, unit)[0].rows[0].page == "", "only the offices see the periods' board"
        assert evidence(told, unit) == []

    def test_as_many_questions_with_twice_the_projects(self, county: County, published: Snapshot) -> None:
        client = browser(county.mayor)
        before = queries(client, explain_url(published, "projects", county.plant.pk))
        double(county)
        snapshots.supersede(snapshot_id=published.pk, reason="补列", actor=county.bureau, at=LOCKED)
        again = Snapshot.objects.get(number=2)
        snapshots.publish(snapshot_id=again.pk, version=again.version, actor=county.bureau, at=LOCKED)
        assert queries(client, explain_url(again, "projects", county.plant.pk)) == before == EXPLAIN_QUERIES

    def test_what_is_not_on_the_board_does_not_exist(self, county: County, published: Snapshot) -> None:
        client = browser(county.mayor)
        for board, subject in (("projects", 99999), ("units", 99999), ("nothing", county.road.pk)):
            assert client.get(explain_url(published, board, subject)).status_code == 404


class TestWeek:
    def test_the_export_tells_the_ratio_and_no_score(self, county: County, weekly: Snapshot) -> None:
        client = browser(county.office_one)
        page = client.get(board_url("projects", snapshot=weekly.pk)).context["page"]
        rows = cells(export(client, reverse("ranking_export"), board="projects", snapshot=weekly.pk).getvalue())
        assert rows[0][0] == "2026年第36周重点项目一周一排序（项目榜）"
        assert "进度比（%）" in rows[2] and "得分" not in rows[2]
        shown = [view.row for group in page.groups for view in group.rows]
        expected = [None if row["ratio"] is None else round(Decimal(row["ratio"]) * 100, 2) for row in shown]
        assert [None if row[9] is None else Decimal(str(row[9])) for row in rows[3:]] == expected

    def test_a_row_rests_on_its_figure_and_moves_by_it_alone(self, county: County, weekly: Snapshot) -> None:
        answer = browser(county.office_one).get(explain_url(weekly, "projects", county.plant.pk))
        assert [row.text for row in answer.context["evidence"]] == ["2026年8月报告：累计4100万元"]
        (move,) = answer.context["moves"]
        assert (move.score, move.gain, move.ratio) == (None, None, Decimal(1))
        text = page_text(answer)
        assert "不计分" in text and "进度比变为" in text and "得分变为" not in text
