"""Deliveries: claim with a lease, send outside the transaction, finish with the fencing number (docs/notices.md).

A batch is claimed at once; then one transaction per message writes the end of the message before and the beginning of
the next. A worker that dies therefore leaves at most one message whose outcome nobody saw, and only that one is sent
again, marked 补发 under the same Message-ID. Every other message is neither lost nor repeated.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Q, QuerySet

from projects import audit
from projects.models import User
from supervision import channels, wiring
from supervision.channels.smtp import Server, SmtpSender
from supervision.channels.spool import SpoolSender
from supervision.enums import Channel, DeliveryState, NoticeState
from supervision.models import Delivery, DeliveryAttempt, Notice, SendingHold
from supervision.rules import delivery as rules
from supervision.rules.notices import Matter, body
from supervision.selectors.matters import still_open
from supervision.services.leases import Elapsed
from tracker.web.errors import UserError

logger = logging.getLogger(__name__)

BATCH = 25
NOTHING_REMAINS = "发送前事项已全部办理"
OPEN_STATES = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(slots=True)
class SweepResult:
    """How many deliveries of a sweep ended how."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def text(self) -> str:
        if not self.total:
            return "没有待发送的通知"
        return "、".join(f"{DeliveryState(state).label}{count}件" for state, count in sorted(self.counts.items()))


@dataclass(frozen=True, slots=True)
class _End:
    """How one attempt ended: the new state of the delivery, and when to try again if it waits.

    `is_known` is false when the message may have been accepted although nobody heard so.
    """

    state: DeliveryState
    error: str = ""
    next_try_at: dt.datetime | None = None
    is_known: bool = True


def sweep(*, at: dt.datetime, worker: str, limit: int = 1000) -> SweepResult:
    """Send what is due, up to `limit` deliveries, on one connection per channel and batch."""
    elapsed, result = Elapsed(at), SweepResult()
    while result.total < limit:
        claimed = claim(at=elapsed.now(), worker=worker, size=min(BATCH, limit - result.total))
        if not claimed:
            break
        before = result.counts[DeliveryState.WAITING.value] + result.counts[DeliveryState.FAILED.value]
        _send(claimed, elapsed, result)
        after = result.counts[DeliveryState.WAITING.value] + result.counts[DeliveryState.FAILED.value]
        if after - before == len(claimed):
            break  # nothing gets through: leave the rest for the next sweep instead of failing all of them
    return result


def deliver(*, delivery_id: int, at: dt.datetime, worker: str) -> SweepResult:
    """Send one delivery now, if it is due and nobody else holds it."""
    result = SweepResult()
    claimed = claim(at=at, worker=worker, size=1, among=Q(pk=delivery_id))
    _send(claimed, Elapsed(at), result)
    return result


def claim(*, at: dt.datetime, worker: str, size: int, among: Q | None = None) -> list[Delivery]:
    """Lease up to `size` due deliveries to `worker`: waiting ones, and those whose worker's lease has run out.

    The raised attempt number fences the former worker off. One whose last attempt has no recorded end becomes a
    repeat.
    """
    lease_until = at + dt.timedelta(seconds=settings.LEASE_SECONDS)
    with transaction.atomic():
        due = _due(at).filter(among or Q())
        pks = list(
            due.select_for_update(skip_locked=True).order_by("next_try_at", "pk").values_list("pk", flat=True)[:size]
        )
        if not pks:
            return []
        unseen = DeliveryAttempt.objects.filter(delivery__in=pks, outcome="").values("delivery")
        Delivery.objects.filter(pk__in=unseen).update(is_repeat=True)
        _due(at).filter(pk__in=pks).update(
            state=DeliveryState.SENDING,
            attempt=F("attempt") + 1,
            worker=worker,
            lease_until=lease_until,
            next_try_at=lease_until,
        )
        held = Delivery.objects.filter(pk__in=pks).select_related("notice__recipient")
        return list(held.order_by("channel", "pk"))


def retry(*, delivery_id: int, actor: User | None, at: dt.datetime) -> Delivery:
    """Put a failed delivery back in the queue, after a person has removed the cause."""
    with transaction.atomic():
        moved = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.FAILED).update(
            state=DeliveryState.WAITING, next_try_at=at, finished_at=None, failures=0
        )
        if not moved:
            raise UserError("只有发送失败的通知可以重发；其状态已变化，请刷新页面。")
        row = Delivery.objects.select_related("notice").get(pk=delivery_id)
        audit.record(actor=actor, at=at, action="deliveries.retry", obj=row)
        wiring.ring_after_commit("deliver", row.pk)
    return row


def channel_in_use() -> Channel:
    """E-mail where a server is configured, the spool folder otherwise."""
    return Channel.EMAIL if settings.SMTP_HOST else Channel.SPOOL


def _due(at: dt.datetime) -> QuerySet[Delivery]:
    """What may leave now: nothing while sending is stopped after a restore. A next try further ahead than any wait was
    written by a clock that has been put back since."""
    stopped = Exists(SendingHold.objects.filter(released_at=None))
    is_time = Q(next_try_at__lte=at) | Q(next_try_at__gt=at + rules.LONGEST_WAIT)
    return Delivery.objects.filter(~stopped, is_time, state__in=OPEN_STATES)


