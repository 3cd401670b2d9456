"""Pages of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 50


def address(request: HttpRequest, **values: str | None) -> str:
    """The filters of this page's address as "?name=value" with `values` replaced (None or "" drops one), on page one;
    "?" when nothing is left, so that the link still leads somewhere."""
    params = request.GET.copy()
    for name, value in {"page": None, **values}.items():
        params.pop(name, None)
        if value:
            params[name] = value
    return f"?{params.urlencode()}"


def page_of(rows: QuerySet[Any] | Sequence[Any], request: HttpRequest, per_page: int = PER_PAGE) -> Page[Any]:
    """The page that `?page=` asks for; nonsense gives the first page, a number too high the last."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
