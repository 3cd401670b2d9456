"""The inbox of a person, the batches of the office, the delivery log (docs/notices.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Min, Prefetch, Q, QuerySet, Value, When

from projects.models import User
from projects.rules.periods import parse
from supervision.enums import Channel, DeliveryState, NoticeKind, NoticeState
from supervision.models import Delivery, DeliveryAttempt, Notice
from supervision.rules.notices import Group, Matter, groups


@dataclass(frozen=True, slots=True)
class Batch:
    """All notices of one kind and period. `delivered` and `failed` count e-mail or spool; the inbox always has it."""

    kind: str
    period_key: str
    as_of: date
    created_at: datetime
    is_made_up: bool
    notices: int
    cancelled: int
    read: int
    acknowledged: int
    delivered: int
    waiting: int
    failed: int
    repeats: int

    @property
    def title(self) -> str:
        """As "2018年第39周（9月24日至9月30日）"."""
        return parse(self.period_key).title

    @property
    def kind_label(self) -> str:
        return NoticeKind(self.kind).label


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice opened: its groups and its way."""

    notice: Notice
    groups: list[Group]
    deliveries: list[Delivery]


def inbox(user: User) -> QuerySet[Notice]:
    """The person's notices: unread ones, then those to sign, then the rest; newest first within each. Nobody sees
    another's."""
    open_first = Case(
        When(state=NoticeState.ACTIVE, acknowledged_at=None, read_at=None, then=Value(0)),
        When(state=NoticeState.ACTIVE, acknowledged_at=None, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    mine = Notice.objects.filter(recipient=user).select_related("unit")
    return mine.order_by(open_first, "-created_at", "-pk")


def unread_count(user: User) -> int:
    """Active notices the person has not opened."""
    return Notice.objects.filter(recipient=user, read_at=None, state=NoticeState.ACTIVE).count()


NOTICES_TO_READ = 5
"""How many the to-do list names; the inbox has the rest."""


def to_read(user: User) -> list[Notice]:
    """Active notices the person has not opened, newest first, at most `NOTICES_TO_READ`."""
    unread = Notice.objects.filter(recipient=user, read_at=None, state=NoticeState.ACTIVE)
    return list(unread.order_by("-created_at", "-pk")[:NOTICES_TO_READ])


def to_acknowledge_count(user: User) -> int:
    """Active notices the person has not signed, read or not."""
    return Notice.objects.filter(recipient=user, acknowledged_at=None, state=NoticeState.ACTIVE).count()


def notice_view(user: User, notice_id: int) -> NoticeView | None:
    """One of the person's own notices; None for another's, as if it did not exist."""
    notice = inbox(user).filter(pk=notice_id).first()
    return _view(notice) if notice is not None else None


def batches() -> list[Batch]:
    """Every batch, newest first. Two queries."""
    outward = (
        Delivery.objects.exclude(channel=Channel.INBOX)
        .order_by()
        .values("notice__kind", "notice__period_key")
        .annotate(
            delivered=Count("pk", filter=Q(state=DeliveryState.SENT)),
            waiting=Count("pk", filter=Q(state__in=(DeliveryState.WAITING, DeliveryState.SENDING))),
            failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
            repeats=Count("pk", filter=Q(is_repeat=True)),
        )
    )
    ways = {(row["notice__kind"], row["notice__period_key"]): row for row in outward}
    rows = (
        Notice.objects.order_by()
        .values("kind", "period_key")
        .annotate(
            latest_as_of=Max("as_of"),
            first_created=Min("created_at"),
            notices=Count("pk"),
            made_up=Count("pk", filter=Q(is_made_up=True)),
            cancelled=Count("pk", filter=Q(state=NoticeState.CANCELLED)),
            read=Count("pk", filter=Q(read_at__isnull=False)),
            acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
        )
        .order_by("-first_created", "kind")
    )
    return [_batch(row, ways.get((row["kind"], row["period_key"]), {})) for row in rows]


def batch(kind: str, period_key: str) -> Batch | None:
    """One batch; None when nothing was issued for the period."""
    return next((row for row in batches() if (row.kind, row.period_key) == (kind, period_key)), None)


def notified(kind: str, period_key: str) -> frozenset[int]:
    """Accounts that already have their notice of a period: issuing again leaves it as it is."""
    return frozenset(Notice.objects.filter(kind=kind, period_key=period_key).values_list("recipient_id", flat=True))


def delivery_log(kind: str, period_key: str, *, text: str = "", state: str = "") -> QuerySet[Delivery]:
    """Each delivery of a batch with its attempts, in recipient order. `text` is part of the recipient's name, account
    or unit."""
    rows = Delivery.objects.filter(notice__kind=kind, notice__period_key=period_key)
    for word in text.split():
        rows = rows.filter(
            Q(notice__recipient__name__icontains=word)
            | Q(notice__recipient__username__icontains=word)
            | Q(notice__recipient__unit__name__icontains=word)
            | Q(notice__recipient__unit__short_name__icontains=word)
        )
    if state:
        rows = rows.filter(state=state)
    return (
        rows.select_related("notice__recipient", "notice__unit")
        .prefetch_related(_attempts())
        .order_by("notice__recipient__unit__official_order", "notice__recipient__username", "channel")
    )


def _batch(row: Mapping[str, Any], way: Mapping[str, Any]) -> Batch:
    return Batch(
        kind=row["kind"],
        period_key=row["period_key"],
        as_of=row["latest_as_of"],
        created_at=row["first_created"],
        is_made_up=bool(row["made_up"]),
        notices=row["notices"],
        cancelled=row["cancelled"],
        read=row["read"],
        acknowledged=row["acknowledged"],
        delivered=way.get("delivered", 0),
        waiting=way.get("waiting", 0),
        failed=way.get("failed", 0),
        repeats=way.get("repeats", 0),
    )


def _view(notice: Notice) -> NoticeView:
    deliveries = notice.deliveries.prefetch_related(_attempts()).order_by("channel")
    return NoticeView(notice, groups(Matter.of_item(item) for item in notice.items), list(deliveries))


def _attempts() -> Prefetch:
    return Prefetch("attempts", DeliveryAttempt.objects.order_by("number"))
