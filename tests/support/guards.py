"""Guards that every request of the suite passes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

WRITE = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+[\"`]?(\w+)", re.IGNORECASE)
NOT_OURS = ("django_session",)
"""Tables that the framework keeps for itself."""


class GetNeverWrites:
    """Fails a GET or HEAD whose view writes a row: reading a page changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with connection.execute_wrapper(refuse_writes):
            return self.get_response(request)


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Database wrapper that lets no writing statement through."""
    written = WRITE.match(sql)
    assert not written or written[1].startswith(NOT_OURS), f"a GET wrote to {written[1]}"
    return execute(sql, params, many, context)
