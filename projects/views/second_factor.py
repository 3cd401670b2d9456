"""The second factor of one's own account: taken, shown and given up (docs/adr/0016-second-factor.md)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from projects.forms.session import SecondFactorForm
from projects.models import SecondFactor
from projects.selectors.people import owes_second_factor, second_factor_of
from projects.services.second_factor import begin, confirm, enrolment_address, remove
from projects.views.acting import refuse, status_of, submit_once
from tracker.web import qr
from tracker.web.errors import UserError

DONE = {
    "confirm": (confirm, "二次验证已启用。以后登录时，输入密码后还要输入手机上的验证码。"),
    "remove": (remove, "二次验证已关闭，凭密码即可登录。"),
}
GROUP = 4


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """None, a key that waits for its first code, or a factor in use: the page offers what comes next."""
    form, step = SecondFactorForm(), request.POST.get("step", "begin")
    if request.method == "POST" and step not in DONE:
        return submit_once(request, lambda: begin(user=request.user, actor=request.user, at=request.now), _here)
    factor = second_factor_of(request.user)
    if request.method == "POST":
        if factor is None or factor.is_active != (step == "remove"):  # sent twice, or from a page that is out of date
            return redirect("second_factor")
        form = SecondFactorForm(request.POST)
        act, said = DONE[step]
        if form.is_valid():
            try:
                act(user=request.user, **form.cleaned_data, actor=request.user, at=request.now)
            except UserError as refusal:
                refuse(form, refusal)
            else:
                update_session_auth_hash(request, request.user)
                messages.success(request, said)
                return redirect("second_factor")
    context = {
        "form": form,
        "factor": factor,
        "is_owed": owes_second_factor(request.user, request.access),
        **(_key(factor) if factor is not None and not factor.is_active else {}),
    }
    return render(request, "session/second_factor.html", context, status=status_of(form))


def _key(factor: SecondFactor) -> dict[str, Any]:
    """The key in every form in which a telephone takes it."""
    address, secret = enrolment_address(factor), factor.secret
    return {
        "address": address,
        "code": qr.drawn(address),
        "groups": [secret[start : start + GROUP] for start in range(0, len(secret), GROUP)],
    }


def _here(_: object) -> str:
    return "second_factor"
