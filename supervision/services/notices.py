"""The weekly digest: who gets one, the rows that say so, and what the recipients do with it (docs/notices.md).

Notices and their deliveries are written together in sorted key order under unique keys, so running twice, or in two
processes, makes one notice per person and period; the rows are the truth and the queue is only the bell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from projects import audit
from projects.models import Period, User
from projects.rules.periods import parse
from projects.services.periods import is_locked
from supervision import wiring
from supervision.enums import Channel, DeliveryState, NoticeKind
from supervision.models import Delivery, Notice
from supervision.rules import delivery as delivery_rules
from supervision.rules.notices import Matter, groups, title
from supervision.rules.schedule import SHANGHAI
from supervision.selectors.matters import Assigned, Recipient, matters_on, recipients_on, reports_owed
from supervision.services.deliveries import channel_in_use
from tracker.clock import day_of
from tracker.web.errors import UserError

CHUNK = 200
"""Notices written in one transaction."""

LEVEL_REMINDER = 0
"""L0 of the ladder: the only level that leaves without a person confirming."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person would get."""

    recipient: Recipient
    title: str
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """Outcome of an issue: how many persons had matters, and for how many of them a notice was new."""

    period_key: str
    recipients: int
    created: int


def preview(*, as_of: dt.date, at: dt.datetime, period_key: str) -> list[Digest]:
    """The digests an issue would write, in account order. Persons without matters get none."""
    period_title = parse(period_key).title
    return _digests(matters_on(as_of, min(at, _end_of(as_of))), as_of, lambda matters: title(period_title, matters))


def issue(
    *,
    as_of: dt.date,
    at: dt.datetime,
    period_key: str,
    made_up: bool,
    actor: User | None,
    progress: Callable[[int, int], None] | None = None,
) -> Issued:
    """Write the missing notices of a period with their deliveries, and ring. What exists stays as it is."""
    digests = preview(as_of=as_of, at=at, period_key=period_key)
    batch = _Batch(NoticeKind.WEEKLY_OVERDUE, period_key, as_of, at, made_up)
    created = 0
    for start in range(0, len(digests), CHUNK):
        created += _write(digests[start : start + CHUNK], batch)
        if progress is not None:
            progress(min(start + CHUNK, len(digests)), len(digests))
    if created:
        audit.record(
            actor=actor,
            at=at,
            action="notices.issue",
            data={"period": period_key, "as_of": as_of.isoformat(), "created": created, "made_up": made_up},
        )
    return Issued(period_key, len(digests), created)


def remind(*, period: Period, at: dt.datetime, actor: User) -> Issued:
    """催报: one notice, by hand, to everybody who still owes a report of the period. Each person gets one a period;
    pressed again it reaches who has come to owe one since."""
    if is_locked(period, at):
        raise UserError(f"{period.title}已锁定，不能再催报；漏报的请办理补报。")
    as_of = day_of(at)
    digests = _digests(reports_owed(period, at), as_of, lambda matters: title(period.title, matters, word="催报"))
    batch = _Batch(NoticeKind.REPORT_REMINDER, period.key, as_of, at, made_up=False)
    with transaction.atomic():
        created = sum(_write(digests[start : start + CHUNK], batch) for start in range(0, len(digests), CHUNK))
        if created:
            audit.record(actor=actor, at=at, action="notices.remind", obj=period, data={"created": created})
    return Issued(period.key, len(digests), created)


def mark_read(*, notice_id: int, actor: User, at: dt.datetime) -> None:
    """The recipient opened the notice; the first time counts."""
    Notice.objects.filter(pk=notice_id, recipient=actor, read_at=None).update(read_at=at)


def acknowledge(*, notice_id: int, actor: User, at: dt.datetime) -> Notice:
    """签收: the recipient confirms. A second click changes nothing; another person's notice does not exist."""
    with transaction.atomic():
        notice = Notice.objects.filter(pk=notice_id, recipient=actor).first()
        if notice is None:
            raise UserError("没有找到这份通知。")
        signed = Notice.objects.filter(pk=notice_id, acknowledged_at=None).update(
            acknowledged_at=at, acknowledged_by=actor
        )
        if signed:
            mark_read(notice_id=notice_id, actor=actor, at=at)
            audit.record(actor=actor, at=at, action="notices.acknowledge", obj=notice)
        notice.refresh_from_db()
    return notice


