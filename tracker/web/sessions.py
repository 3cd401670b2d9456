"""How long a sign-in lasts: 30 minutes idle, 12 hours at most (docs/trust.md, Sessions).

Both moments are kept in the session itself, so that every machine that shares the database agrees.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from tracker import clock

SIGNED_IN = "signed_in_at"
SEEN = "seen_at"
REFRESH = dt.timedelta(minutes=1)
"""The last use is written at most this often: a page view costs no write."""


class SessionAgeMiddleware:
    """Ends a session that is too old or was unused too long, before anybody sees who it belonged to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        if SESSION_KEY in request.session and _is_over(request, now):
            request.session.flush()
        response = self.get_response(request)
        if SESSION_KEY in request.session:  # also right after the sign-in itself
            _mark(request, now)
        return response


def _is_over(request: HttpRequest, now: dt.datetime) -> bool:
    signed_in, seen = _moment(request, SIGNED_IN), _moment(request, SEEN)
    if signed_in is None or seen is None:  # the sign-in has only just happened
        return False
    return now - seen > settings.SESSION_IDLE or now - signed_in > settings.SESSION_LONGEST


def _mark(request: HttpRequest, now: dt.datetime) -> None:
    if _moment(request, SIGNED_IN) is None:
        request.session[SIGNED_IN] = now.isoformat()
    seen = _moment(request, SEEN)
    if seen is None or now - seen >= REFRESH:
        request.session[SEEN] = now.isoformat()


def _moment(request: HttpRequest, key: str) -> dt.datetime | None:
    value = request.session.get(key)
    return dt.datetime.fromisoformat(value) if value else None
