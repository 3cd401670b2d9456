"""A crash injected at every single database step of issuing and delivering: nothing lost, nothing doubled unmarked.

The crash is a BaseException raised before the n-th statement, for every n until the act completes undisturbed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from supervision.enums import Channel, DeliveryState
from supervision.models import Delivery, Notice
from supervision.services import deliveries, notices
from tests.supervision.office import delivery_of, notice_to, overdue_item
from tests.supervision.services.test_deliveries import Postbox
from tests.support import county as cast
from tests.support.county import moment

pytestmark = pytest.mark.django_db

EIGHT = moment(9, 7, 8)


class Killed(BaseException):
    """Stands for kill -9: nothing in the product may catch it."""


def killed_before_statement(number: int, act: Callable[[], object]) -> bool:
    """Run `act`, dying before its `number`-th statement; false when the act ended before that."""
    seen = 0

    def count(execute, sql, params, many, context):
        nonlocal seen
        seen += 1
        if seen == number:
            raise Killed(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        try:
            act()
        except Killed:
            return True
    return False


def issue() -> None:
    notices.issue(as_of=dt.date(2026, 9, 7), at=EIGHT, period_key="2026-W37", made_up=False, actor=None)


def test_issue_survives_a_crash_at_every_step():
    cast.build()
    number, expected = 1, None
    while killed_before_statement(number, issue):
        half = Notice.objects.exclude(deliveries__channel=Channel.SPOOL).count()
        assert half == 0, f"a notice without its delivery after a crash at step {number}"
        issue()
        pairs = Counter(Delivery.objects.values_list("notice__recipient", "channel"))
        assert set(pairs.values()) == {1}
        expected = expected or len(pairs)
        assert len(pairs) == expected
        Notice.objects.all().delete()
        number += 1
    assert number > 10


def test_delivery_survives_a_crash_at_every_step(monkeypatch):
    county = cast.build()
    number = 1
    while True:
        postbox = Postbox()
        monkeypatch.setattr(deliveries, "_sender", lambda channel, box=postbox: box)
        for user in (county.transport_staff, county.transport_head, county.housing_staff):
            delivery_of(notice_to(user, items=[overdue_item(county)]))
        was_killed = killed_before_statement(number, lambda: deliveries.sweep(at=EIGHT, worker="killed"))
        before = len(postbox.sent)
        deliveries.sweep(at=EIGHT + dt.timedelta(minutes=3), worker="next")
        assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
        by_id = Counter(message["Message-ID"] for message in postbox.sent)
        assert set(by_id) == set(Delivery.objects.values_list("message_id", flat=True)), "none lost"
        assert len(postbox.sent) <= 4, "at most the one message in flight is sent again"
        repeated = {key for key, times in by_id.items() if times > 1}
        marked = {m["Message-ID"] for m in postbox.sent[before:] if m["Subject"].startswith("【补发】")}
        assert repeated <= marked, "a repeat is marked"
        assert set(Delivery.objects.filter(is_repeat=True).values_list("message_id", flat=True)) == marked
        Notice.objects.all().delete()
        if not was_killed:
            break
        number += 1
    assert number > 15
