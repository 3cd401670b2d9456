"""Signing in and out, and the password of one's own account."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from projects.forms.session import PasswordChangeForm, SignInCodeForm, SignInForm
from projects.models import User
from projects.services import people, sessions
from projects.services.second_factor import WRONG_CODE
from tracker.web.address import client_address
from tracker.web.errors import UserError

WRONG = "账号或密码不正确。多次输错会暂停登录，如忘记密码请联系本县系统管理员重置。"
TOO_LATE = "验证码没有及时输入，请重新输入账号和密码。"
WAITING = "waits_for_code"
"""Session key of whose password was right: account, moment, and the hash that a new password changes."""


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door. A wrong name, a wrong password and a closed account read the same."""
    if request.user.is_authenticated:
        return redirect("home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = client_address(request)
        outcome = sessions.try_password(**form.cleaned_data, address=address, actor=None, at=request.now)
        if outcome.is_paused:
            return render(request, "429.html", status=429)
        if outcome.user is not None and outcome.needs_code:
            return _asked_for_code(request, outcome.user)
        if outcome.user is not None:
            return _let_in(request, outcome.user, address)
        form.add_error(None, WRONG)
    return render(request, "session/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step of the door, for five minutes after a right password. Nobody is signed in before it is right."""
    if request.user.is_authenticated:
        return redirect("home")
    user = _waiting(request)
    if user is None:
        if request.session.pop(WAITING, None) is not None:
            messages.warning(request, TOO_LATE)
        return redirect(_with_next("sign_in", request.GET.get("next", "")))
    form = SignInCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = client_address(request)
        outcome = sessions.try_code(user=user, **form.cleaned_data, address=address, actor=None, at=request.now)
        if outcome.is_paused:
            return render(request, "429.html", status=429)
        if outcome.user is not None:
            return _let_in(request, outcome.user, address)
        form.add_error("code", WRONG_CODE)
    context = {"form": form, "who": user, "next": request.GET.get("next", "")}
    return render(request, "session/sign_in_code.html", context)


def _let_in(request: HttpRequest, user: User, address: str) -> HttpResponse:
    sessions.signed_in(actor=user, address=address, at=request.now)
    request.session.pop(WAITING, None)
    login(request, user)
    return redirect(next_page(request))


def _asked_for_code(request: HttpRequest, user: User) -> HttpResponse:
    """Keep whose password was right, under a new session key, and ask for the code."""
    request.session.cycle_key()
    request.session[WAITING] = [user.pk, request.now.isoformat(), user.get_session_auth_hash()]
    return redirect(_with_next("sign_in_code", request.POST.get("next", "")))


def _waiting(request: HttpRequest) -> User | None:
    """Whose password was right within the last five minutes; nobody when it has changed since, or the account was
    closed or lost its second factor."""
    pk, since, known = request.session.get(WAITING, (None, "", ""))
    if pk is None or request.now - dt.datetime.fromisoformat(since) > settings.SIGN_IN_CODE:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    is_same = user is not None and constant_time_compare(known, user.get_session_auth_hash())
    return user if is_same else None


def _with_next(name: str, target: str) -> str:
    return f"{reverse(name)}?{urlencode({'next': target})}" if target else reverse(name)


def next_page(request: HttpRequest) -> str:
    """Where the form that was sent wants to go on to: a page of this site, else home."""
    target = request.POST.get("next", "")
    is_path = target.startswith("/")  # a bare word would be looked up as the name of a page
    if is_path and url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.signed_out(actor=request.user, at=request.now)
    logout(request)
    return redirect("sign_in")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Replace one's password; forced after the one-time password of a new account."""
    form = PasswordChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_password(
                user=request.user,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                actor=request.user,
                at=request.now,
            )
        except UserError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已修改，请用新密码登录。")
            return redirect("home")
    is_too_old = request.user.must_replace_password(request.now)
    context = {"form": form, "is_too_old": is_too_old}
    return render(request, "session/password.html", context, status=422 if form.errors else 200)
