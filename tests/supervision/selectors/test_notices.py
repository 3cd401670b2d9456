"""Inbox, batches and delivery log: docs/notices.md."""

from __future__ import annotations

import datetime as dt

import pytest

from supervision.enums import DeliveryState
from supervision.models import Delivery, Notice
from supervision.selectors import notices as read
from supervision.services import deliveries, notices
from tests.support import county as cast
from tests.support.county import moment

pytestmark = pytest.mark.django_db

EIGHT = moment(9, 7, 8)


@pytest.fixture
def county(settings, tmp_path):
    settings.SPOOL_DIR = tmp_path
    county = cast.build()
    for week, day in (("2026-W37", dt.date(2026, 9, 7)), ("2026-W38", dt.date(2026, 9, 14))):
        at = moment(day.month, day.day, 8)
        notices.issue(as_of=day, at=at, period_key=week, made_up=week == "2026-W38", actor=None)
    return county


def test_the_inbox_holds_ones_own_notices_newest_first(county):
    assert [notice.period_key for notice in read.inbox(county.housing_staff)] == ["2026-W38", "2026-W37"]
    assert not read.inbox(county.bureau).exists()


def test_unread_goes_down_with_reading(county):
    assert read.unread_count(county.housing_staff) == 2
    first = read.inbox(county.housing_staff).first()
    notices.mark_read(notice_id=first.pk, actor=county.housing_staff, at=EIGHT)
    assert read.unread_count(county.housing_staff) == 1


def test_a_notice_opens_for_its_recipient_alone(county):
    notice = read.inbox(county.housing_staff).first()
    opened = read.notice_view(county.housing_staff, notice.pk)
    assert [group.label for group in opened.groups] == ["节点逾期"]
    assert [delivery.channel for delivery in opened.deliveries] == ["inbox", "spool"]
    assert read.notice_view(county.transport_staff, notice.pk) is None


def test_batches_count_what_arrived_and_what_was_signed(county, django_assert_num_queries):
    deliveries.sweep(at=moment(9, 14, 9), worker="w")
    signed = Notice.objects.get(recipient=county.housing_staff, period_key="2026-W37")
    notices.acknowledge(notice_id=signed.pk, actor=county.housing_staff, at=moment(9, 14, 10))
    bounced = Delivery.objects.filter(channel="spool", notice__period_key="2026-W38").first()
    Delivery.objects.filter(pk=bounced.pk).update(state=DeliveryState.FAILED, is_repeat=True)
    with django_assert_num_queries(2):
        newest, older = read.batches()
    assert (newest.period_key, newest.is_made_up, newest.notices) == ("2026-W38", True, 3)
    assert (newest.delivered, newest.failed, newest.repeats, newest.acknowledged) == (2, 1, 1, 0)
    assert (older.delivered, older.acknowledged, older.read, older.is_made_up) == (3, 1, 1, False)


def test_the_log_shows_every_attempt(county, django_assert_num_queries):
    deliveries.sweep(at=moment(9, 14, 9), worker="w")
    with django_assert_num_queries(2):
        log = list(read.delivery_log("weekly_overdue", "2026-W37"))
        outward = [row for row in log if row.channel == "spool"]
        assert all(row.attempts.all()[0].outcome == DeliveryState.SENT for row in outward)
    assert (len(log), len(outward)) == (6, 3)
