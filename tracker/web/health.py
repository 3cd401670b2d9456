"""`/healthz` says that the process answers; `/readyz` that it can do its work (docs/operations.md, Health)."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from tracker import clock


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200, or 503 with one problem per line. After the first problem the rest is not asked: it would only follow."""
    at = clock.now()
    for name in settings.READINESS:
        try:
            problem = import_string(name)(at)
        except DatabaseError:
            problem = "数据库无法读取"
        if problem:
            return HttpResponse(f"{problem}\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")
