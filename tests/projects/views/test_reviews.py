"""Reviewing in the browser: the queue, one review, on to the next."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from projects.enums import ReportState
from projects.models import Report, ReportReview, ReportRevision
from projects.services import periods
from tests.conftest import Freeze
from tests.support.county import County, double, moment
from tests.support.reporting import APRIL_OPENS, open_at, submitted
from tests.support.web import browser, page_text, queries, send, token

IN_TIME = moment(5, 5, 10)


@pytest.fixture
def waiting(county: County, freeze: Freeze) -> list[ReportRevision]:
    """The road's and the plant's reports of April wait; the plant's was typed by the office."""
    open_at(APRIL_OPENS)
    freeze(IN_TIME)
    return [
        submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME),
        submitted(county.plant, "2026-04", 2900, by=county.office_one, at=IN_TIME),
    ]


@pytest.fixture
def office(county: County) -> Client:
    return browser(county.office_one)


def _url(revision: ReportRevision) -> str:
    return reverse("review", args=[revision.pk])


def test_the_queue_shows_growth_and_what_looks_wrong(waiting: list[ReportRevision], office: Client) -> None:
    text = page_text(office.get(reverse("review_queue")))
    assert "待审核2份" in text
    assert "+5,000.00" in text
    assert "单期增量过大" in text


def test_an_empty_queue_says_so(county: County, office: Client) -> None:
    assert "没有待审核的报告" in page_text(office.get(reverse("review_queue")))


def test_the_review_shows_the_difference_and_the_way_on(waiting: list[ReportRevision], office: Client) -> None:
    html = office.get(_url(waiting[0])).content.decode()
    assert "<ins>5,000</ins>" in html
    assert "已核对原始凭证" in html
    assert f'href="{_url(waiting[1])}" rel="next" data-hotkey="]"' in html


def test_accepting_leads_to_the_next(waiting: list[ReportRevision], office: Client) -> None:
    answer = send(office, _url(waiting[0]), decision="accept")
    assert answer.url == _url(waiting[1])
    report = Report.objects.get(pk=waiting[0].report_id)
    assert (report.state, report.accepted) == (ReportState.ACCEPTED, waiting[0])


def test_the_last_one_leads_back_to_the_queue(county: County, waiting: list[ReportRevision]) -> None:
    second = browser(county.office_two)
    assert send(second, _url(waiting[0]), decision="accept").url == _url(waiting[1])
    assert send(second, _url(waiting[1]), decision="accept").url == reverse("review_queue")


def test_a_return_needs_its_reason(waiting: list[ReportRevision], office: Client) -> None:
    bare = send(office, _url(waiting[0]), decision="return")
    assert bare.status_code == 422
    assert "退回必须写明原因" in page_text(bare)
    send(office, _url(waiting[0]), decision="return", reason="请附计量单")
    assert ReportReview.objects.get(revision=waiting[0]).reason == "请附计量单"


def test_who_typed_it_is_told_that_another_must_review(waiting: list[ReportRevision], office: Client) -> None:
    assert "不能审核自己的报告，请由另一人审核" in page_text(office.get(_url(waiting[1])))
    forced = send(office, _url(waiting[1]), decision="accept")
    assert forced.status_code == 422
    assert not ReportReview.objects.exists()


def test_sent_twice_is_one_review(waiting: list[ReportRevision], office: Client) -> None:
    data = {**token(), "decision": "accept"}
    office.post(_url(waiting[0]), data)
    again = office.post(_url(waiting[0]), data)
    assert again.url == reverse("report", args=[waiting[0].report_id])
    assert ReportReview.objects.count() == 1


def test_a_past_day_takes_no_review(waiting: list[ReportRevision], office: Client) -> None:
    office.post(reverse("as_of"), {"day": "2026-05-01"})
    assert send(office, _url(waiting[0]), decision="accept").status_code == 422
    assert not ReportReview.objects.exists()


def test_units_do_not_review_and_nothing_missing_is_found(
    county: County, waiting: list[ReportRevision], office: Client
) -> None:
    assert browser(county.transport_head).get(_url(waiting[0])).status_code == 403
    assert office.get(reverse("review", args=[10**6])).status_code == 404


@pytest.mark.parametrize("page", ["queue", "one"])
def test_as_many_queries_with_twice_the_rows(
    page: str, county: County, waiting: list[ReportRevision], office: Client
) -> None:
    url = reverse("review_queue") if page == "queue" else _url(waiting[0])
    before = queries(office, url)
    more = double(county)
    periods.open_due(at=IN_TIME)
    for project in more:
        if not project.is_package:
            submitted(project, "2026-04", 2000, by=county.transport_staff, at=IN_TIME)
    assert queries(office, url) == before <= 27