def _send(claimed: Sequence[Delivery], elapsed: Elapsed, result: SweepResult) -> None:
    open_refs = still_open([item for row in claimed for item in row.notice.items], elapsed.now())
    for channel in sorted({row.channel for row in claimed}):
        rows = [row for row in claimed if row.channel == channel]
        with _sender(channel) as sender:
            _send_batch(rows, sender, open_refs, elapsed, result)


def _send_batch(
    rows: Sequence[Delivery],
    sender: channels.Sender,
    open_refs: frozenset[str],
    elapsed: Elapsed,
    result: SweepResult,
) -> None:
    ended: tuple[Delivery, _End] | None = None
    for row in rows:
        remaining = [Matter.of_item(item) for item in row.notice.items if item["ref"] in open_refs]
        with transaction.atomic():
            if ended is not None:
                _finish(*ended, elapsed.now())
            begun = _begin(row, elapsed.now()) if remaining else _cancel(row, elapsed.now())
        ended = None
        if not begun:
            continue
        if remaining:
            end = _attempt(row, remaining, sender, elapsed)
            ended = (row, end)
            result.counts[end.state.value] += 1
        else:
            result.counts[DeliveryState.CANCELLED.value] += 1
    if ended is not None:
        with transaction.atomic():
            _finish(*ended, elapsed.now())


def _begin(row: Delivery, now: dt.datetime) -> bool:
    """Record that the attempt begins and renew the lease; false when another worker has taken the delivery."""
    lease_until = now + dt.timedelta(seconds=settings.LEASE_SECONDS)
    if not _held(row).update(lease_until=lease_until, next_try_at=lease_until):
        return False
    DeliveryAttempt.objects.create(
        delivery=row, number=row.attempt, worker=row.worker, started_at=now, is_repeat=row.is_repeat
    )
    return True


def _attempt(row: Delivery, remaining: Sequence[Matter], sender: channels.Sender, elapsed: Elapsed) -> _End:
    """Hand the message over and translate how that ended."""
    notice = row.notice
    text = body(
        name=notice.recipient.name,
        as_of=notice.as_of,
        matters=remaining,
        settled=len(notice.items) - len(remaining),
        is_repeat=row.is_repeat,
    )
    try:
        message = channels.compose(
            sender=settings.MAIL_FROM,
            name=notice.recipient.name,
            address=row.address,
            subject=rules.subject(notice.title, is_repeat=row.is_repeat),
            text=text,
            message_id=row.message_id,
            at=elapsed.now(),
            is_repeat=row.is_repeat,
        )
        sender.send(message)
    except channels.PermanentError as error:
        return _End(DeliveryState.FAILED, str(error))
    except channels.TemporaryError as error:
        next_try_at = rules.next_try(row.failures + 1, elapsed.now())
        return _End(DeliveryState.FAILED if next_try_at is None else DeliveryState.WAITING, str(error), next_try_at)
    except channels.UnknownOutcome as error:
        next_try_at = rules.next_try(row.failures + 1, elapsed.now())
        state = DeliveryState.FAILED if next_try_at is None else DeliveryState.WAITING
        return _End(state, str(error), next_try_at, is_known=False)
    except Exception as error:  # one unsendable message must not hold up the rest of the batch
        logger.exception("delivery %s cannot be sent", row.pk)
        return _End(DeliveryState.FAILED, f"无法生成或发送：{error}")
    return _End(DeliveryState.SENT)


def _finish(row: Delivery, end: _End, now: dt.datetime) -> None:
    """Write the end of an attempt; only the holder of the current attempt number changes the delivery.

    An attempt of unknown outcome keeps an empty outcome, so that the next claim marks a repeat.
    """
    error = end.error[:300]
    if end.is_known:
        outcome = end.state if end.state is DeliveryState.SENT else DeliveryState.FAILED
        row.attempts.filter(number=row.attempt).update(outcome=outcome, error=error, ended_at=now)
    else:
        row.attempts.filter(number=row.attempt).update(error=error, ended_at=now)
    is_over = end.next_try_at is None
    _held(row).update(
        state=end.state,
        error=error,
        failures=F("failures") + (0 if end.state is DeliveryState.SENT else 1),
        lease_until=None,
        next_try_at=end.next_try_at,
        finished_at=now if is_over else None,
    )


def _cancel(row: Delivery, now: dt.datetime) -> bool:
    """Everything was dealt with meanwhile: nothing is sent, and the notice says why."""
    cancelled = _held(row).update(
        state=DeliveryState.CANCELLED, error=NOTHING_REMAINS, lease_until=None, next_try_at=None, finished_at=now
    )
    if cancelled:
        Notice.objects.filter(pk=row.notice_id, state=NoticeState.ACTIVE).update(
            state=NoticeState.CANCELLED, cancel_reason=NOTHING_REMAINS
        )
    return bool(cancelled)


def _held(row: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=row.pk, attempt=row.attempt, state=DeliveryState.SENDING)


def _sender(channel: str) -> channels.Sender:
    if channel == Channel.EMAIL:
        return SmtpSender(
            Server(
                host=settings.SMTP_HOST,
                port=settings.SMTP_PORT,
                user=settings.SMTP_USER,
                password=settings.SMTP_PASSWORD,
                security=settings.SMTP_SECURITY,
            )
        )
    return SpoolSender(settings.SPOOL_DIR)
