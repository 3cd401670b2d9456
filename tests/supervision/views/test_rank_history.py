"""Rankings over time: one subject's places, two periods side by side, and what stood there on a past day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Period
from projects.services.policy import set_value
from supervision.enums import Series
from supervision.models import Snapshot
from supervision.rules.ordering import changes
from supervision.selectors.rank_history import draw_ranks, draw_scores, history
from supervision.services import snapshots
from tests.conftest import Freeze
from tests.supervision.views.conftest import LOCKED
from tests.support.county import County, double, moment
from tests.support.web import browser, cells, export, page_text, queries

RANKINGS = "/rankings/"
HISTORY_QUERIES = 7
COMPARE_QUERIES = 7
OCTOBER = moment(10, 14, 18, 30)


def history_url(subject: int, board: str = "projects") -> str:
    return reverse("ranking_history", args=[board, subject])


def compare_url(board: str = "projects", **asked: object) -> str:
    return reverse("ranking_compare", args=[board]) + "?" + "&".join(f"{name}={value}" for name, value in asked.items())


def at(client: Client, day: dt.date) -> Client:
    """The same browser, looking at a past day."""
    client.post(reverse("as_of"), {"day": day})
    return client


class TestHistory:
    def test_ranks_of_one_project_newest_first(self, county: County, september: Snapshot) -> None:
        answer = browser(county.mayor).get(history_url(county.plant.pk))
        entries = answer.context["entries"]
        assert [entry.snapshot.period.key for entry in entries] == ["2026-09", "2026-08"]
        assert [(entry.row.rank, entry.ranked) for entry in entries] == [(2, 3), (3, 3)]
        assert [entry.group_title for entry in entries] == ["续建", "续建"]
        assert [entry.change_text for entry in entries] == ["↑1", "新"]

    def test_the_line_has_the_first_place_on_top_and_the_last_place_as_its_floor(
        self, county: County, september: Snapshot
    ) -> None:
        entries = history("projects", county.plant.pk, Series.MONTHLY, dt.date(2026, 10, 14))
        wide, narrow = draw_ranks(entries, beside=True)
        assert [mark.text for mark in wide.marks] == ["3", "2"]
        assert wide.marks[1].y < wide.marks[0].y, "from the third to the second place is up"
        assert wide.marks[0].y == float(wide.floor[0].split(",")[-1]), "the third of three is the last"
        assert [tick.text for tick in wide.ticks] == ["第1名", "第2名", "第3名"]
        assert [(tick.text, tick.below) for tick in wide.periods] == [("8月", "2026年"), ("9月", "")]
        assert (wide.width, narrow.width) == (560, 340)
        scores, _ = draw_scores(entries)
        assert [mark.text for mark in scores.marks] == ["56.4", f"{entries[1].row.score:.1f}"]

    def test_the_line_breaks_where_there_was_no_rank(self, county: County, september: Snapshot) -> None:
        entries = history("projects", county.plant.pk, Series.MONTHLY, dt.date(2026, 10, 14))
        entries[1].row.rank = None
        wide, _ = draw_ranks(entries, beside=False)
        assert wide.lines == () and len(wide.marks) == 1

    def test_the_line_breaks_where_the_group_changed(self, county: County, september: Snapshot) -> None:
        entries = history("projects", county.plant.pk, Series.MONTHLY, dt.date(2026, 10, 14))
        entries[1].row.group = "completion"
        assert draw_ranks(entries, beside=True)[0].lines == ()

    def test_who_was_never_ranked_has_a_table_and_no_line(self, county: County, september: Snapshot) -> None:
        answer = browser(county.mayor).get(history_url(county.library.pk))
        assert answer.context["ranks"] == []
        assert "各期均未排名" in page_text(answer)
        assert "不排名" in page_text(answer)

    def test_a_unit_has_its_history_too(self, county: County, september: Snapshot) -> None:
        answer = browser(county.park_staff).get(history_url(county.park.pk, "units"))
        assert len(answer.context["entries"]) == 2 and answer.context["tabs"] == []

    def test_the_leaders_history_follows_the_countys_setting(self, county: County, september: Snapshot) -> None:
        url = history_url(county.executive.pk, "leaders")
        assert browser(county.mayor).get(url).status_code == 200
        assert browser(county.vice).get(url).status_code == 404

    def test_who_was_never_listed_does_not_exist(self, county: County, september: Snapshot) -> None:
        for url in (history_url(99999), reverse("ranking_history", args=["nothing", county.road.pk])):
            assert browser(county.mayor).get(url).status_code == 404

    def test_the_export_holds_the_table(self, county: County, september: Snapshot) -> None:
        answer = browser(county.mayor).post(f"{history_url(county.plant.pk)}export/")
        rows = cells(b"".join(answer.streaming_content))
        assert rows[0][0] == f"{county.plant.name}历次名次"
        assert [row[:5] for row in rows[3:]] == [["2026年9月", "续建", 2, 3, "↑1"], ["2026年8月", "续建", 3, 3, "新"]]

    def test_as_many_questions_with_more_months(self, county: County, september: Snapshot) -> None:
        client = browser(county.mayor)
        now = queries(client, history_url(county.plant.pk))
        before = queries(at(client, dt.date(2026, 9, 20)), history_url(county.plant.pk))
        assert now == before == HISTORY_QUERIES


class TestComparison:
    def test_the_two_newest_months_side_by_side(self, county: County, september: Snapshot) -> None:
        page = browser(county.mayor).get(compare_url()).context["page"]
        group = next(group for group in page.groups if group.label == "续建")
        found = {
            change.name: (change.before.rank, change.now.rank, change.change_text, change.gain) for change in group.rows
        }
        assert found[county.plant.name][:3] == (3, 2, "↑1")
        assert found[county.factory.name][:3] == (1, 3, "↓2")
        plant = next(change for change in group.rows if change.name == county.plant.name)
        assert plant.before.figure == Decimal("56.38")
        assert plant.gain == plant.now.figure - plant.before.figure
        assert page.counts == {"up": 2, "down": 1, "level": 0, "entered": 0, "left": 0}

    def test_the_order_of_the_choice_does_not_matter(
        self, county: County, published: Snapshot, september: Snapshot
    ) -> None:
        client = browser(county.mayor)
        for before, now in ((published, september), (september, published)):
            page = client.get(compare_url(before=before.pk, now=now.pk)).context["page"]
            assert (page.before.pk, page.now.pk) == (published.pk, september.pk)

    def test_the_same_month_twice_is_no_comparison(self, county: County, september: Snapshot) -> None:
        text = page_text(browser(county.mayor).get(compare_url(before=september.pk, now=september.pk)))
        assert "前期和后期是同一期" in text

    def test_who_came_and_who_left_say_from_where_and_where_to(
        self, county: County, published: Snapshot, september: Snapshot
    ) -> None:
        """The road is completed in between; the group of three is then too small to be ranked."""
        county.road.entries.update(annual_class="completion")
        at_once = OCTOBER + dt.timedelta(hours=1)
        snapshots.supersede(snapshot_id=september.pk, reason="国道已竣工", actor=county.bureau, at=at_once)
        again = Snapshot.objects.get(period=september.period, number=2)
        snapshots.publish(snapshot_id=again.pk, version=again.version, actor=county.bureau, at=at_once)
        answer = browser(county.mayor).get(compare_url())
        group = next(group for group in answer.context["page"].groups if group.label == "续建")
        told = {change.name: change.now.told for change in group.left}
        assert told[county.plant.name] == "续建，同类不足，不排名"
        assert told[county.road.name] == "竣工投产，同类不足，不排名"
        assert answer.context["page"].counts["left"] == 3
        assert "原第" in page_text(answer)

    def test_like_for_like_leaves_out_who_came_or_went(self) -> None:
        moved = changes({1: 1, 2: 2, 3: 3, 4: 4}, {2: 1, 4: 2, 5: 3, 3: 4})
        assert moved == {2: (1, 0), 4: (2, 1), 3: (-1, -1)}

    def test_one_month_cannot_be_compared(self, county: County, published: Snapshot) -> None:
        assert "还不能对比" in page_text(browser(county.mayor).get(compare_url("units")))

    def test_drafts_and_corrected_months_are_not_offered(
        self, county: County, published: Snapshot, september: Snapshot
    ) -> None:
        snapshots.supersede(snapshot_id=september.pk, reason="数据有误", actor=county.bureau, at=OCTOBER)
        answer = browser(county.office_one).get(compare_url(now=september.pk))
        assert [row.pk for row in answer.context["choices"]] == [published.pk]

    def test_the_leaders_comparison_follows_the_countys_setting(self, county: County, september: Snapshot) -> None:
        assert browser(county.vice).get(compare_url("leaders")).status_code == 404
        assert "包联领导榜" not in page_text(browser(county.vice).get(compare_url()))
        set_value(
            key="leader_board",
            value="leaders",
            effective_on=LOCKED.date(),
            reason="县政府常务会议第9次会议",
            actor=county.bureau,
            at=LOCKED,
        )
        assert browser(county.vice).get(compare_url("leaders")).status_code == 200

    def test_the_export_holds_what_is_compared(self, county: County, september: Snapshot) -> None:
        client = browser(county.mayor)
        page = client.get(compare_url()).context["page"]
        rows = cells(export(client, reverse("ranking_compare_export", args=["projects"])).getvalue())
        shown = [
            (group.label, change.name, change.change_text)
            for group in page.groups
            for change in (*group.rows, *group.entered, *group.left)
        ]
        assert [(row[0], row[2], row[5]) for row in rows[3:]] == shown
        assert rows[0][0] == "项目榜2026年8月与2026年9月对比"

    def test_two_weeks_compare_their_ratios(self, county: County, august: Period, freeze: Freeze) -> None:
        """Both weeks stand on August's figures; with a week more to go, the same amount is a smaller share."""
        for number, ends in ((36, 6), (37, 13)):
            friday = freeze(moment(9, ends - 2, 20))
            week = Period.objects.create(
                kind="week",
                key=f"2026-W{number}",
                year=2026,
                starts_on=dt.date(2026, 9, ends) - dt.timedelta(days=6),
                cutoff=dt.date(2026, 9, ends),
                due_at=friday - dt.timedelta(days=1),
                lock_at=friday - dt.timedelta(hours=1),
                opened_at=friday - dt.timedelta(days=3),
            )
            made = snapshots.take(series=Series.WEEKLY, period=week, actor=county.office_one, at=friday)
            snapshots.publish(snapshot_id=made.pk, version=made.version, actor=county.bureau, at=friday)
        answer = browser(county.mayor).get(compare_url(series="weekly"))
        page = answer.context["page"]
        (plant,) = (change for group in page.groups for change in group.rows if change.subject_id == county.plant.pk)
        assert plant.before.figure > plant.now.figure > 50, "in percent"
        assert plant.gain == plant.now.figure - plant.before.figure
        assert f"{plant.now.figure:.1f}%" in page_text(answer) and "百分点" in page_text(answer)

    def test_as_many_questions_with_twice_the_projects(self, county: County, september: Snapshot) -> None:
        client = browser(county.mayor)
        before = queries(client, compare_url())
        double(county)
        snapshots.supersede(snapshot_id=september.pk, reason="补列", actor=county.bureau, at=OCTOBER)
        again = Snapshot.objects.get(period=september.period, number=2)
        snapshots.publish(snapshot_id=again.pk, version=again.version, actor=county.bureau, at=OCTOBER)
        assert queries(client, compare_url()) == before == COMPARE_QUERIES


