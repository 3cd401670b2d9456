"""What every POST view shares: one service call per form, once per token, refusals beside the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url

from projects.models import User
from projects.permissions import Access
from projects.services import forms as form_uses
from tracker.web import tokens
from tracker.web.errors import UserError

Answer = TypeVar("Answer")


def submit_once(
    request: HttpRequest, act: Callable[[], Answer], url_of: Callable[[Answer], str]
) -> HttpResponseRedirect:
    """Run the act of this form and go where `url_of` says; a second submit of the same form goes there too, without
    acting again."""
    token = str(tokens.once(request))
    with transaction.atomic():
        use = form_uses.once(token=token, user=request.user, at=request.now)
        if use is None:
            return redirect(form_uses.first_result(token=token, user=request.user) or resolve_url("home"))
        url = resolve_url(url_of(act()))
        form_uses.keep_result(use=use, url=url)
    return redirect(url)


def refuse(form: forms.BaseForm, refusal: UserError) -> None:
    """Show a service's refusal at its field, or above the form when the field is not on it."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def on_behalf_of(access: Access, action: str) -> User | None:
    """The person represented when the signed-in user holds the action only as a substitute."""
    principal = access.principal_for(action)
    return User.objects.get(pk=principal) if principal is not None else None


def present_only(request: HttpRequest) -> None:
    """Refuse to write while a past day is being looked at."""
    if request.is_past_view:
        raise UserError("正在查看历史日期的数据，不能填报或办理。请先回到今天。")
