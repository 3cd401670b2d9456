"""After a restore nothing leaves until a person releases it: docs/operations.md, Restore."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.models import AuditEntry
from supervision.enums import Channel, DeliveryState
from supervision.models import Delivery, SendingHold
from supervision.selectors import operations as read
from supervision.services import deliveries, sending
from tests.supervision.office import delivery_of, notice_to, overdue_item
from tests.support import county as cast
from tests.support.county import County, moment
from tests.support.web import browser, page_text
from tracker import readiness
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db

EIGHT = moment(9, 7, 8)
NINE, TEN = moment(9, 7, 9), moment(9, 7, 10)
REASON = "9月7日9时恢复了当日2时的备份"


@pytest.fixture
def county() -> County:
    return cast.build()


@pytest.fixture
def delivery(county: County, settings: Any, tmp_path: Path) -> Delivery:
    """Open in the backup: it may have left before the restore."""
    settings.SPOOL_DIR = tmp_path / "spool"
    return delivery_of(notice_to(county.transport_staff, items=[overdue_item(county)]))


@pytest.fixture
def stopped(delivery: Delivery) -> SendingHold:
    return SendingHold.objects.create(since=NINE, reason=REASON)


def sweep(at: dt.datetime) -> int:
    return deliveries.sweep(at=at, worker="w").total


def test_nothing_leaves_while_stopped(delivery: Delivery, stopped: SendingHold) -> None:
    assert sweep(TEN) == 0
    assert deliveries.deliver(delivery_id=delivery.pk, at=TEN, worker="w").total == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempt) == (DeliveryState.WAITING, 0)


def test_what_may_have_left_before_goes_out_marked(delivery: Delivery, stopped: SendingHold, county: County) -> None:
    later = notice_to(county.park_staff, items=[overdue_item(county)])
    fresh = delivery_of(later)
    Delivery.objects.filter(pk=fresh.pk).update(created_at=NINE + dt.timedelta(minutes=5))
    assert sending.release(cancel_open=False, actor=None, at=TEN) == sending.Released(marked=1, cancelled=0)
    assert sweep(TEN) == 2
    delivery.refresh_from_db()
    fresh.refresh_from_db()
    assert delivery.state == fresh.state == DeliveryState.SENT
    assert delivery.is_repeat and not fresh.is_repeat


def test_what_may_have_left_before_can_be_dropped(delivery: Delivery, stopped: SendingHold) -> None:
    assert sending.release(cancel_open=True, actor=None, at=TEN) == sending.Released(marked=0, cancelled=1)
    assert sweep(TEN) == 0
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.CANCELLED and "恢复前可能已经发出" in delivery.error


def test_the_inbox_is_no_repeat(stopped: SendingHold, delivery: Delivery) -> None:
    Delivery.objects.update(channel=Channel.INBOX)
    assert sending.release(cancel_open=True, actor=None, at=TEN) == sending.Released(0, 0)


def test_the_release_is_in_the_audit_and_cannot_be_given_twice(stopped: SendingHold) -> None:
    call_command("release_sending", "--cancel")
    entry = AuditEntry.objects.get(action="deliveries.release")
    assert entry.data == {"marked": 0, "cancelled": 1}
    with pytest.raises(UserError, match="没有停止"):
        sending.release(cancel_open=False, actor=None, at=TEN)
    with pytest.raises(CommandError, match="没有停止"):
        call_command("release_sending")


def test_the_health_page_says_so_and_the_probe_stays_green(county: County, stopped: SendingHold, freeze: Any) -> None:
    freeze(TEN)
    assert read.health(TEN).problems == (
        f"{REASON}：通知暂停发送。核对后由管理员运行 manage.py release_sending 放行。",
    )
    assert readiness.work(TEN) == "", "the site itself works: no reason to take it out of the proxy"
    assert REASON in page_text(browser(county.sysadmin).get("/operations/"))
