"""Typed reading of the environment (and of `.env` beside manage.py).

A value that cannot be read stops the start with the variable's name. A value that is missing or contradicts another
one is left to `tracker.checks`, which lists everything at once.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def load(path: Path) -> None:
    """Read KEY=VALUE lines; what the real environment already sets wins."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        key, separator, value = stripped.partition("=")
        if not separator:
            raise ImproperlyConfigured(f"{path.name} 第{number}行缺少“=”，请写成 名称=值：{stripped}")
        os.environ.setdefault(key.strip(), _unquoted(value.strip()))


def text(name: str, default: str = "") -> str:
    """The value without outer blanks; an empty variable counts as not set."""
    return os.environ.get(name, "").strip() or default


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in options:
        usable = "、".join(filter(None, options)) + ("，或留空" if "" in options else "")
        raise ImproperlyConfigured(f"环境变量 {name} 的值“{value}”无效，可用：{usable}。")
    return value


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"环境变量 {name} 的值“{value}”无效，请写 0 或 1。")
    return value in {"1", "true", "yes"}


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    value = text(name, str(default))
    try:
        parsed = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"环境变量 {name} 的值“{value}”不是整数。") from error
    if parsed < least or (most is not None and parsed > most):
        span = f"不小于{least}" if most is None else f"{least}至{most}"
        raise ImproperlyConfigured(f"环境变量 {name} 的值“{value}”超出范围，应为{span}。")
    return parsed


def day(name: str) -> dt.date | None:
    value = text(name)
    if not value:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"环境变量 {name} 的值“{value}”不是日期，请写成 2026-09-24 的形式。") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def url(name: str, schemes: tuple[str, ...]) -> str:
    """An address with one of `schemes`, or empty when not set. The message never shows it: it may hold a password."""
    value = text(name)
    if value and urlsplit(value).scheme not in schemes:
        raise ImproperlyConfigured(f"环境变量 {name} 应以 {'、'.join(scheme + '://' for scheme in schemes)} 开头。")
    return value


def postgres(address: str) -> dict[str, Any]:
    """Django's database settings for `postgresql://user:password@host:port/name?sslmode=require`.

    Without a host the local socket is used. Query parameters are handed to the driver.
    """
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def bucket(address: str) -> dict[str, Any]:
    """Options of the S3 storage for `s3+https://key:secret@host:9000/bucket?region=cn-north-1&ca=/path/ca.pem`.

    `region` is what the store signs with, by default us-east-1; `ca` the certificate of a house authority.
    """
    parts = urlsplit(address)
    name = parts.path.strip("/")
    if not (name and parts.username and parts.password and parts.hostname) or "/" in name:
        raise ImproperlyConfigured("环境变量 DUJIN_UPLOADS_URL 应写成 s3+https://访问密钥:私有密钥@主机:端口/存储桶。")
    wanted = dict(parse_qsl(parts.query))
    return {
        "bucket_name": name,
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "endpoint_url": f"{parts.scheme.removeprefix('s3+')}://{parts.netloc.rpartition('@')[2]}",
        "region_name": wanted.get("region", "us-east-1"),
        "verify": wanted.get("ca"),
    }


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
