"""Answers that are files. The name is Chinese; `FileResponse` writes it as RFC 5987 asks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def download(content: bytes, name: str, content_type: str) -> HttpResponseBase:
    """`content` as a file to keep. `name` carries its extension."""
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=content_type)


def xlsx(content: bytes, name: str) -> HttpResponseBase:
    return download(content, name, XLSX)


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> HttpResponseBase:
    """A CSV that Excel opens as UTF-8; a text that would start a formula is written as text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([_as_text(value) for value in row] for row in rows)
    return download(buffer.getvalue().encode("utf-8-sig"), name, "text/csv; charset=utf-8")


def _as_text(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
