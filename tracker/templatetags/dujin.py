"""Filters and tags of every template: formatting, light shapes, addresses, trend lines (`tracker.web.formatting`)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tracker.web import formatting

register = template.Library()

for _filter in (
    formatting.amount,
    formatting.growth,
    formatting.yi,
    formatting.percent,
    formatting.points,
    formatting.signed,
    formatting.cn_date,
    formatting.cn_datetime,
    formatting.weekday,
    formatting.date_precision,
    formatting.light_label,
    formatting.initials,
    formatting.share,
):
    register.filter(_filter.__name__, _filter)

SHAPES = {
    "green": mark_safe('<circle cx="8" cy="8" r="6"/>'),
    "blue": mark_safe('<path d="M8 1.2 14.8 8 8 14.8 1.2 8z"/>'),
    "yellow": mark_safe('<path d="M8 2 15 14.2H1z" stroke-linejoin="round"/>'),
    "red": mark_safe('<path d="M2.2 2.2h11.6v11.6H2.2z"/>'),
    "grey": mark_safe('<circle cx="8" cy="8" r="5.8"/>'),
    "purple": mark_safe('<path d="M8 .8 10 6l5.2 2L10 10 8 15.2 6 10 .8 8 6 6z"/>'),
}
"""One shape per light, so that none is told by colour alone."""


@register.simple_tag
def shape(colour: str, size: int = 12) -> SafeString:
    """The shape of a light as inline SVG. The word beside it carries the meaning for screen readers."""
    return format_html(
        '<svg class="shape shape--{0}" width="{1}" height="{1}" viewBox="0 0 16 16" aria-hidden="true"'
        ' focusable="false">{2}</svg>',
        str(colour),
        size,
        SHAPES[str(colour)],
    )


@register.simple_tag(takes_context=True)
def query(context: RequestContext, *pairs: Any) -> str:
    """This page's address with names and values replaced, all other filters kept: `{% query "page" 3 "sort" None %}`.

    None or an empty text removes the name. The answer starts with "?".
    """
    params = context.request.GET.copy()
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        if value is None or value == "":
            params.pop(str(name), None)
        else:
            params[str(name)] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag(takes_context=True)
def kept_params(context: RequestContext, *names: str) -> list[tuple[str, str]]:
    """What the present address says for `names`, for hidden fields that let a GET form keep them."""
    return [(name, value) for name in names for value in context.request.GET.getlist(name)]


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """Page numbers to offer, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag
def trend(values: Iterable[Decimal | int | float | None], width: int = 96, height: int = 24) -> dict[str, Any]:
    """Geometry of a sparkline: `points` for a polyline and `last`, the newest point."""
    line = formatting.polyline(list(values), width, height)
    return {"points": " ".join(f"{x},{y}" for x, y in line), "last": line[-1] if line else None}
