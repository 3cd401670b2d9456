"""Whatever happens to a notice on its way, and to a ranking, in whatever order (docs/notices.md, docs/rules.md)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from email.message import Message

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from supervision import channels
from supervision.enums import DeliveryState, Series, SnapshotState
from supervision.models import Delivery, DeliveryAttempt, RankingRow, Snapshot
from supervision.services import deliveries, snapshots
from tests.supervision.office import delivery_of, notice_to, open_month, overdue_item, review, submit
from tests.support.county import County, moment
from tests.support.states import Machine, explore


class Killed(BaseException):
    """Stands for kill -9: nothing in the product may catch it."""


class Server:
    """Takes a message or not, and then says so or not: (taken, what the worker hears)."""

    def __init__(self) -> None:
        self.answers: list[tuple[bool, BaseException | None]] = []
        self.taken: list[Message] = []

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *ignored: object) -> None:
        return None

    def send(self, message: Message) -> None:
        taken, error = self.answers.pop(0) if self.answers else (True, None)
        if taken:
            self.taken.append(message)
        if error is not None:
            raise error


ANSWERS = {
    "taken": lambda: (True, None),
    "put off": lambda: (False, channels.TemporaryError("451")),
    "refused": lambda: (False, channels.PermanentError("550")),
    "taken, then silence": lambda: (True, channels.UnknownOutcome("断开")),
    "silence": lambda: (False, channels.UnknownOutcome("断开")),
    "killed before": lambda: (False, Killed()),
    "killed after": lambda: (True, Killed()),
}


def test_deliveries_lose_nothing_and_mark_every_repeat(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setattr(deliveries, "_sender", lambda channel: server)

    class Deliveries(Machine):
        start = moment(9, 7, 8)

        def __init__(self) -> None:
            super().__init__()
            server.answers, server.taken = [], []
            for user in (county.transport_staff, county.transport_head, county.housing_staff):
                delivery_of(notice_to(user, items=[overdue_item(county)]))
            self.refused = 0

        @rule(words=st.lists(st.sampled_from(sorted(ANSWERS)), max_size=4), worker=st.sampled_from(["a", "b"]))
        def sweep(self, words: list[str], worker: str) -> None:
            server.answers = [ANSWERS[word]() for word in words]
            with suppress(Killed):
                deliveries.sweep(at=self.now, worker=worker)
            server.answers = []

        @rule(worker=st.sampled_from(["a", "b"]), size=st.integers(1, 3))
        def claim_and_die(self, worker: str, size: int) -> None:
            held = deliveries.claim(at=self.now, worker=worker, size=size)
            assert all(row.lease_until > self.now for row in held)
            assert not set(deliveries.claim(at=self.now, worker="other", size=3)) & set(held), "claimed by two"

        @rule(minutes=st.sampled_from([1, 3, 70, 3 * 1440, -1, -3 * 1440]))
        def pass_time(self, minutes: int) -> None:
            """The clock may be put back too."""
            self.now += dt.timedelta(minutes=minutes)

        @rule()
        def retry(self) -> None:
            failed = Delivery.objects.filter(state=DeliveryState.FAILED).first()
            if failed is not None:
                deliveries.retry(delivery_id=failed.pk, actor=county.office_one, at=self.now)

        @invariant()
        def repeats_say_so(self) -> None:
            seen: set[str] = set()
            for message in server.taken:
                if message["Message-ID"] in seen:
                    assert message["X-Dujin-Repeat"] == "1"
                seen.add(message["Message-ID"])

        @invariant()
        def what_is_called_sent_was_taken(self) -> None:
            taken = {message["Message-ID"] for message in server.taken}
            sent = set(Delivery.objects.filter(state=DeliveryState.SENT).values_list("message_id", flat=True))
            assert sent <= taken

        @invariant()
        def open_ones_have_a_next_moment(self) -> None:
            assert not Delivery.objects.filter(state__in=deliveries.OPEN_STATES, next_try_at=None).exists()

        @invariant()
        def attempts_are_numbered(self) -> None:
            times = Counter(DeliveryAttempt.objects.values_list("delivery", "number"))
            assert set(times.values()) <= {1}

        def teardown(self) -> None:
            """In the end, with a server that takes everything, everything leaves that nobody refused for good."""
            try:
                for _ in range(4):
                    self.now += dt.timedelta(hours=2)
                    deliveries.sweep(at=self.now, worker="last")
                left = set(Delivery.objects.values_list("state", flat=True))
                assert left <= {DeliveryState.SENT, DeliveryState.FAILED}, left
                self.repeats_say_so()
                self.what_is_called_sent_was_taken()
            finally:
                super().teardown()

    explore(Deliveries)


def test_rankings_are_published_once_and_never_change(county: County) -> None:
    names = ("road", "plant", "factory")
    august = open_month("2026-08", moment(9, 3, 18), *(getattr(county, name) for name in names))
    for name, done in zip(names, (9000, 4100, 5200), strict=True):
        review(
            submit(august, getattr(county, name), done, county.park_staff, moment(9, 2)),
            county.office_one,
            moment(9, 4),
        )

    class Rankings(Machine):
        start = moment(9, 8, 12)

        def __init__(self) -> None:
            super().__init__()
            self.published: dict[int, tuple[str, str]] = {}

        @rule()
        def take(self) -> None:
            is_published = Snapshot.objects.filter(state=SnapshotState.PUBLISHED).exists()
            taken = self.done(
                lambda: snapshots.take(series=Series.MONTHLY, period=august, actor=county.office_one, at=self.now)
            )
            assert taken != is_published

        @rule(stale=st.booleans())
        def publish(self, stale: bool) -> None:
            draft = Snapshot.objects.filter(state=SnapshotState.DRAFT).first()
            if draft is None:
                return
            version = draft.version - 1 if stale else draft.version
            published = self.done(
                lambda: snapshots.publish(snapshot_id=draft.pk, version=version, actor=county.office_one, at=self.now)
            )
            assert published == (not stale and self.now >= august.lock_at)

        @rule(reason=st.sampled_from(["数据有误", " "]))
        def supersede(self, reason: str) -> None:
            newest = Snapshot.objects.order_by("-number").first()
            if newest is None:
                return
            happened = self.done(
                lambda: snapshots.supersede(snapshot_id=newest.pk, reason=reason, actor=county.office_one, at=self.now)
            )
            assert happened == (newest.state == SnapshotState.PUBLISHED and bool(reason.strip()))

        @rule(hours=st.sampled_from([1, 12, 48]))
        def wait(self, hours: int) -> None:
            self.now += dt.timedelta(hours=hours)

        @invariant()
        def one_of_each(self) -> None:
            states = Counter(Snapshot.objects.values_list("state", flat=True))
            assert states[SnapshotState.PUBLISHED] <= 1 and states[SnapshotState.DRAFT] <= 1
            assert states[SnapshotState.PUBLISHED] + states[SnapshotState.DRAFT] <= 1

        @invariant()
        def what_was_published_never_changes(self) -> None:
            rows = Snapshot.objects.exclude(state=SnapshotState.DRAFT)
            content = {row.pk: (row.facts, row.boards) for row in rows}
            assert self.published.items() <= content.items()
            self.published = content
            lines = RankingRow.objects.values_list("snapshot", flat=True).distinct()
            assert set(lines) == set(content), "history is written when it is published"

        @invariant()
        def numbers_go_on(self) -> None:
            numbers = sorted(Snapshot.objects.values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))

    explore(Rankings)
