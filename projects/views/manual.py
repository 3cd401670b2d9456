"""The manual on the site, for everybody who is signed in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects import manual
from projects.enums import Role
from projects.permissions import Access

OWN: tuple[tuple[str, frozenset[Role]], ...] = (
    ("office", frozenset({Role.SUPERVISION, Role.BUREAU, Role.PROJECT_OFFICE})),
    ("leader", frozenset({Role.MAIN_LEADER, Role.VICE_HEAD})),
    ("it", frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})),
)
"""The part of the manual for each kind of work; everybody else reports."""


@require_safe
def manual_home(request: HttpRequest) -> HttpResponse:
    """The part that is about one's own work."""
    return redirect("manual_page", _own(request.access))


@require_safe
def manual_page(request: HttpRequest, key: str) -> HttpResponse:
    if key not in manual.PAGES:
        raise Http404
    page = manual.page(key)
    tabs = [
        {"label": title, "url": reverse("manual_page", args=[name]), "active": name == key, "count": None}
        for name, title in manual.PAGES.items()
    ]
    return render(request, "manual/page.html", {"page": page, "tabs": tabs})


def _own(access: Access) -> str:
    held = {Role(grant.role) for grant in access.grants}
    return next((key for key, roles in OWN if held & roles), "unit")
