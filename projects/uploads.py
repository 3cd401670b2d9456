"""Kept files: random names outside the web root, found only through the row that names them (docs/trust.md, Files)."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings


def keep(data: bytes, suffix: str) -> str:
    """Write the bytes under a random name and answer it. The name says nothing about the file."""
    name = f"{secrets.token_hex(16)}{suffix}"
    root = Path(settings.UPLOAD_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    path = root / name
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(data)
    return name


def read(name: str) -> bytes:
    """The bytes kept under `name`. Raises FileNotFoundError when the file is gone."""
    return (Path(settings.UPLOAD_ROOT) / Path(name).name).read_bytes()
