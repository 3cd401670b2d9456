"""Signing in and out, and the password of one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from projects.forms.session import PasswordChangeForm, SignInForm
from projects.services import people, sessions
from tracker.web.address import client_address
from tracker.web.errors import UserError

WRONG = "账号或密码不正确。多次输错会暂停登录，如忘记密码请联系本县系统管理员重置。"


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
        if outcome.user is not None:
            sessions.signed_in(actor=outcome.user, address=address, at=request.now)
            login(request, outcome.user)
            return redirect(next_page(request))
        form.add_error(None, WRONG)
    return render(request, "session/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


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
