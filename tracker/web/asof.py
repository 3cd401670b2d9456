"""The day a request looks at. Pages pass `request.as_of` down; nothing below a view knows where it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tracker import clock

KEY = "as_of"


class AsOfMiddleware:
    """Sets `request.now` (the real moment), `request.as_of` (the day shown) and `request.is_past_view`.

    The day shown is the one this session chose, else the whole site's (`DUJIN_AS_OF`), else today in Shanghai.
    Looking at a past day shifts nothing else: rights and the time on new records stay those of the real day.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()
        today = clock.day_of(request.now)
        request.as_of = _chosen(request, today) or settings.AS_OF or today
        request.is_past_view = request.as_of < today
        return self.get_response(request)


def set_as_of(request: HttpRequest, day: dt.date | None) -> None:
    """Show this session's pages as of `day` from the next request on; None or today returns to the present.

    The caller has checked the right. Raises ValueError for a day that has not come yet.
    """
    today = clock.day_of(request.now)
    if day is not None and day > today:
        raise ValueError(f"{day} has not come yet")
    if day is None or day == (settings.AS_OF or today):
        request.session.pop(KEY, None)
    else:
        request.session[KEY] = day.isoformat()


def _chosen(request: HttpRequest, today: dt.date) -> dt.date | None:
    value = request.session.get(KEY)
    if value is None:
        return None
    return min(dt.date.fromisoformat(value), today)
