"""Kept files: random names outside the web root, found only through the row that names them (docs/trust.md, Files).

Where they lie is the default storage of the settings: a folder, or a bucket of an S3-compatible store
(`DUJIN_UPLOADS_URL`). Both answer the same here; names are flat, without folders.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tracker.web.errors import UserError

logger = logging.getLogger(__name__)

UNAVAILABLE = "文件没有存下：存放文件的地方已满或暂时无法访问。请稍后再试；仍不行时请告诉系统管理员。"
UNREADABLE = "存放文件的地方暂时无法访问，文件没有读出。请稍后再试；仍不行时请告诉系统管理员。"


def keep(data: bytes, suffix: str) -> str:
    """Store the bytes under a random name and answer it. The name says nothing about the file.

    UserError when the store is full or away: the act that needs the file is refused as a whole.
    """
    name = f"{secrets.token_hex(16)}{suffix}"
    try:
        put(name, data)
    except OSError as error:
        logger.exception("an upload of %d bytes could not be kept", len(data))
        raise UserError(UNAVAILABLE, field="file") from error
    return name


def read(name: str) -> bytes:
    """The bytes kept under `name`. FileNotFoundError when the file is gone, UserError when the store is away."""
    try:
        with default_storage.open(PurePath(name).name) as file:
            return file.read()
    except FileNotFoundError:
        raise
    except OSError as error:
        logger.exception("%s cannot be read", name)
        raise UserError(UNREADABLE) from error


def put(name: str, data: bytes) -> None:
    """Store the bytes under a name that is free; for copies of what was kept elsewhere. OSError when it fails."""
    default_storage.save(PurePath(name).name, ContentFile(data))


def names() -> Iterator[str]:
    """Every kept file, in the order of the names."""
    try:
        yield from sorted(default_storage.listdir("")[1])
    except FileNotFoundError:  # a folder comes into being with its first file
        return
