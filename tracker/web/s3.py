"""Uploads in an S3-compatible store. Its errors become OSError, as if it were a disk; nothing else knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

CLIENT = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=5,
    read_timeout=30,
    retries={"max_attempts": 3, "mode": "standard"},
    # Stores other than Amazon's seldom know the newer trailing checksums.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class S3Uploads(S3Storage):
    """Whole files in, whole files out: uploads are at most 20 MiB (`projects.excel.limits`)."""

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "client_config": CLIENT, "default_acl": None}

    def _save(self, name: str, content: File) -> str:
        with _told_as_os_error():
            return super()._save(name, content)

    def _open(self, name: str, mode: str = "rb") -> File:
        with _told_as_os_error(), super()._open(name, mode) as file:
            return ContentFile(file.read(), name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _told_as_os_error():
            return super().listdir(name)


@contextmanager
def _told_as_os_error() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        raise OSError(f"the file store answers: {error}") from error
