"""Typed reading of the environment (and of `.env` beside manage.py). A bad value stops the start with its name."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def load(path: Path) -> None:
    """Read KEY=VALUE lines; what the real environment already sets wins."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        key, separator, value = text.partition("=")
        if not separator:
            raise ImproperlyConfigured(f".env 第{number}行缺少“=”：{text}")
        os.environ.setdefault(key.strip(), value.strip().strip("\"'"))


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"缺少环境变量 {name}，请在 .env 中设置后重新启动。")
    return default


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"环境变量 {name} 的值“{value}”无效，可用：{'、'.join(options)}。")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"环境变量 {name} 的值“{value}”无效，请写 0 或 1。")
    return value in {"1", "true", "yes"}


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"环境变量 {name} 的值“{value}”不是整数。") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]
