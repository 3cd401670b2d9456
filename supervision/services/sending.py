"""Sending is stopped by a restore and released by a person (docs/operations.md, Restore)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from projects import audit
from projects.models import User
from supervision import wiring
from supervision.enums import Channel, DeliveryState
from supervision.models import Delivery, SendingHold
from tracker.web.errors import UserError

CANCELLED_AT_RELEASE = "恢复备份后由管理员取消：恢复前可能已经发出"


@dataclass(frozen=True, slots=True)
class Released:
    """What happened to the messages that were open when sending was stopped: marked as repeats, or cancelled."""

    marked: int
    cancelled: int


def release(*, cancel_open: bool, actor: User | None, at: dt.datetime) -> Released:
    """Let messages leave again. Those open at the time of the stop may have been sent in the time the restore took
    away: they are marked 补发, or with `cancel_open` not sent at all. Refused when nothing is stopped."""
    with transaction.atomic():
        stops = SendingHold.objects.select_for_update().filter(released_at=None)
        since = max((stop.since for stop in stops), default=None)
        if since is None:
            raise UserError("发送没有停止，无需放行。")
        uncertain = Delivery.objects.filter(
            state__in=(DeliveryState.WAITING, DeliveryState.SENDING), created_at__lte=since
        ).exclude(channel=Channel.INBOX)
        marked = cancelled = 0
        if cancel_open:
            cancelled = uncertain.update(
                state=DeliveryState.CANCELLED,
                error=CANCELLED_AT_RELEASE,
                lease_until=None,
                next_try_at=None,
                finished_at=at,
            )
        else:
            marked = uncertain.update(is_repeat=True)
        SendingHold.objects.filter(released_at=None).update(released_at=at)
        audit.record(actor=actor, at=at, action="deliveries.release", data={"marked": marked, "cancelled": cancelled})
        wiring.ring_after_commit("sweep")
    return Released(marked=marked, cancelled=cancelled)
