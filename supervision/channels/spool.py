"""Messages as files in a folder, for an office without a mail server: forwarded or printed by hand.

The file name comes from the Message-ID, so a repeat replaces its first copy instead of lying beside it.
"""

from __future__ import annotations

import os
from email.message import Message
from pathlib import Path
from types import TracebackType
from typing import Self

from supervision.channels import TemporaryError


class SpoolSender:
    """Writes `.eml` files into one folder; a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def send(self, message: Message) -> None:
        target = self._folder / file_name(message["Message-ID"])
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            draft.write_bytes(message.as_bytes())
            draft.replace(target)
        except OSError as error:
            raise TemporaryError(f"写入待发文件夹失败：{error.strerror}") from error


def file_name(message_id: str) -> str:
    """`<4f2a…@dujin>` becomes `4f2a….eml`."""
    return f"{message_id.strip('<>').partition('@')[0]}.eml"
