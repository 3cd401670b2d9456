"""Periods in the browser: list, board, new times, waived reports; and the workbench that shows them first."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from projects.models import ExpectedReport, Period
from projects.services import periods, reports
from tests.conftest import Freeze
from tests.support.county import County, double, moment
from tests.support.reporting import APRIL_OPENS, accepted, expected, open_at, period, submitted
from tests.support.web import browser, cells, export, page_text, queries, send, token

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


class TestNarrowed:
    def shown(self, client: Client, **asked: str) -> list[str]:
        units = client.get(BOARD, asked).context["units"]
        return [line.expected.project.name for unit in units for line in unit.lines]

    def test_by_unit_name_and_standing(self, county: County, april: Period, office: Client) -> None:
        submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        assert set(self.shown(office, q="交通局")) == {county.road.name, county.expressway.name, county.airport.name}
        assert self.shown(office, standing="submitted") == [county.road.name]
        assert county.road.name not in self.shown(office, standing="silent")
        assert "没有符合条件的项目" in page_text(office.get(BOARD, {"standing": "late"}))

    def test_the_figures_above_stay_those_of_the_period(self, county: County, april: Period, office: Client) -> None:
        assert office.get(BOARD, {"q": county.road.name}).context["board"].due == 7

    def test_the_export_holds_what_is_shown(self, county: County, april: Period, office: Client) -> None:
        submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        rows = cells(export(office, f"{BOARD}export/", standing="submitted").getvalue())
        assert rows[0][0] == "2026年4月报送情况"
        assert rows[1][0] == "数据日期：2026-05-05　单位：万元　条件：状态：待审　共1项"
        assert rows[3][:5] == ["县交通局", county.road.code, county.road.name, "待审", "2026-05-05 10:00"]
        assert len(rows) == 4


class TestWaiveSeveral:
    URL = "/periods/2026-04/waive/"

    def test_several_of_a_unit_for_one_reason(self, county: County, april: Period, office: Client) -> None:
        rows = [expected(project, "2026-04") for project in (county.road, county.airport)]
        with zeal_ignore():  # each is waived for itself
            answer = send(office, f"{self.URL}?q=交通局", expected=[row.pk for row in rows], note="省厅统一填报")
        assert answer.url == f"{BOARD}?q=%E4%BA%A4%E9%80%9A%E5%B1%80"
        assert "2项已登记免报。" in page_text(office.get(answer.url))
        waived = ExpectedReport.objects.filter(waived_reason="省厅统一填报")
        assert {row.project for row in waived} == {county.road, county.airport}

    def test_who_reported_meanwhile_is_left_and_named(self, county: County, april: Period, office: Client) -> None:
        row = expected(county.road, "2026-04")
        submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        send(office, self.URL, expected=[row.pk], note="省厅统一填报")
        assert f"{county.road.name}：未办理。该项目本期已报送，不能再免报。" in page_text(office.get(BOARD))

    def test_rows_of_another_period_are_not_touched(self, county: County, april: Period, office: Client) -> None:
        week = ExpectedReport.objects.filter(period__kind="week").first()
        assert week is not None
        send(office, self.URL, expected=[week.pk], note="省厅统一填报")
        assert not ExpectedReport.objects.exclude(waived_reason="").exists()

    def test_without_a_reason_the_ticks_stay(self, county: County, april: Period, office: Client) -> None:
        row = expected(county.road, "2026-04")
        answer = send(office, self.URL, expected=[row.pk], note="")
        assert answer.status_code == 422
        assert f'value="{row.pk}" checked' in answer.content.decode()

    def test_supervision_looks_on(self, county: County, april: Period) -> None:
        supervisor = browser(county.supervisor)
        assert 'name="expected"' not in supervisor.get(BOARD).content.decode()
        assert send(supervisor, self.URL, note="省厅统一填报").status_code == 403


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
