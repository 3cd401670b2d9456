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

from projects import audit
from projects.forms.session import PasswordChangeForm, SignInForm
from projects.services import people
from tracker import clock
from tracker.web.errors import UserError


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door. A wrong name and a wrong password read the same."""
    if request.user.is_authenticated:
        return redirect("home")
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.user)
        audit.record(actor=form.user, at=clock.now(), action="session.sign_in", obj=form.user)
        return redirect(_next_page(request))
    return render(request, "session/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


def _next_page(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    audit.record(actor=request.user, at=clock.now(), action="session.sign_out", obj=request.user)
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
                at=clock.now(),
            )
        except UserError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已修改，请用新密码登录。")
            return redirect("home")
    return render(request, "session/password.html", {"form": form})
