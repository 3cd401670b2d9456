"""`{% form_token %}`: the hidden input that lets a form be sent only once (`tracker.web.tokens`)."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.web import tokens

register = template.Library()


@register.simple_tag
def form_token() -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', tokens.FIELD, tokens.issue())
