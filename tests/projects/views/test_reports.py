"""Reporting in the browser: to-do, entry, draft, no change, the end page, history, correction."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from projects.enums import ReportState, RevisionKind
from projects.models import ExpectedReport, Report, ReportRevision, VerificationFlag
from projects.services import periods, reports
from tests.conftest import Freeze
from tests.support.county import County, double, moment
from tests.support.pages import filled, read
from tests.support.reporting import APRIL_OPENS, MAY_OPENS, accepted, expected, open_at, submitted
from tests.support.web import browser, page_text, queries, send, token

IN_TIME = moment(5, 5, 10)
MAY = moment(6, 2, 10)
AFTER_LOCK = moment(5, 20, 10)


@pytest.fixture
def april(county: County, freeze: Freeze) -> ExpectedReport:
    """The road's report of April, open; the clock stands in time."""
    open_at(APRIL_OPENS)
    freeze(IN_TIME)
    return expected(county.road, "2026-04")


@pytest.fixture
def may(county: County, freeze: Freeze) -> ExpectedReport:
    """The road's report of May, open; 4000 were accepted in April."""
    open_at(APRIL_OPENS)
    accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
    open_at(MAY_OPENS)
    freeze(MAY)
    return expected(county.road, "2026-05")


@pytest.fixture
def unit(county: County) -> Client:
    return browser(county.transport_staff)


def _entry(row: ExpectedReport) -> str:
    return reverse("report_entry", args=[row.pk])


class TestTodo:
    def test_four_groups_with_one_main_button_each(self, county: County, april: ExpectedReport, unit: Client) -> None:
        first = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        reports.give_back(revision=first, reason="请写明桩号", actor=county.office_one, at=IN_TIME)
        submitted(county.airport, "2026-04", 300, by=county.transport_staff, at=IN_TIME)
        text = page_text(unit.get(reverse("report_todo")))
        assert "退回原因：请写明桩号" in text
        assert "今天截止" in text
        html = unit.get(reverse("report_todo")).content.decode()
        assert html.count("btn btn--primary") == 2, "one to change, one to report; the submitted one offers nothing"

    def test_an_overdue_report_says_by_how_much(self, april: ExpectedReport, unit: Client, freeze: Freeze) -> None:
        freeze(moment(5, 6, 9))
        assert "逾期1个工作日" in page_text(unit.get(reverse("report_todo")))

    def test_no_change_is_offered_only_where_something_was_accepted(
        self, county: County, may: ExpectedReport, unit: Client
    ) -> None:
        html = unit.get(reverse("report_todo")).content.decode()
        assert reverse("report_no_change", args=[may.pk]) in html
        assert reverse("report_no_change", args=[expected(county.airport, "2026-05").pk]) not in html

    def test_the_office_looks_at_one_unit(self, county: County, april: ExpectedReport) -> None:
        office = browser(county.office_one)
        everything = page_text(office.get(reverse("report_todo")))
        assert county.plant.name in everything
        one = page_text(office.get(reverse("report_todo"), {"unit": county.transport.pk}))
        assert county.road.name in one
        assert county.plant.name not in one

    def test_a_unit_is_not_offered_other_units(self, county: County, april: ExpectedReport, unit: Client) -> None:
        answer = unit.get(reverse("report_todo"), {"unit": county.housing.pk})
        assert county.plant.name not in page_text(answer)
        assert answer.context["units"] == []

    def test_who_only_looks_on_gets_no_buttons(self, county: County, april: ExpectedReport) -> None:
        html = browser(county.supervisor).get(reverse("report_todo")).content.decode()
        assert county.road.name in html
        assert _entry(april) not in html

    def test_as_many_queries_with_twice_the_rows(self, county: County, may: ExpectedReport) -> None:
        office = browser(county.office_one)
        before = queries(office, reverse("report_todo"))
        double(county)
        periods.open_due(at=MAY)
        assert queries(office, reverse("report_todo")) == before <= 13


