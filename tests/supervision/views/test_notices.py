"""Notices in the browser: inbox, acknowledgement, preview, issue, delivery log."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from supervision.enums import DeliveryState
from supervision.models import Delivery, Notice
from tests.conftest import Freeze
from tests.supervision.office import MONDAY_EIGHT, delivery_of, notice_to, overdue_item
from tests.support.county import County
from tests.support.web import browser, page_text, queries, send, token

PREVIEW, ISSUE = "/notices/preview/", "/notices/issue/"
TODAY = MONDAY_EIGHT.date()


@pytest.fixture
def monday(county: County, freeze: Freeze) -> dt.datetime:
    return freeze(MONDAY_EIGHT)


@pytest.fixture
def notice(county: County, monday: dt.datetime) -> Notice:
    return notice_to(county.transport_staff, at=monday, items=[overdue_item(county)])


class TestInbox:
    def test_own_notices_with_their_state(self, county: County, notice: Notice) -> None:
        text = page_text(browser(county.transport_staff).get(reverse("inbox")))
        assert notice.title in text and "未读" in text
        assert "还没有通知" in page_text(browser(county.housing_staff).get(reverse("inbox")))

    def test_a_notice_names_its_matters_and_reading_it_writes_nothing(self, county: County, notice: Notice) -> None:
        answer = browser(county.transport_staff).get(reverse("notice", args=[notice.pk]))
        assert "大桥下部结构完成" in page_text(answer)
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_the_open_page_marks_it_read(self, county: County, notice: Notice) -> None:
        client, mark = browser(county.transport_staff), reverse("notice_read", args=[notice.pk])
        assert mark in client.get(reverse("notice", args=[notice.pk])).content.decode()
        assert client.post(mark).status_code == 204
        notice.refresh_from_db()
        assert notice.read_at == MONDAY_EIGHT

    def test_anothers_notice_does_not_exist(self, county: County, notice: Notice) -> None:
        other = browser(county.housing_staff)
        for pk in (notice.pk, 99999):
            assert other.get(reverse("notice", args=[pk])).status_code == 404
            assert send(other, reverse("notice_acknowledge", args=[pk])).status_code == 404
        other.post(reverse("notice_read", args=[notice.pk]))
        notice.refresh_from_db()
        assert (notice.read_at, notice.acknowledged_at) == (None, None)

    def test_acknowledging_twice_keeps_the_first_time(
        self, county: County, notice: Notice, monday: dt.datetime, freeze: Freeze
    ) -> None:
        client, form = browser(county.transport_staff), token()
        url = reverse("notice_acknowledge", args=[notice.pk])
        assert client.post(url, form).url == reverse("notice", args=[notice.pk])
        freeze(monday + dt.timedelta(minutes=5))
        assert client.post(url, form).status_code == 302
        send(client, url)
        notice.refresh_from_db()
        assert notice.acknowledged_at == monday
        assert "已签收" in page_text(client.get(reverse("notice", args=[notice.pk])))

    def test_a_get_does_not_acknowledge(self, county: County, notice: Notice) -> None:
        url = reverse("notice_acknowledge", args=[notice.pk])
        assert browser(county.transport_staff).get(url).status_code == 405


class TestIssue:
    def test_the_preview_writes_nothing_and_shows_each_digest(self, county: County, monday: dt.datetime) -> None:
        answer = browser(county.office_one).get(PREVIEW)
        text = page_text(answer)
        assert county.transport_staff.name in text and "大桥下部结构完成" in text
        assert answer.context["new_count"] == len(answer.context["lines"]) > 0
        assert not Notice.objects.exists()

    def test_what_was_previewed_is_issued_once(self, county: County, monday: dt.datetime) -> None:
        client = browser(county.office_one)
        expected = client.get(PREVIEW).context["new_count"]
        form = token() | {"as_of": TODAY}
        first, second = client.post(ISSUE, form), client.post(ISSUE, form)
        assert first.url == second.url == reverse("notice_batch", args=["weekly_overdue", "2026-W37"])
        assert Notice.objects.count() == expected
        again = client.get(PREVIEW)
        assert again.context["new_count"] == 0
        assert "本周已有" in page_text(again) and "生成并发送" not in page_text(again)

    @pytest.mark.parametrize("day", ["2026-09-08", "nonsense"])
    def test_a_day_to_come_is_refused(self, county: County, monday: dt.datetime, day: str) -> None:
        client = browser(county.office_one)
        assert client.get(PREVIEW, {"as_of": day}).status_code == 422
        answer = send(client, ISSUE, as_of=day)
        assert answer.url == PREVIEW
        assert not Notice.objects.exists()

    def test_a_past_view_sends_nothing(self, county: County, monday: dt.datetime) -> None:
        client = browser(county.office_one)
        client.post(reverse("as_of"), {"day": dt.date(2026, 9, 1)})
        assert send(client, ISSUE, as_of="2026-09-01").status_code == 422
        assert not Notice.objects.exists()

    @pytest.mark.parametrize("name", ["mayor", "transport_head", "owner", "sysadmin"])
    def test_only_offices_send(self, county: County, monday: dt.datetime, name: str) -> None:
        client = browser(getattr(county, name))
        assert client.get(PREVIEW).status_code == 403
        assert send(client, ISSUE, as_of=TODAY).status_code == 403


class TestLog:
    def test_a_batch_counts_and_lists_its_deliveries(self, county: County, notice: Notice) -> None:
        delivery = delivery_of(notice)
        Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, error="收件地址不存在")
        client = browser(county.supervisor)
        assert "每周逾期提醒" in page_text(client.get(reverse("notice_batches")))
        answer = client.get(reverse("notice_batch", args=["weekly_overdue", "2026-W37"]))
        assert "收件地址不存在" in page_text(answer)
        assert answer.context["batch"].failed == 1
        assert not answer.context["may_retry"], "the supervision office looks on"

    def test_one_state_at_a_time(self, county: County, notice: Notice) -> None:
        delivery_of(notice)
        url = reverse("notice_batch", args=["weekly_overdue", "2026-W37"])
        client = browser(county.office_one)
        assert len(client.get(url, {"state": "waiting"}).context["page"].object_list) == 1
        assert len(client.get(url, {"state": "failed"}).context["page"].object_list) == 0

    def test_an_unknown_batch_does_not_exist(self, county: County, monday: dt.datetime) -> None:
        url = reverse("notice_batch", args=["weekly_overdue", "2026-W01"])
        assert browser(county.office_one).get(url).status_code == 404

    def test_as_many_questions_with_twice_the_deliveries(self, county: County, notice: Notice) -> None:
        delivery_of(notice)
        url = reverse("notice_batch", args=["weekly_overdue", "2026-W37"])
        client = browser(county.office_one)
        before = queries(client, url)
        delivery_of(notice_to(county.housing_staff))
        assert queries(client, url) == before
