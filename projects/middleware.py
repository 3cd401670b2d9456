"""Every request carries its access, and no page opens that the table does not list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from projects.permissions import PUBLIC_URLS, URL_ACTIONS
from projects.selectors import people
from projects.services import sessions
from tracker import clock

FIRST_PASSWORD_URLS = frozenset({"password_change", "sign_out"})
"""What an account may open before it has replaced its one-time password."""
SECOND_FACTOR_URLS = FIRST_PASSWORD_URLS | {"second_factor"}
"""What an account may open before it has the second factor that the site asks of it."""


class AccessMiddleware:
    """Sets `request.access` and checks the URL against `URL_ACTIONS` before the view runs.

    Rights are read at every request, so a change holds at once. They are those of the real day, not of the day
    being looked at: a past view shows old facts to today's office, it does not revive old posts. A refusal leaves an
    audit row, also that of a GET: the door writes it, no page does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "is_refusal", False):
            sessions.refused_page(path=request.path, method=request.method, actor=request.user, at=request.now)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name
        if request.user.is_authenticated:
            request.access = people.access_of(request.user, clock.today())
        if name in PUBLIC_URLS:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("sign_in"))
        if request.user.must_replace_password(request.now) and name not in FIRST_PASSWORD_URLS:
            return redirect("password_change")
        if name not in SECOND_FACTOR_URLS and people.owes_second_factor(request.user, request.access):
            return redirect("second_factor")
        action = URL_ACTIONS.get(name)
        if action is None:
            raise Http404
        if not request.access.may(action):
            response = render(request, "403.html", status=403)
            response.is_refusal = True
            return response
        return None