class TestEntry:
    def test_the_last_accepted_values_stand_beside_the_fields(self, may: ExpectedReport, unit: Client) -> None:
        answer = unit.get(_entry(may))
        assert "上次通过： 4,000" in page_text(answer)
        html = answer.content.decode()
        assert 'data-plan="12000.0000"' in html
        assert 'data-done="4000.0000"' in html
        assert "完成路基施工3公里" in html

    def test_a_report_is_submitted_and_its_end_is_clear(self, may: ExpectedReport, unit: Client) -> None:
        answer = send(unit, _entry(may), done="4,800.5万元", progress="完成路基施工5公里")
        assert answer.url == reverse("report_submitted", args=[may.pk])
        revision = Report.objects.get(expected=may).latest
        assert (revision.done, revision.done_period) == (Decimal("4800.5"), Decimal("800.5"))
        text = page_text(unit.get(answer.url))
        assert "由重点项目办（或发改局）审核，2026年6月" in text
        assert "填报下一项" in text

    def test_what_looks_wrong_comes_back_with_the_typed_text(self, may: ExpectedReport, unit: Client) -> None:
        answer = send(unit, _entry(may), done="3,900", progress="清表完成")
        assert answer.status_code == 422
        text = page_text(answer)
        assert "比上次通过的4000万元减少100万元" in text
        assert "请填写情况说明。" in text
        html = answer.content.decode()
        assert 'value="3,900"' in html
        assert "清表完成</textarea>" in html
        assert not ReportRevision.objects.filter(report__expected=may).exists()

    def test_with_a_reason_it_goes_through_and_becomes_a_task(self, may: ExpectedReport, unit: Client) -> None:
        answer = send(unit, _entry(may), done="3900", progress="清表完成", flag_reason="按审计核减")
        assert answer.status_code == 302
        assert VerificationFlag.objects.get(revision__report__expected=may).code == "decrease"

    def test_the_impossible_is_refused_whatever_the_reason(self, may: ExpectedReport, unit: Client) -> None:
        answer = send(unit, _entry(may), done="900000", progress="路面完成", flag_reason="属实")
        assert answer.status_code == 422
        assert "必须更正" in page_text(answer)
        assert not ReportRevision.objects.filter(report__expected=may).exists()

    def test_a_blank_is_not_nought(self, may: ExpectedReport, unit: Client) -> None:
        answer = send(unit, _entry(may), done="", progress="路面完成")
        assert "确实没有完成投资请填0" in page_text(answer)
        words = send(unit, _entry(may), done="五千", progress="路面完成")
        assert "请只填数字，单位为万元" in page_text(words)
        assert 'value="五千"' in words.content.decode()

    def test_sent_twice_makes_one_revision(self, may: ExpectedReport, unit: Client) -> None:
        data = {**token(), "done": "4800", "progress": "完成路基施工5公里"}
        first, second = unit.post(_entry(may), data), unit.post(_entry(may), data)
        assert first.url == second.url
        assert ReportRevision.objects.filter(report__expected=may).count() == 1

    def test_a_page_that_is_behind_is_told_and_loses_nothing(self, may: ExpectedReport, unit: Client) -> None:
        unit.post(reverse("report_draft", args=[may.pk]), {"done": "4100", "version": ""})
        answer = send(unit, _entry(may), done="4800", progress="完成路基施工5公里", version="1")
        assert answer.status_code == 409
        assert "4,800" in page_text(answer) and "4,100" in page_text(answer)

    def test_of_two_who_both_report_first_the_second_is_told(self, may: ExpectedReport, unit: Client) -> None:
        """Nothing was saved when either opened the page, so no row had a version yet."""
        first, second = (filled(read(unit.get(_entry(may)).content.decode()).forms[-1]) for _ in range(2))
        said = {"done_period": "", "stage": "", "flag_reason": "属实"}
        assert unit.post(_entry(may), {**first, **said, "done": "4800", "progress": "甲"}).status_code == 302
        answer = unit.post(_entry(may), {**second, **said, "done": "4900", "progress": "乙"})
        assert answer.status_code == 409
        assert ReportRevision.objects.get(report__expected=may).progress == "甲"

    def test_closed_once_locked_or_accepted(self, county: County, may: ExpectedReport, unit: Client) -> None:
        april = expected(county.road, "2026-04")
        assert "本期报告已审核通过" in page_text(unit.get(_entry(april)))
        silent = expected(county.airport, "2026-04")
        assert "本期已锁定" in page_text(unit.get(_entry(silent)))
        refused = send(unit, _entry(silent), done="1", progress="前期")
        assert refused.status_code == 422
        assert not Report.objects.filter(expected=silent).exists()

    def test_another_units_report_does_not_exist(self, county: County, may: ExpectedReport) -> None:
        stranger = browser(county.housing_staff)
        missing = reverse("report_entry", args=[10**6])
        for url in (_entry(may), missing):
            assert stranger.get(url).status_code == 404
            assert send(stranger, url, done="1", progress="前期").status_code == 404
        cooperating = browser(county.chengguan_staff)
        assert cooperating.get(_entry(may)).status_code == 404, "it sees the project but does not report for it"

    def test_a_past_day_takes_no_report(self, county: County, may: ExpectedReport) -> None:
        office = browser(county.office_one)
        office.post(reverse("as_of"), {"day": "2026-05-10"})
        assert send(office, _entry(may), done="4800", progress="完成路基施工5公里").status_code == 422
        assert not Report.objects.filter(expected=may).exists()

    def test_reading_takes_the_same_queries_with_a_longer_history(self, may: ExpectedReport, unit: Client) -> None:
        assert queries(unit, _entry(may)) <= 27


