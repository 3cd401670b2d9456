"""Accounts: opened, edited, closed, given a new password (docs/trust.md, Accounts)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.forms.people import AccountForm, AccountSearchForm, NewAccountForm, ReasonForm
from projects.models import User
from projects.selectors.accounts import CURRENT, account_rows, grant_rows
from projects.selectors.people import second_factor_of
from projects.services import people, second_factor
from projects.views.acting import acted, form_page, present_only, status_of, submit_once
from tracker.web.paging import address, page_of

STATES = {"": None, "on": True, "off": False}


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts with the roles they hold today; `?state=` on or off."""
    state = request.GET.get("state", "")
    form = AccountSearchForm(request.GET)
    rows = account_rows(request.as_of, text=form.text, active=STATES.get(state))
    tabs = [
        {"label": label, "url": address(request, state=key), "active": state == key, "count": None}
        for key, label in (("", "全部"), ("on", "启用"), ("off", "停用"))
    ]
    return render(request, "accounts/list.html", {"page": page_of(rows, request), "form": form, "tabs": tabs})


@never_cache
@require_http_methods(["GET", "POST"])
def account_create(request: HttpRequest) -> HttpResponse:
    """Open an account. Its first password is shown in the answer to this very form, once, and kept nowhere."""
    form = NewAccountForm(request.POST or None)
    del form.fields["version"]
    made: list[people.NewAccount] = []

    def act() -> User:
        username = form.cleaned_data["username"]
        made.append(people.create_account(username=username, **form.values(), actor=request.user, at=request.now))
        return made[0].user

    answer = acted(request, form, act, done="账号已开通。", url=_url_of)
    if made and answer is not None:
        return _password_page(request, made[0].user, made[0].password, "账号已开通")
    if answer is not None:
        return answer
    context = {
        "form": form,
        "account": None,
        "factor": None,
        "grants": [],
        "crumbs": _crumbs(),
        "may_edit": not request.is_past_view,
    }
    return render(request, "accounts/account.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit whose account it is and how that person is reached."""
    found = get_object_or_404(User, pk=pk)
    initial = {name: getattr(found, name) for name in AccountForm.base_fields}
    form = AccountForm(request.POST or None, initial=initial)

    def act() -> User:
        return people.update_account(
            user=found,
            values=form.values(),
            version=form.cleaned_data["version"],
            actor=request.user,
            at=request.now,
        )

    answer = acted(request, form, act, done="账号信息已保存。", url=_url_of)
    if answer is not None:
        return answer
    context = {
        "form": form,
        "account": found,
        "factor": second_factor_of(found),
        "grants": grant_rows(request.as_of, CURRENT).filter(user=found),
        "crumbs": _crumbs(),
        "may_edit": not request.is_past_view,
    }
    return render(request, "accounts/account.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def account_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, or open a closed one again."""
    found = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    change, word = (people.disable_account, "停用") if found.is_active else (people.enable_account, "启用")

    def act() -> None:
        change(user=found, **form.cleaned_data, actor=request.user, at=request.now)

    return form_page(
        request,
        form,
        act,
        title=f"{word}账号",
        done=f"{found.name}的账号已{word}。",
        url=_url_of(found),
        crumbs=[*_crumbs(), (found.name, _url_of(found))],
        submit=word,
        intro=f"{found.name}（{found.username}）。停用后不能登录，其办理过的事项仍署原名。",
        confirm=f"确定停用{found.name}的账号？" if found.is_active else "",
    )


@never_cache
@require_POST
def account_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time password, shown in the answer to this very form, once."""
    present_only(request)
    found = get_object_or_404(User, pk=pk)
    made: list[str] = []

    def act() -> User:
        made.append(people.reset_password(user=found, actor=request.user, at=request.now))
        return found

    answer = submit_once(request, act, _url_of)
    return _password_page(request, found, made[0], "密码已重置") if made else answer


@require_POST
def account_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away the second factor of somebody whose telephone is lost."""
    present_only(request)
    found = get_object_or_404(User, pk=pk)

    def act() -> User:
        second_factor.lift(user=found, actor=request.user, at=request.now)
        return found

    answer = submit_once(request, act, _url_of)
    messages.success(request, f"{found.name}的二次验证已解除，凭密码即可登录。")
    return answer


def _password_page(request: HttpRequest, user: User, password: str, title: str) -> HttpResponse:
    context = {"account": user, "password": password, "title": title, "crumbs": _crumbs()}
    return render(request, "accounts/password.html", context)


def _url_of(user: User) -> str:
    return reverse("account", args=[user.pk])


def _crumbs() -> list[tuple[str, str]]:
    return [("账号", reverse("account_list"))]
