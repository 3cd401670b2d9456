"""The office's first page: who has not reported, what waits, what comes; and the reminder it sends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from projects.enums import CalendarStatus, ImportState
from projects.models import CalendarYear, ExpectedReport, LedgerImport, Period, PolicyRow
from projects.selectors.calendar import calendar
from projects.selectors.coming import Coming, coming
from projects.services import periods, reports
from supervision.enums import DeliveryState, JobState, NoticeKind
from supervision.models import Delivery, JobRun, Notice
from supervision.services import deliveries
from tests.conftest import Freeze
from tests.support.county import County, double, moment
from tests.support.reporting import APRIL_OPENS, expected, open_at, period, submitted
from tests.support.web import browser, page_text, queries, send, token

IN_TIME = moment(5, 5, 10)
LOCKED = moment(5, 12, 9)
WORKBENCH = "/workbench/"
REMIND = "/notices/remind/2026-04/"


@pytest.fixture
def april(county: County, freeze: Freeze) -> Period:
    open_at(APRIL_OPENS)
    freeze(IN_TIME)
    return period("2026-04")


@pytest.fixture
def office(county: County) -> Client:
    return browser(county.office_one)


def test_it_shows_what_waits_and_since_when(county: County, april: Period, office: Client, freeze: Freeze) -> None:
    submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=moment(4, 30, 15))
    LedgerImport.objects.create(
        state=ImportState.PREVIEW,
        filename="四月进度台账.xlsx",
        stored_name="a",
        sha256="0" * 64,
        size=1,
        year=2026,
        uploaded_by=county.office_two,
        uploaded_at=IN_TIME,
    )
    text = page_text(office.get(WORKBENCH))
    assert "5月5日 18:00截止，就在今天" in text
    assert "应报 7 已报 0 待审 1 退回 0 未报 6" in text
    assert "县住建局 差1" in text
    assert "最早4月30日 15:00提交，已等3个工作日" in text
    assert "单期增量过大" in text
    assert "四月进度台账.xlsx" in text


def test_who_owes_most_comes_first(county: County, april: Period, office: Client) -> None:
    shown = {item["board"].period.key: item["units"] for item in office.get(WORKBENCH).context["boards"]}
    owed = [unit.missing for unit in shown["2026-04"]]
    assert owed == sorted(owed, reverse=True)
    assert owed[0] > owed[-1]


def test_supervision_is_not_offered_reviews_or_imports(county: County, april: Period) -> None:
    submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
    html = browser(county.supervisor).get(WORKBENCH).content.decode()
    assert "/reviews/" not in html
    assert "导入待确认" not in html
    assert "单期增量过大" in html


def test_units_have_their_own_page(county: County, april: Period) -> None:
    assert browser(county.transport_staff).get(WORKBENCH).status_code == 403


def test_as_many_queries_with_twice_the_rows(county: County, april: Period, office: Client) -> None:
    submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
    before = queries(office, WORKBENCH)
    for project in double(county):
        if not project.is_package:
            periods.open_due(at=IN_TIME)
            submitted(project, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
    assert queries(office, WORKBENCH) == before <= 32


class TestComing:
    """Tuesday 5 May 2026 is the due day of April; the grid runs from Monday 4 May to Sunday 31 May."""

    @staticmethod
    def words(found: Coming) -> dict[dt.date, list[str]]:
        return {day.day: [item.word for item in day.happenings] for day in found.days if day.happenings}

    def test_open_and_foreseen_limits_stand_on_their_days(self, county: County, april: Period) -> None:
        found = coming(IN_TIME.date(), calendar())
        words = self.words(found)
        assert [len(week) for week in found.weeks] == [7, 7, 7, 7]
        assert words[dt.date(2026, 5, 5)] == ["月报截止"]
        assert words[dt.date(2026, 5, 31)] == ["月末截数"]
        assert words[dt.date(2026, 5, 28)] == ["周报截止"]  # week 22 is not open yet
        (due,) = (item for day in found.days for item in day.happenings if item.word == "月报截止")
        assert due.period_key == "2026-04"

    def test_a_moved_limit_stands_where_it_was_moved(self, county: County, april: Period) -> None:
        periods.reschedule(
            period=april,
            due_at=moment(5, 7, 18),
            lock_at=moment(5, 14, 18),
            reason="系统检修",
            version=None,
            actor=county.office_one,
            at=IN_TIME,
        )
        words = self.words(coming(IN_TIME.date(), calendar()))
        assert dt.date(2026, 5, 5) not in words
        assert "月报截止" in words[dt.date(2026, 5, 7)]
        assert "月报锁定" in words[dt.date(2026, 5, 14)]

    def test_a_county_without_weekly_reports_foresees_none(self, county: County) -> None:
        PolicyRow.objects.create(
            key="weekly_scope", value="none", effective_on=dt.date(2026, 1, 1), reason="本县不开周报",
            actor=county.bureau, at=moment(1, 5),
        )  # fmt: skip
        words = self.words(coming(IN_TIME.date(), calendar()))
        assert not [word for day in words.values() for word in day if word.startswith("周报")]

    def test_an_estimated_calendar_is_said(self, april: Period, office: Client) -> None:
        assert "2026年工作日历为预估" in page_text(office.get(WORKBENCH))
        CalendarYear.objects.create(year=2026, status=CalendarStatus.PUBLISHED, source="国办发明电")
        assert "工作日历为预估" not in page_text(office.get(WORKBENCH))


class TestNoticesOfTheWeek:
    def test_before_its_moment_the_digest_is_announced(self, april: Period, office: Client, freeze: Freeze) -> None:
        freeze(moment(5, 4, 7))
        assert "5月4日 08:00自动生成" in page_text(office.get(WORKBENCH))

    def test_a_digest_that_did_not_run_is_said(self, april: Period, office: Client) -> None:
        assert "未生成 应于5月4日 08:00生成" in page_text(office.get(WORKBENCH))

    def test_a_run_without_matters_says_so(self, april: Period, office: Client) -> None:
        said = "2026-W19：0人有事项，新生成通知0份"
        JobRun.objects.create(
            name="weekly_notices", due_at=moment(5, 4, 8), as_of=dt.date(2026, 5, 4), state=JobState.DONE, message=said
        )
        assert said in page_text(office.get(WORKBENCH))


class TestReminder:
    def test_everybody_who_owes_a_report_gets_one(self, county: County, april: Period, office: Client) -> None:
        submitted(county.plant, "2026-04", 2900, by=county.housing_staff, at=IN_TIME)
        answer = send(office, REMIND)
        assert answer.url == reverse("notice_batch", args=["report_reminder", "2026-04"])
        notice = Notice.objects.get(recipient=county.transport_staff)
        assert notice.title == "2026年4月催报：报告待报3项"
        assert {item["project_id"] for item in notice.items} == {
            county.road.pk,
            county.expressway.pk,
            county.airport.pk,
        }
        assert not Notice.objects.filter(recipient=county.housing_staff).exists()
        assert "5月5日截止，今日截止" in page_text(
            browser(county.transport_staff).get(reverse("notice", args=[notice.pk]))
        )

    def test_a_returned_report_and_a_late_one_say_so(
        self, county: County, april: Period, office: Client, freeze: Freeze
    ) -> None:
        revision = submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
        reports.give_back(revision=revision, reason="缺计量单", actor=county.office_one, at=IN_TIME)
        freeze(moment(5, 6, 9))
        send(browser(county.office_one), REMIND)
        assert Notice.objects.get(recipient=county.transport_staff).title == "2026年4月催报：报告未报2项、报告被退回1项"

    def test_pressed_again_nobody_gets_a_second(self, county: County, april: Period, office: Client) -> None:
        data = token()
        first, twice = office.post(REMIND, data), office.post(REMIND, data)
        assert first.url == twice.url
        count = Notice.objects.count()
        send(office, REMIND)
        assert Notice.objects.count() == count == Notice.objects.filter(kind=NoticeKind.REPORT_REMINDER).count()
        assert "本期已催报过" in page_text(office.get(WORKBENCH))

    def test_who_reports_meanwhile_is_not_bothered(self, county: County, april: Period, office: Client) -> None:
        send(office, REMIND)
        ExpectedReport.objects.exclude(project=county.road).update(waived_reason="省厅统一填报", waived_at=IN_TIME)
        submitted(county.road, "2026-04", 3000, by=county.transport_staff, at=IN_TIME)
        deliveries.sweep(at=IN_TIME, worker="w1")
        outward = Delivery.objects.filter(notice__recipient=county.transport_staff).exclude(channel="inbox")
        assert [row.state for row in outward] == [DeliveryState.CANCELLED]

    def test_a_locked_period_takes_none(self, county: County, april: Period, freeze: Freeze) -> None:
        freeze(LOCKED)
        client = browser(county.office_one)
        answer = send(client, REMIND)
        assert answer.status_code == 422
        assert "已锁定，不能再催报" in page_text(answer)
        assert "/notices/remind/" not in client.get("/periods/2026-04/").content.decode()

    def test_not_on_a_past_day_and_not_by_units(self, county: County, april: Period, office: Client) -> None:
        assert send(browser(county.transport_head), REMIND).status_code == 403
        office.post(reverse("as_of"), {"day": "2026-05-01"})
        assert send(office, REMIND).status_code == 422
        assert expected(county.road, "2026-04")
        assert not Notice.objects.exists()
