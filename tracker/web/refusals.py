"""What a person sees when a service refuses: the page that says why, with the right status."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.web.errors import Conflict, UserError


class RefusalMiddleware:
    """Turns a `Conflict` or a `UserError` that no view caught into a page; nothing was written in either case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Conflict):
            return render(request, "409.html", {"conflict": error}, status=409)
        if isinstance(error, UserError):
            return render(request, "refused.html", {"message": error.message}, status=error.status)
        return None