@dataclass(frozen=True, slots=True)
class _Batch:
    """What all notices of one issue share."""

    kind: NoticeKind
    period_key: str
    as_of: dt.date
    at: dt.datetime
    made_up: bool


def _digests(matters: Sequence[Assigned], as_of: dt.date, titled: Callable[[Sequence[Matter]], str]) -> list[Digest]:
    """The matters by person, in account order; who has none gets no digest."""
    by_unit: dict[int, list[Matter]] = {}
    by_project: dict[int, list[Matter]] = {}
    for assigned in matters:
        _file(assigned, by_unit, by_project)
    found = []
    for recipient in recipients_on(as_of):
        mine = _ordered(recipient, by_unit, by_project)
        if mine:
            found.append(Digest(recipient, titled(mine), mine))
    return found


def _file(assigned: Assigned, by_unit: dict[int, list[Matter]], by_project: dict[int, list[Matter]]) -> None:
    if assigned.unit_id is not None:
        by_unit.setdefault(assigned.unit_id, []).append(assigned.matter)
    by_project.setdefault(assigned.matter.project_id, []).append(assigned.matter)


def _ordered(
    recipient: Recipient, by_unit: dict[int, list[Matter]], by_project: dict[int, list[Matter]]
) -> tuple[Matter, ...]:
    matters = [matter for unit_id in recipient.unit_ids for matter in by_unit.get(unit_id, ())]
    matters += [matter for project_id in recipient.project_ids for matter in by_project.get(project_id, ())]
    return tuple(matter for group in groups(matters) for matter in group.matters)


def _write(digests: Sequence[Digest], batch: _Batch) -> int:
    """One chunk: the missing notices and deliveries, in one transaction. Answers how many notices were new."""
    wanted = {digest.recipient.user_id: digest for digest in digests}
    rows = Notice.objects.filter(
        kind=batch.kind, period_key=batch.period_key, level=LEVEL_REMINDER, recipient__in=wanted
    )
    with transaction.atomic():
        known = set(rows.values_list("recipient_id", flat=True))
        Notice.objects.bulk_create(
            [
                Notice(
                    kind=batch.kind,
                    period_key=batch.period_key,
                    level=LEVEL_REMINDER,
                    recipient_id=user_id,
                    unit_id=_only(digest.recipient.unit_ids),
                    as_of=batch.as_of,
                    title=digest.title,
                    items=[matter.item() for matter in digest.matters],
                    is_made_up=batch.made_up,
                    created_at=batch.at,
                )
                for user_id, digest in sorted(wanted.items())
                if user_id not in known
            ],
            ignore_conflicts=True,
        )
        fresh = list(rows.filter(deliveries=None).order_by("recipient_id"))
        Delivery.objects.bulk_create(
            [delivery for notice in fresh for delivery in _deliveries(notice, wanted[notice.recipient_id], batch.at)],
            ignore_conflicts=True,
        )
        if fresh:
            wiring.ring_after_commit("sweep")
    return len(fresh)


def _deliveries(notice: Notice, digest: Digest, at: dt.datetime) -> list[Delivery]:
    """The inbox, which holds the notice at once, and the channel in use; no e-mail without an address."""
    inbox = Delivery(
        notice=notice,
        channel=Channel.INBOX,
        message_id=_message_id(notice, Channel.INBOX),
        state=DeliveryState.SENT,
        created_at=at,
        finished_at=at,
    )
    channel = channel_in_use()
    address = digest.recipient.email
    if channel is Channel.EMAIL and not address:
        return [inbox]
    outward = Delivery(
        notice=notice,
        channel=channel,
        address=address,
        message_id=_message_id(notice, channel),
        created_at=at,
        next_try_at=at,
    )
    return [inbox, outward]


def _message_id(notice: Notice, channel: Channel) -> str:
    return delivery_rules.message_id(
        kind=notice.kind,
        period_key=notice.period_key,
        level=notice.level,
        recipient_id=notice.recipient_id,
        channel=channel,
        domain=settings.MAIL_DOMAIN,
    )


def _only(unit_ids: frozenset[int]) -> int | None:
    """The unit shown beside a notice: known only when the person acts for exactly one."""
    return next(iter(unit_ids)) if len(unit_ids) == 1 else None


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=SHANGHAI) - dt.timedelta(microseconds=1)
