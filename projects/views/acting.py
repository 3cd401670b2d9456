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
from projects.models.versioned import Versioned
from projects.permissions import Access
from projects.services import forms as form_uses
from projects.services.bulk import Outcome
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
    url: str | Callable[[Any], str],
    crumbs: Sequence[tuple[str, str]],
    back: str = "",
    submit: str = "保存",
    intro: str = "",
    confirm: str = "",
    version: int | None = None,
    tabs: Sequence[dict[str, Any]] = (),
) -> HttpResponse:
    """A page that is nothing but one form. `url` is where it leads, `back` where "cancel" does (default: there too).

    With `confirm` the button asks first and is drawn as one that destroys; `version` is that of the row being edited.
    """
    if (answer := acted(request, form, act, done=done, url=url)) is not None:
        return answer
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "back": back or url,
        "crumbs": crumbs,
        "intro": intro,
        "confirm": confirm,
        "version": version,
        "tabs": tabs,
    }
    return render(request, "acting/form.html", context, status=status_of(form))


def status_of(form: forms.BaseForm) -> int:
    """The status of a page that shows `form`: 422 while something typed was refused."""
    return 422 if form.errors else 200


def seen_version(request: HttpRequest, row: Versioned | None) -> int:
    """The version of the row that the form shows: as it was sent, else as it is now. 0 while there is no row."""
    value = request.POST.get("version", "")
    if value.isdecimal():
        return int(value)
    return row.version if row else 0


def ticked(request: HttpRequest, name: str) -> list[int]:
    """The numbers of the rows that were ticked in a list; nonsense is left out."""
    return [int(value) for value in request.POST.getlist(name) if value.isdecimal()]


def said_of_bulk(request: HttpRequest, outcome: Sequence[Outcome], done: str, nothing: str) -> None:
    """Tell what a bulk act did and what it left. `outcome` is empty when the form was sent a second time."""
    for found in outcome:
        if found.done:
            messages.success(request, done.format(found.done))
        elif not found.left:
            messages.info(request, nothing)
        for left in found.left:
            messages.warning(request, f"{left.project.name}：未办理。{left.reason}")


def on_behalf_of(access: Access, action: str) -> User | None:
    """The person represented when the signed-in user holds the action only as a substitute."""
    principal = access.principal_for(action)
    return User.objects.get(pk=principal) if principal is not None else None


def present_only(request: HttpRequest) -> None:
    """Refuse to write while a past day is being looked at."""
    if request.is_past_view:
        raise UserError("正在查看历史日期的数据，不能填报或办理。请先回到今天。")
