"""Reviewing in the browser: the queue, one review, on to the next."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from projects.enums import ReportState
from projects.forms.reports import RETURN_PHRASES
from projects.models import Project, Report, ReportReview, ReportRevision
from projects.selectors.reviews import SORTS
from projects.services import periods
from projects.services.spelling import initials
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
    assert "+5,000 " in text
    assert "单期增量过大" in text


def test_an_empty_queue_says_so(county: County, office: Client) -> None:
    assert "没有待审核的报告" in page_text(office.get(reverse("review_queue")))


def test_the_review_shows_the_difference_and_the_way_on(waiting: list[ReportRevision], office: Client) -> None:
    html = office.get(_url(waiting[0])).content.decode()
    assert "<ins>5,000</ins>" in html
    assert "已核对原始凭证" in html
    assert f'href="{_url(waiting[1])}" rel="next" data-hotkey="n j ]"' in html
    assert "第1份，共2份" in html


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


def test_common_reasons_are_ticked_and_joined_with_what_was_typed(
    waiting: list[ReportRevision], office: Client
) -> None:
    ticked = list(RETURN_PHRASES[:2])
    send(office, _url(waiting[0]), decision="return", phrases=ticked, reason="四月计量单缺第3页")
    assert ReportReview.objects.get().reason == "；".join([*ticked, "四月计量单缺第3页"])


def test_ticked_reasons_say_nothing_of_an_accepted_report(waiting: list[ReportRevision], office: Client) -> None:
    send(office, _url(waiting[0]), decision="accept", phrases=[RETURN_PHRASES[0]], reason="已核")
    assert ReportReview.objects.get().reason == "已核"


def test_the_second_of_two_reviewers_is_told_who_was_faster(
    county: County, waiting: list[ReportRevision], office: Client
) -> None:
    send(browser(county.office_two), _url(waiting[0]), decision="return", reason="请附计量单")
    answer = send(office, _url(waiting[0]), decision="accept")
    assert answer.url == reverse("report", args=[waiting[0].report_id])
    assert "汪小帆已于2026年5月5日 10:00退回该次提交。您的操作没有执行。" in page_text(office.get(answer.url))
    assert ReportReview.objects.count() == 1


def test_a_submission_that_was_replaced_is_not_reviewed(
    county: County, waiting: list[ReportRevision], office: Client
) -> None:
    submitted(county.road, "2026-04", 4100, by=county.transport_staff, at=IN_TIME)
    answer = send(office, _url(waiting[0]), decision="accept")
    assert "单位已重新提交，请审核最新一次。您的操作没有执行。" in page_text(office.get(answer.url))


class TestQueue:
    """The road's report raises a doubt; the plant's was typed by office_one."""

    URL = "/reviews/"

    def names(self, client: Client, **asked: str) -> list[str]:
        return [line.report.project.name for line in client.get(self.URL, asked).context["page"].object_list]

    def test_it_is_narrowed_by_name_initials_kind_and_doubt(
        self, county: County, waiting: list[ReportRevision], office: Client
    ) -> None:
        road, plant = county.road.name, county.plant.name
        Project.objects.filter(pk=county.plant.pk).update(initials=initials(plant))
        assert self.names(office, q="cbws") == [plant]
        assert self.names(office, q="交通局") == [road]
        assert self.names(office, doubts="doubtful") == [road]
        assert self.names(office, doubts="plain") == [plant]
        assert self.names(office, kind="week") == []
        assert "没有符合条件的待审核报告" in page_text(office.get(self.URL, {"kind": "week"}))

    @pytest.mark.parametrize("sort", [way + key for key in SORTS for way in ("", "-")])
    def test_every_column_sorts(self, waiting: list[ReportRevision], office: Client, sort: str) -> None:
        assert len(self.names(office, sort=sort)) == 2

    def test_growth_sorts_both_ways(self, county: County, waiting: list[ReportRevision], office: Client) -> None:
        assert self.names(office, sort="-growth") == [county.road.name, county.plant.name]
        assert self.names(office, sort="growth") == [county.plant.name, county.road.name]

    def test_the_filter_goes_along_from_one_review_to_the_next(
        self, county: County, waiting: list[ReportRevision]
    ) -> None:
        third = submitted(county.airport, "2026-04", 60, by=county.transport_staff, at=IN_TIME)
        client = browser(county.office_two)
        first = self.URL + f"{waiting[1].pk}/?doubts=plain"
        assert f'href="/reviews/{third.pk}/?doubts=plain"' in client.get(first).content.decode()
        assert send(client, first, decision="accept").url == f"/reviews/{third.pk}/?doubts=plain"
        assert "还有1份待审核" in page_text(client.get(f"/reviews/{third.pk}/?doubts=plain"))

    def test_a_report_outside_the_filter_is_shown_in_the_whole_queue(
        self, waiting: list[ReportRevision], office: Client
    ) -> None:
        assert "第1份，共2份" in page_text(office.get(_url(waiting[0]), {"doubts": "plain"}))


class TestAcceptSeveral:
    URL = "/reviews/accept/"

    def test_only_plain_ones_of_others_can_be_ticked(
        self, county: County, waiting: list[ReportRevision], office: Client
    ) -> None:
        html = browser(county.office_two).get("/reviews/").content.decode()
        assert f'name="revision" value="{waiting[1].pk}"' in html
        assert f'name="revision" value="{waiting[0].pk}"' not in html
        assert 'name="revision"' not in office.get("/reviews/").content.decode()

    def test_the_ticked_are_accepted_and_the_filter_stays(self, county: County, waiting: list[ReportRevision]) -> None:
        third = submitted(county.airport, "2026-04", 60, by=county.transport_staff, at=IN_TIME)
        client = browser(county.office_two)
        with zeal_ignore():  # each is accepted for itself
            answer = send(client, f"{self.URL}?doubts=plain&page=2", revision=[waiting[1].pk, third.pk])
        assert answer.url == "/reviews/?doubts=plain"
        assert "已通过2份。" in page_text(client.get(answer.url))
        assert Report.objects.filter(state=ReportState.ACCEPTED).count() == 2

    def test_a_doubtful_one_is_left_and_named(self, county: County, waiting: list[ReportRevision]) -> None:
        client = browser(county.office_two)
        send(client, self.URL, revision=[row.pk for row in waiting])
        text = page_text(client.get("/reviews/"))
        assert "已通过1份。" in text
        assert f"{county.road.name}：未办理。有待核实的疑问，请逐份审核。" in text
        assert [row.revision for row in ReportReview.objects.all()] == [waiting[1]]

    def test_what_moved_meanwhile_is_left(self, county: County, waiting: list[ReportRevision]) -> None:
        again = submitted(county.plant, "2026-04", 2950, by=county.housing_staff, at=IN_TIME)
        client = browser(county.office_two)
        send(client, self.URL, revision=[waiting[1].pk])
        assert "该报告已有新的提交，请审核最新一次。" in page_text(client.get("/reviews/"))
        assert Report.objects.get(pk=again.report_id).state == ReportState.SUBMITTED

    def test_sent_twice_accepts_once(self, county: County, waiting: list[ReportRevision]) -> None:
        client, data = browser(county.office_two), {**token(), "revision": [waiting[1].pk]}
        assert client.post(self.URL, data).url == client.post(self.URL, data).url == "/reviews/"
        assert ReportReview.objects.count() == 1

    def test_nothing_ticked_or_nonsense_does_nothing(self, county: County, waiting: list[ReportRevision]) -> None:
        client = browser(county.office_two)
        send(client, self.URL, revision=["x", "999983"])
        assert "没有勾选报告。" in page_text(client.get("/reviews/"))
        assert not ReportReview.objects.exists()

    def test_not_by_units_nor_on_a_past_day(self, county: County, waiting: list[ReportRevision]) -> None:
        assert send(browser(county.transport_head), self.URL, revision=[waiting[1].pk]).status_code == 403
        client = browser(county.office_two)
        client.post(reverse("as_of"), {"day": "2026-05-01"})
        assert send(client, self.URL, revision=[waiting[1].pk]).status_code == 422
        assert not ReportReview.objects.exists()


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
    assert queries(office, url) == before <= 30
