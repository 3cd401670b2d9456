"""What every POST view shares: one service call per form, once per token, refusals beside the field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url

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


def acted(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], *, done: str, url: str | Callable[[Any], str]
) -> HttpResponseRedirect | None:
    """The whole POST half of a page with one form: act once, say `done`, and answer where to go.

    None means that the page is to be shown: first, or again with what was typed and the refusal at its field.
    """
    if request.method != "POST":
        return None
    present_only(request)
    if not form.is_valid():
        return None
    try:
        answer = submit_once(request, act, url if callable(url) else lambda _: url)
    except UserError as refusal:
        refuse(form, refusal)
        return None
    messages.success(request, done)
    return answer


def form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    done: str,
    url: str,
    crumbs: Sequence[tuple[str, str]],
    submit: str = "保存",
    intro: str = "",
    confirm: str = "",
    tabs: Sequence[dict[str, Any]] = (),
) -> HttpResponse:
    """A page that is nothing but one form. With `confirm` the button asks first and is drawn as one that destroys."""
    if (answer := acted(request, form, act, done=done, url=url)) is not None:
        return answer
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "back": url,
        "crumbs": crumbs,
        "intro": intro,
        "confirm": confirm,
        "tabs": tabs,
    }
    return render(request, "settings/form.html", context, status=status_of(form))


def status_of(form: forms.BaseForm) -> int:
    """The status of a page that shows `form`: 422 while something typed was refused."""
    return 422 if form.errors else 200


def on_behalf_of(access: Access, action: str) -> User | None:
    """The person represented when the signed-in user holds the action only as a substitute."""
    principal = access.principal_for(action)
    return User.objects.get(pk=principal) if principal is not None else None


def present_only(request: HttpRequest) -> None:
    """Refuse to write while a past day is being looked at."""
    if request.is_past_view:
        raise UserError("正在查看历史日期的数据，不能填报或办理。请先回到今天。")
