"""Kept files beside the rows that name them: present, and byte for byte what the row says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from projects import uploads
from projects.models import LedgerImport, ProjectDocument
from tracker.keeping.tables import all_models, rows_of

NAMING = ("stored_name", "thumbnail_name")
"""The columns that name a kept file, in whatever table."""
KEPT_AS_SENT = (LedgerImport, ProjectDocument)
"""Their `sha256` is that of the kept file; a photo's is that of the picture it was drawn from."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def named(using: str) -> dict[str, str]:
    """Every file that some row names, by its stored name, with its sha256 where the row knows it."""
    found: dict[str, str] = {}
    for model in all_models():
        for field in model._meta.concrete_fields:
            if field.name in NAMING:
                found.update(dict.fromkeys(rows_of(model, using).values_list(field.name, flat=True), ""))
    for model in KEPT_AS_SENT:
        found.update(rows_of(model, using).values_list("stored_name", "sha256"))
    return found


def faults(using: str) -> Iterator[str]:
    """One Chinese sentence for each file that a row names and that is missing or not what was uploaded."""
    for name, digest in sorted(named(using).items()):
        try:
            if sha256(uploads.read(name)) != digest != "":
                yield f"文件 {name} 与登记的摘要不符。"
        except FileNotFoundError:
            yield f"文件 {name} 已登记，但没有找到。"
