"""The ways a notice leaves the house. Each module here is a leaf: it sends one message and says how that ended.

A sender is a context manager that keeps one connection for a batch. `send` returns when the message was accepted and
raises one of three errors otherwise; the caller decides what each means for the delivery.
"""

from __future__ import annotations

from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.utils import format_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    import datetime as dt


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

    def send(self, message: EmailMessage) -> None: ...


def compose(
    *, sender: str, name: str, address: str, subject: str, text: str, message_id: str, at: dt.datetime, is_repeat: bool
) -> EmailMessage:
    """A plain-text message. Without an address (spool only) it names the person alone, for printing."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(display_name=name, addr_spec=address) if address else Group(name)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if is_repeat:
        message["X-Dujin-Repeat"] = "1"
    message.set_content(text, cte="base64")
    return message
