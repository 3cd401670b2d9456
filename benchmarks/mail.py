"""Notices delivered into a local SMTP sink over the real channel."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings

from benchmarks.measure import Figure, once
from projects.enums import Role
from projects.models import RoleGrant, Unit, User
from projects.rules.periods import period_of
from supervision.services import deliveries, notices
from tracker.clock import day_of

logging.getLogger("mail.log").setLevel(logging.WARNING)
LETTERS = 2000


class Sink:
    """Takes everything."""

    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += 1
        return "250 OK"


def figures(now: dt.datetime) -> Iterator[Figure]:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", port
    try:
        yield per_second(once("floor: mails over one connection", lambda: _plain(port)))
        yield per_second(once("notices written", lambda: _issue(now)))
        yield per_second(once("notices delivered to a mail sink", lambda: _deliver(now, sink)))
    finally:
        controller.stop()


def _plain(port: int) -> int:
    """Letters of the same size by smtplib alone."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "dujin@county.example", "one@county.example", "督办提醒"
    letter.set_content("本周应报项目进度，请于截止时间前报送。" * 20)
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for _ in range(LETTERS):
            connection.send_message(letter)
    return LETTERS


def _deliver(now: dt.datetime, sink: Sink) -> int:
    """What the sink took: the inbox and what was settled meanwhile do not count."""
    before = sink.taken
    deliveries.sweep(at=now, worker="bench", limit=3 * LETTERS)
    return sink.taken - before


def per_second(figure: Figure) -> Figure:
    return replace(figure, note=f"{(figure.count or 0) / figure.wall * 1000:.0f} a second")


def _issue(now: dt.datetime) -> int:
    """The digests of this week for as many further accounts, written by the service itself."""
    units = list(Unit.objects.order_by("pk"))
    start = User.objects.count()
    users = User.objects.bulk_create(
        User(
            username=f"mail{start + number}",
            name=f"第{start + number}号",
            email=f"mail{start + number}@county.example",
            unit=units[number % len(units)],
            created_at=now,
        )
        for number in range(LETTERS)
    )
    today = day_of(now)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=Role.UNIT_STAFF, unit=user.unit, valid_from=today) for user in users
    )
    key = period_of("week", today).key
    return notices.issue(as_of=today, at=now, period_key=key, made_up=False, actor=None).created