class TestAsOf:
    def test_a_past_day_knows_no_later_month(self, county: County, september: Snapshot) -> None:
        client = at(browser(county.mayor), dt.date(2026, 9, 20))
        assert client.get(RANKINGS).context["snapshot"].period.key == "2026-08"
        assert client.get(f"{RANKINGS}?snapshot={september.pk}").status_code == 404
        assert [entry.snapshot.period.key for entry in client.get(history_url(county.plant.pk)).context["entries"]] == [
            "2026-08"
        ]
        assert "还不能对比" in page_text(client.get(compare_url()))

    def test_the_day_is_chosen_from_the_board_and_leads_back_to_it(self, county: County, september: Snapshot) -> None:
        client = browser(county.mayor)
        html = client.get(f"{RANKINGS}?board=units").content.decode()
        address = reverse("as_of") + "?next=%2Frankings%2F%3Fseries%3Dmonthly%26board%3Dunits"
        assert address in html or address.replace("%2F", "/") in html
        following = client.get(address).context["next"]
        answer = client.post(address, {"day": dt.date(2026, 9, 20), "next": following})
        assert answer.url == f"{RANKINGS}?series=monthly&board=units"
        assert client.get(answer.url).context["snapshot"].period.key == "2026-08"
        assert client.post(reverse("as_of"), {"day": "", "next": "//elsewhere.example/"}).url == reverse("home")
        assert reverse("as_of") not in browser(county.park_staff).get(RANKINGS).content.decode()

    def test_a_month_is_known_from_its_publication_on_not_from_its_end(
        self, county: County, published: Snapshot
    ) -> None:
        """August ended on the 31st and was published on 9 September."""
        client = at(browser(county.mayor), dt.date(2026, 9, 8))
        assert "还没有发布的排名" in page_text(client.get(RANKINGS))
        url = reverse("ranking_explain", args=[published.pk, "projects", county.road.pk])
        assert client.get(url).status_code == 404
        assert at(client, dt.date(2026, 9, 9)).get(url).status_code == 200

    def test_a_week_is_known_when_it_is_published_before_its_end(
        self, county: County, august: Period, freeze: Freeze
    ) -> None:
        """The order of the week that ends on Sunday 13 September is out on Saturday."""
        week = Period.objects.create(
            kind="week",
            key="2026-W37",
            year=2026,
            starts_on=dt.date(2026, 9, 7),
            cutoff=dt.date(2026, 9, 13),
            due_at=moment(9, 10, 18),
            lock_at=moment(9, 11, 12),
            opened_at=moment(9, 7),
        )
        saturday = freeze(moment(9, 12, 8))
        made = snapshots.take(series=Series.WEEKLY, period=week, actor=county.office_one, at=saturday)
        snapshots.publish(snapshot_id=made.pk, version=made.version, actor=county.bureau, at=saturday)
        answer = browser(county.mayor).get(f"{RANKINGS}?series=weekly")
        assert answer.context["snapshot"].pk == made.pk

    def test_before_its_correction_the_old_version_stood(
        self, county: County, published: Snapshot, freeze: Freeze
    ) -> None:
        corrected = freeze(moment(9, 20, 9))
        snapshots.supersede(snapshot_id=published.pk, reason="国道重复计算", actor=county.bureau, at=corrected)
        again = Snapshot.objects.get(number=2)
        out = freeze(moment(9, 22, 9))
        snapshots.publish(snapshot_id=again.pk, version=again.version, actor=county.bureau, at=out)
        client = browser(county.mayor)
        assert client.get(RANKINGS).context["snapshot"].number == 2
        assert at(client, dt.date(2026, 9, 19)).get(RANKINGS).context["snapshot"].number == 1
        assert at(client, dt.date(2026, 9, 21)).get(RANKINGS).context["snapshot"] is None, "withdrawn, not yet replaced"


@pytest.mark.parametrize("name", ["sysadmin", "secadmin", "auditor"])
def test_administrators_see_no_rankings(county: County, september: Snapshot, name: str) -> None:
    for url in (RANKINGS, compare_url(), history_url(county.road.pk)):
        assert browser(getattr(county, name)).get(url).status_code == 403
