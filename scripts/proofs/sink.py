"""A mail server that keeps every message and takes its time, so that workers die in the middle of their work."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailSink:
    """Listens on `host` and a free `port` from creation to `stop()`; `first` and `marked` count by Message-ID the
    messages that came unmarked and those marked 补发."""

    def __init__(self, host: str, *, seconds_each: float) -> None:
        self.first: Counter[str] = Counter()
        self.marked: Counter[str] = Counter()
        self._seconds_each = seconds_each
        with socket.socket() as probe:
            probe.bind((host, 0))
            self.port = probe.getsockname()[1]
        self._server = Controller(self, hostname=host, port=self.port)
        self._server.start()

    @property
    def messages(self) -> set[str]:
        return set(self.first) | set(self.marked)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self._seconds_each)
        message = message_from_bytes(envelope.original_content or b"")
        seen = self.marked if message["X-Dujin-Repeat"] else self.first
        seen[str(message["Message-ID"])] += 1
        return "250 kept"

    def stop(self) -> None:
        self._server.stop()
