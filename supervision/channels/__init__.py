"""The ways a notice leaves the house. Each module here is a leaf: it sends one message and says how that ended.

A sender is a context manager that keeps one connection for a batch. `send` returns when the message was accepted and
raises one of three errors otherwise; the caller decides what each means for the delivery.
"""

from __future__ import annotations

import re
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    import datetime as dt


ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")
"""Enough to keep a mistyped address from naming somebody else; the mail server knows the rest."""


class TemporaryError(Exception):
    """Not accepted now; worth another try later."""


class PermanentError(Exception):
    """Refused for good (no such mailbox, sender not allowed); trying again changes nothing."""


class UnknownOutcome(Exception):
    """The connection ended after the text was handed over: it may have been accepted."""


class Sender(Protocol):
    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, message: Message) -> None: ...


def compose(
    *, sender: str, name: str, address: str, subject: str, text: str, message_id: str, at: dt.datetime, is_repeat: bool
) -> Message:
    """A plain-text message. Without an address (spool only) it names the person alone, for printing.

    Built on the older of the two e-mail interfaces, which folds headers ten times faster; a weekly batch is thousands.
    Raises ValueError when the address is none.
    """
    if address and not ADDRESS.fullmatch(address):
        raise ValueError(f"邮箱地址“{address}”不正确")
    message = MIMEText(text, "plain", "utf-8")
    message["From"] = sender
    message["To"] = formataddr((name, address)) if address else f"{Header(name, 'utf-8').encode()}:;"
    # The types know text only; a Header is folded as the message is written.
    message["Subject"] = Header(subject, "utf-8", header_name="Subject")  # type: ignore[assignment]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if is_repeat:
        message["X-Dujin-Repeat"] = "1"
    return message
