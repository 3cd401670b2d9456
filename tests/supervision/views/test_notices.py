"""Notices in the browser: inbox, acknowledgement, preview, issue, delivery log."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from supervision.enums import DeliveryState, NoticeState
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

    def test_what_is_to_be_read_or_signed_stands_before_newer_settled_ones(
        self, county: County, notice: Notice
    ) -> None:
        me = county.transport_staff
        unread, read, signed, cancelled = (
            Notice.objects.create(
                kind=notice.kind, period_key=f"2026-W{week}", recipient=me, as_of=TODAY, title=title, items=[],
                created_at=MONDAY_EIGHT + dt.timedelta(days=week - 37), **more,
            )
            for week, title, more in (
                (36, "未读", {}),
                (38, "已读", {"read_at": MONDAY_EIGHT}),
                (39, "已签", {"read_at": MONDAY_EIGHT, "acknowledged_at": MONDAY_EIGHT}),
                (40, "取消", {"state": NoticeState.CANCELLED}),
            )
        )  # fmt: skip
        answer = browser(me).get(reverse("inbox"))
        assert list(answer.context["page"].object_list) == [notice, unread, read, cancelled, signed]
        assert "3份待签收，其中2份未读" in page_text(answer)

    def test_a_cancelled_notice_asks_for_no_signature(self, county: County, notice: Notice) -> None:
        url = reverse("notice", args=[notice.pk])
        sign, client = reverse("notice_acknowledge", args=[notice.pk]), browser(county.transport_staff)
        assert sign in client.get(url).content.decode()
        Notice.objects.filter(pk=notice.pk).update(state=NoticeState.CANCELLED, cancel_reason="发送前事项已全部办理")
        answer = client.get(url)
        assert "本通知已取消：发送前事项已全部办理" in page_text(answer)
        assert sign not in answer.content.decode()

    def test_as_many_questions_with_more_notices(self, county: County, notice: Notice) -> None:
        client = browser(county.transport_staff)
        before = queries(client, reverse("inbox"))
        for week in (35, 36):
            Notice.objects.create(
                kind=notice.kind, period_key=f"2026-W{week}", recipient=county.transport_staff, as_of=TODAY,
                title="往期提醒", items=[], created_at=MONDAY_EIGHT, unit=county.transport,
            )  # fmt: skip
        assert queries(client, reverse("inbox")) == before <= 12

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

    def test_issuing_again_says_that_nobody_was_new(self, county: County, monday: dt.datetime) -> None:
        client = browser(county.office_one)
        send(client, ISSUE, as_of=TODAY)
        count = Notice.objects.count()
        shown = client.get(send(client, ISSUE, as_of=TODAY).url)
        assert "有事项的人员本周均已有通知" in page_text(shown)
        assert Notice.objects.count() == count

    def test_a_week_that_has_passed_is_made_up(self, county: County, monday: dt.datetime) -> None:
        client = browser(county.office_one)
        answer = send(client, ISSUE, as_of="2026-09-06")
        assert answer.url == reverse("notice_batch", args=["weekly_overdue", "2026-W36"])
        assert set(Notice.objects.values_list("is_made_up", flat=True)) == {True}
        assert "补发批次" in page_text(client.get(answer.url))
        send(client, ISSUE, as_of=TODAY)
        assert not Notice.objects.filter(period_key="2026-W37", is_made_up=True).exists()

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

    def test_repeats_and_cancellations_are_counted(self, county: County, notice: Notice) -> None:
        repeat = delivery_of(notice)
        Delivery.objects.filter(pk=repeat.pk).update(state=DeliveryState.SENT, is_repeat=True)
        Notice.objects.filter(pk=notice_to(county.housing_staff).pk).update(state=NoticeState.CANCELLED)
        url = reverse("notice_batch", args=["weekly_overdue", "2026-W37"])
        text = page_text(browser(county.office_one).get(url))
        assert "1份前次结果不明，按补发发送" in text and "发送前已办结" in text

    def test_a_retry_goes_back_to_the_batch(self, county: County, notice: Notice) -> None:
        delivery = delivery_of(notice)
        Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, error="收件地址不存在")
        client, url = browser(county.office_one), reverse("notice_batch", args=["weekly_overdue", "2026-W37"])
        retry = reverse("delivery_retry", args=[delivery.pk])
        assert retry in client.get(url).content.decode()
        assert send(client, retry, back="batch").url == url
        assert retry not in client.get(url).content.decode(), "nothing is left to retry"

    def test_one_state_at_a_time(self, county: County, notice: Notice) -> None:
        delivery_of(notice)
        url = reverse("notice_batch", args=["weekly_overdue", "2026-W37"])
        client = browser(county.office_one)
        assert len(client.get(url, {"state": "waiting"}).context["page"].object_list) == 1
        assert len(client.get(url, {"state": "failed"}).context["page"].object_list) == 0

    @pytest.mark.parametrize(("asked", "count"), [("钱悦", 1), ("transport", 1), ("交通", 1), ("丁小满", 0)])
    def test_found_by_person_account_or_unit(self, county: County, notice: Notice, asked: str, count: int) -> None:
        delivery_of(notice)
        url = reverse("notice_batch", args=["weekly_overdue", "2026-W37"])
        answer = browser(county.office_one).get(url, {"q": asked})
        assert len(answer.context["page"].object_list) == count

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
