"""Periods in the browser: list, board, new times, waived reports; and the workbench that shows them first."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from projects.enums import CalendarStatus, ImportState
from projects.models import CalendarYear, ExpectedReport, LedgerImport, Period
from projects.services import periods, reports
from tests.conftest import Freeze
from tests.support.county import County, double, moment
from tests.support.reporting import APRIL_OPENS, accepted, expected, open_at, period, submitted
from tests.support.web import browser, page_text, queries, send, token

IN_TIME = moment(5, 5, 10)
LATE = moment(5, 6, 9)
BOARD = "/periods/2026-04/"


@pytest.fixture
def april(county: County, freeze: Freeze) -> Period:
    open_at(APRIL_OPENS)
    freeze(IN_TIME)
    return period("2026-04")


@pytest.fixture
def office(county: County) -> Client:
    return browser(county.office_one)


class TestBoard:
    def test_every_state_has_its_word(self, county: County, april: Period, office: Client, freeze: Freeze) -> None:
        accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        submitted(county.plant, "2026-04", 3000, by=county.housing_staff, at=IN_TIME)
        returned = submitted(county.airport, "2026-04", 300, by=county.transport_staff, at=IN_TIME)
        reports.give_back(revision=returned, reason="缺附件", actor=county.office_one, at=IN_TIME)
        labels = _labels(office)
        assert labels[county.road.name] == "已报"
        assert labels[county.plant.name] == "待审"
        assert labels[county.airport.name] == "退回"
        assert labels[county.factory.name] == "未报（未到期）"
        freeze(LATE)
        assert _labels(browser(county.office_one))[county.factory.name] == "未报"

    def test_a_unit_does_not_see_the_board(self, county: County, april: Period) -> None:
        assert browser(county.transport_staff).get(BOARD).status_code == 403

    def test_a_period_that_is_not_open_does_not_exist(self, april: Period, office: Client) -> None:
        assert office.get("/periods/2026-09/").status_code == 404

    def test_the_list_counts_the_silent(self, county: County, april: Period, office: Client) -> None:
        submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        (row,) = office.get(reverse("period_list")).context["page"].object_list
        assert (row.expected_count, row.submitted_count, row.silent_count) == (7, 1, 6)
        assert "2026年第18周" in page_text(office.get(reverse("period_list"), {"kind": "week"}))

    def test_as_many_queries_with_twice_the_rows(self, county: County, april: Period, office: Client) -> None:
        before = queries(office, BOARD)
        double(county)
        periods.open_due(at=IN_TIME)
        assert queries(office, BOARD) == before <= 10


def _labels(office: Client) -> dict[str, str]:
    board = office.get(BOARD).context["board"]
    return {line.expected.project.name: line.label for unit in board.units for line in unit.lines}


class TestReschedule:
    URL = "/periods/2026-04/edit/"

    def test_the_times_move_with_a_reason(self, april: Period, office: Client) -> None:
        data = {"due_at": "2026-05-07T18:00", "lock_at": "2026-05-11T12:00", "version": april.version}
        bare = send(office, self.URL, **data)
        assert bare.status_code == 422
        assert 'value="2026-05-07T18:00"' in bare.content.decode()
        assert send(office, self.URL, **data, reason="系统升级").url == BOARD
        april.refresh_from_db()
        assert (april.due_at, april.lock_at) == (moment(5, 7, 18), moment(5, 11, 12))

    def test_a_lock_before_the_due_time_is_refused_at_its_field(self, april: Period, office: Client) -> None:
        data = {"due_at": "2026-05-07T18:00", "lock_at": "2026-05-06T12:00", "version": april.version}
        answer = send(office, self.URL, **data, reason="系统升级")
        assert answer.context["form"].errors["lock_at"] == ["锁定时间不能早于报送截止时间。"]

    def test_somebody_was_faster(self, april: Period, office: Client) -> None:
        data = {"due_at": "2026-05-07T18:00", "lock_at": "2026-05-11T12:00", "reason": "系统升级"}
        send(office, self.URL, **data, version=april.version)
        late = send(office, self.URL, **{**data, "due_at": "2026-05-08T18:00"}, version=april.version)
        assert late.status_code == 409

    def test_supervision_looks_but_does_not_move(self, county: County, april: Period) -> None:
        supervisor = browser(county.supervisor)
        assert supervisor.get(BOARD).status_code == 200
        assert supervisor.get(self.URL).status_code == 403


class TestWaive:
    def test_a_waived_report_owes_nothing(self, county: County, april: Period, office: Client) -> None:
        row = expected(county.airport, "2026-04")
        url = reverse("period_waive", args=[row.pk])
        assert send(office, url, reason=" ").status_code == 422
        data = {**token(), "reason": "省厅统一填报"}
        assert office.post(url, data).url == office.post(url, data).url == BOARD
        assert _labels(office)[county.airport.name] == "免报"
        assert ExpectedReport.objects.get(pk=row.pk).waived_reason == "省厅统一填报"

    def test_not_on_a_past_day(self, county: County, april: Period, office: Client) -> None:
        row = expected(county.airport, "2026-04")
        office.post(reverse("as_of"), {"day": "2026-05-01"})
        assert send(office, reverse("period_waive", args=[row.pk]), reason="省厅统一填报").status_code == 422
        assert not ExpectedReport.objects.exclude(waived_reason="").exists()


class TestWorkbench:
    def test_it_shows_what_waits_and_what_comes(self, county: County, april: Period, office: Client) -> None:
        submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
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
        answer = office.get(reverse("workbench"))
        text = page_text(answer)
        assert "2026年5月5日 18:00截止，就在今天" in text
        assert "单期增量过大" in text
        assert "四月进度台账.xlsx" in text
        assert "2026年4月锁定" in text
        assert "县住建局 差1" in text

    def test_an_estimated_calendar_is_said(self, april: Period, office: Client) -> None:
        assert "2026年工作日历为预估" in page_text(office.get(reverse("workbench")))
        CalendarYear.objects.create(year=2026, status=CalendarStatus.PUBLISHED, source="国办发明电")
        assert "工作日历为预估" not in page_text(office.get(reverse("workbench")))

    def test_supervision_is_not_offered_reviews_or_imports(self, county: County, april: Period) -> None:
        submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
        html = browser(county.supervisor).get(reverse("workbench")).content.decode()
        assert "/reviews/" not in html
        assert "单期增量过大" in html

    def test_units_have_their_own_page(self, county: County, april: Period) -> None:
        assert browser(county.transport_staff).get(reverse("workbench")).status_code == 403

    def test_as_many_queries_with_twice_the_rows(self, county: County, april: Period, office: Client) -> None:
        submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
        before = queries(office, reverse("workbench"))
        for project in double(county):
            if not project.is_package:
                periods.open_due(at=IN_TIME)
                submitted(project, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
        assert queries(office, reverse("workbench")) == before <= 28
