"""The SMTP channel against a real server: docs/notices.md, Channels."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from supervision import channels
from supervision.channels import smtp
from supervision.channels.smtp import Server, SmtpSender
from tests.support.county import moment


class Handler:
    """Answers as told; remembers connections and messages."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.sessions: set[int] = set()
        self.at_recipient: Callable[[str], str] = lambda address: "250 OK"
        self.at_data: Callable[[], str] = lambda: "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.at_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.sessions.add(id(session))
        answer = self.at_data()
        if answer == "drop":
            server.transport.abort()
            return "250 OK"
        if answer.startswith("250"):
            self.messages.append(envelope.content)
        return answer


@contextmanager
def free_port() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    yield port


@pytest.fixture
def handler():
    return Handler()


@pytest.fixture
def server(handler):
    with free_port() as port:
        controller = Controller(handler, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            yield Server("127.0.0.1", port, "", "", "none")
        finally:
            controller.stop()


def letter(number: int = 1):
    return channels.compose(
        sender="dujin@county.example",
        name="钱悦",
        address=f"u{number}@county.example",
        subject="2026年第37周项目提醒：节点逾期1项",
        text="钱悦：\n\n请登录督进系统办理。\n",
        message_id=f"<{number}@dujin.local>",
        at=moment(9, 7, 8),
        is_repeat=False,
    )


def test_three_hundred_messages_a_second_on_one_connection(handler, server):
    count = 300
    started = time.perf_counter()
    with SmtpSender(server) as sender:
        for number in range(count):
            sender.send(letter(number))
    elapsed = time.perf_counter() - started
    assert len(handler.messages) == count
    assert len(handler.sessions) == 1
    assert elapsed < 3, (
        f"{count / elapsed:.0f} messages a second; a loaded test machine is allowed a third of the target"
    )


def test_an_unknown_mailbox_is_permanent_and_a_full_one_temporary(handler, server):
    answers = {
        "u1@county.example": "550 no such user",
        "u2@county.example": "452 mailbox full",
        "u3@county.example": "250 OK",
    }
    handler.at_recipient = answers.__getitem__
    with SmtpSender(server) as sender:
        with pytest.raises(channels.PermanentError, match="邮件服务器答复550：no such user"):
            sender.send(letter(1))
        with pytest.raises(channels.TemporaryError, match="邮件服务器答复452"):
            sender.send(letter(2))
        sender.send(letter(3))
    assert len(handler.messages) == 1


def test_a_text_refused_by_the_server_follows_its_code(handler, server):
    with SmtpSender(server) as sender:
        handler.at_data = lambda: "451 try later"
        with pytest.raises(channels.TemporaryError):
            sender.send(letter())
        handler.at_data = lambda: "554 looks like spam"
        with pytest.raises(channels.PermanentError):
            sender.send(letter())


def test_a_connection_lost_after_the_text_is_an_unknown_outcome_and_the_next_message_reconnects(handler, server):
    handler.at_data = lambda: "drop"
    with SmtpSender(server) as sender:
        with pytest.raises(channels.UnknownOutcome):
            sender.send(letter(1))
        handler.at_data = lambda: "250 OK"
        sender.send(letter(2))
    assert len(handler.messages) == 1


def test_a_server_that_does_not_answer_is_asked_once_a_batch():
    with free_port() as port, SmtpSender(Server("127.0.0.1", port, "", "", "none")) as sender:
        for _ in range(2):
            with pytest.raises(channels.TemporaryError, match="连不上邮件服务器"):
                sender.send(letter())


def test_a_server_that_falls_silent_is_waited_for_once_a_batch(handler, server, monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.5)

    async def silent(*ignored: Any) -> str:
        await asyncio.sleep(60)
        return "250 OK"

    handler.handle_DATA = silent
    began = time.monotonic()
    with SmtpSender(server) as sender:
        with pytest.raises(channels.UnknownOutcome):
            sender.send(letter(1))
        for number in range(2, 12):
            with pytest.raises(channels.TemporaryError, match="没有答复"):
                sender.send(letter(number))
    assert time.monotonic() - began < 3


def test_a_wrong_account_is_for_the_administrator_and_waits(handler, server):
    account = Server(server.host, server.port, "dujin", "wrong", "none")
    with SmtpSender(account) as sender, pytest.raises(channels.TemporaryError):
        sender.send(letter())