class TestDraft:
    def test_the_answer_carries_the_next_version(self, may: ExpectedReport, unit: Client) -> None:
        url = reverse("report_draft", args=[may.pk])
        first = unit.post(url, {"done": "4,1", "progress": "写到一半", "version": ""}).json()
        assert first["message"] == "草稿已于10:00自动保存"
        second = unit.post(url, {"done": "4,100", "version": first["version"]})
        assert second.json()["version"] == first["version"] + 1
        assert 'value="4,100"' in unit.get(_entry(may)).content.decode()

    def test_an_overtaken_draft_is_refused_in_words(self, may: ExpectedReport, unit: Client) -> None:
        url = reverse("report_draft", args=[may.pk])
        seen = unit.post(url, {"done": "1", "version": ""}).json()["version"]
        unit.post(url, {"done": "2", "version": seen})
        late = unit.post(url, {"done": "3", "version": seen})
        assert late.status_code == 409
        assert "已由他人保存或提交" in late.json()["message"]

    def test_no_draft_after_the_lock(self, county: County, may: ExpectedReport, unit: Client) -> None:
        answer = unit.post(reverse("report_draft", args=[expected(county.airport, "2026-04").pk]), {"done": "1"})
        assert answer.status_code == 422
        assert "已锁定" in answer.json()["message"]


class TestNoChange:
    def test_one_press_repeats_the_last_report(self, may: ExpectedReport, unit: Client) -> None:
        answer = send(unit, reverse("report_no_change", args=[may.pk]), version="")
        assert answer.url == reverse("report_submitted", args=[may.pk])
        revision = Report.objects.get(expected=may).latest
        assert (revision.kind, revision.done, revision.done_period) == (RevisionKind.NO_CHANGE, 4000, 0)

    def test_with_nothing_to_repeat_it_leads_to_the_form(
        self, county: County, may: ExpectedReport, unit: Client
    ) -> None:
        row = expected(county.airport, "2026-05")
        answer = unit.post(reverse("report_no_change", args=[row.pk]), token(), follow=True)
        assert answer.redirect_chain == [(_entry(row), 302)]
        assert "本年还没有审核通过的数据可以沿用" in page_text(answer)


class TestHistory:
    def test_each_submission_with_its_differences_and_reviews(
        self, county: County, april: ExpectedReport, unit: Client
    ) -> None:
        first = submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
        reports.give_back(revision=first, reason="请附计量单", actor=county.office_one, at=IN_TIME)
        submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        answer = unit.get(reverse("report", args=[first.report_id]))
        text = page_text(answer)
        assert "卢嘉树 2026年5月5日 10:00 退回：请附计量单" in text
        html = answer.content.decode()
        assert "<del>5,000</del>" in html
        assert "<ins>4,000</ins>" in html
        assert "锁定后更正" not in html

    def test_another_units_report_does_not_exist(self, county: County, april: ExpectedReport) -> None:
        revision = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        url = reverse("report", args=[revision.report_id])
        assert browser(county.housing_staff).get(url).status_code == 404
        assert browser(county.chengguan_staff).get(url).status_code == 200, "a cooperating unit may look"

    def test_as_many_queries_with_more_submissions(self, county: County, april: ExpectedReport, unit: Client) -> None:
        revision = submitted(county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        url = reverse("report", args=[revision.report_id])
        before = queries(unit, url)
        for done in (4100, 4200, 5200):
            submitted(county.road, "2026-04", done, by=county.transport_staff, at=IN_TIME)
        assert queries(unit, url) == before <= 14


class TestCorrection:
    def test_the_office_corrects_and_the_old_figure_counts_until_review(
        self, county: County, april: ExpectedReport, freeze: Freeze
    ) -> None:
        old = accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_TIME)
        freeze(AFTER_LOCK)
        office = browser(county.office_one)
        assert "锁定后更正" in page_text(office.get(reverse("report", args=[old.report_id])))
        url = reverse("report_correct", args=[april.pk])
        unexplained = send(office, url, done="3800", progress="完成路基施工3公里")
        assert unexplained.status_code == 422
        answer = send(office, url, done="3800", progress="完成路基施工3公里", reason="审计核减", flag_reason="审计核减")
        assert answer.url == reverse("report", args=[old.report_id])
        report = Report.objects.get(expected=april)
        assert (report.state, report.accepted, report.latest.kind) == (
            ReportState.SUBMITTED,
            old,
            RevisionKind.CORRECTION,
        )

    def test_units_cannot(self, april: ExpectedReport, unit: Client) -> None:
        assert unit.get(reverse("report_correct", args=[april.pk])).status_code == 403


def test_the_amount_of_the_period_is_not_repeated_when_changing(
    county: County, may: ExpectedReport, unit: Client
) -> None:
    """It would contradict a changed cumulative."""
    send(unit, _entry(may), done="4800", progress="完成路基施工5公里")
    form = unit.get(_entry(may)).context["form"]
    assert (form["done"].value(), form["done_period"].value()) == ("4800", None)
    send(unit, _entry(may), done="4900", progress="完成路基施工6公里", version=form["version"].value())
    assert Report.objects.get(expected=may).latest.done_period == 900
