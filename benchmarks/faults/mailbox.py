"""A mail server on a socket that takes every message, or answers as badly as it is told to."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.faults.machines import free_port
from benchmarks.faults.rows import Tally

logging.getLogger("mail.log").setLevel(logging.CRITICAL)
MARK = "【补发】"
HANG = "hang"
Answer = Callable[[int], str]
"""What the server says to its n-th message, counted from 1: a reply, or `HANG`."""


def accept(number: int) -> str:
    return "250 OK"


class Mailbox:
    """`taken`: Message-ID and subject of every message that was accepted, in order."""

    def __init__(self) -> None:
        self.port = free_port()
        self.answer: Answer = accept
        self.taken: list[tuple[str, str]] = []
        self.offered = 0
        self.connections = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.offered += 1
        answer = self.answer(self.offered)
        while answer == HANG:
            await asyncio.sleep(3600)
        if answer.startswith("2"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append((message["Message-ID"], message["Subject"]))
        return answer

    def count_repeats(self, tally: Tally, rows: dict[str, bool]) -> None:
        """What every delivery row (Message-ID and its mark) says beside what arrived."""
        times = Counter(key for key, _ in self.taken)
        tally.lost += len(set(rows) - set(times))
        tally.expect(not set(times) - set(rows), "messages arrived that no row knows")
        seen = set()
        for key, subject in self.taken:
            if key in seen and not subject.startswith(MARK):
                tally.unmarked += 1
            seen.add(key)
        tally.unmarked += sum(1 for key, count in times.items() if count > 1 and not rows.get(key))
        tally.repeats = (tally.repeats or 0) + sum(count - 1 for count in times.values())


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, ready_timeout=10)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
