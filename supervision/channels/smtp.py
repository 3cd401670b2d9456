"""E-mail by SMTP: one connection for a batch, reopened when it breaks between two messages.

Only a refusal of the recipient or of the text is permanent. What is wrong with the server or with our own account can
be put right by an administrator, after which the waiting messages go out by themselves.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import Message
from types import TracebackType
from typing import Self

from supervision.channels import PermanentError, TemporaryError, UnknownOutcome

TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Server:
    """Where to send; `security` is `none`, `starttls` or `tls`."""

    host: str
    port: int
    user: str
    password: str
    security: str


class SmtpSender:
    """Sends through one server. The connection is opened with the first message."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None
        self._unreachable: str = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def send(self, message: Message) -> None:
        connection = self._connected()
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            raise _refusal(code, reply) from error
        except smtplib.SMTPSenderRefused as error:
            raise TemporaryError(f"邮件服务器不接受发件人：{error.smtp_code}") from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise PermanentError(f"邮件服务器不支持：{error}") from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            if _timed_out(error):
                self._unreachable = f"邮件服务器{self._server.host}在{TIMEOUT_SECONDS}秒内没有答复"
            raise UnknownOutcome(f"连接在发送中断开：{error}") from error

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and self._is_alive(self._connection):
            return self._connection
        self._drop()
        if self._unreachable:
            raise TemporaryError(self._unreachable)  # one time-out a batch is enough
        try:
            self._connection = self._open()
        except smtplib.SMTPAuthenticationError as error:
            self._unreachable = f"邮件服务器不接受账号或密码：{error.smtp_code}"
            raise TemporaryError(self._unreachable) from error
        except (smtplib.SMTPException, OSError) as error:
            self._unreachable = f"连不上邮件服务器{self._server.host}：{error}"
            raise TemporaryError(self._unreachable) from error
        return self._connection

    def _open(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            if server.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _is_alive(self, connection: smtplib.SMTP) -> bool:
        """Whether the server still answers, asked before a message is at stake."""
        try:
            return connection.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _timed_out(error: BaseException | None) -> bool:
    """smtplib tells a server that fell silent as one that hung up; what it caught stands behind."""
    return isinstance(error, TimeoutError) or (error is not None and isinstance(error.__context__, TimeoutError))


def _refusal(code: int, reply: bytes | str) -> Exception:
    """4xx replies pass, 5xx replies stay (RFC 5321, 4.2.1)."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    kind = PermanentError if code >= 500 else TemporaryError
    return kind(f"邮件服务器答复{code}：{text}")
