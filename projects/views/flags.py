"""Verification tasks: the list, and settling one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects.enums import FlagState
from projects.forms.flags import SettleForm
from projects.selectors import flags as screens
from projects.services import flags
from projects.views.acting import present_only, refuse, submit_once
from tracker.web.errors import UserError
from tracker.web.paging import page_of


@require_safe
def flag_list(request: HttpRequest) -> HttpResponse:
    """Open tasks first; the settled ones under their own tabs."""
    asked = request.GET.get("state", "")
    state = FlagState(asked) if asked in FlagState.values else FlagState.OPEN
    counts = screens.flag_counts(request.access)
    context = {
        "page": page_of(screens.flags_for(request.access, state=state), request),
        "tabs": [
            {
                "label": choice.label,
                "url": f"?state={choice.value}",
                "active": choice == state,
                "count": counts.get(choice.value, 0),
            }
            for choice in FlagState
        ],
    }
    return render(request, "flags/list.html", context)


@require_http_methods(["GET", "POST"])
def flag_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether the figure is right."""
    flag = get_object_or_404(screens.flags_for(request.access, state=None), pk=pk)
    form = SettleForm(request.POST or None)
    if request.method == "POST":
        present_only(request)
        if form.is_valid():
            try:
                answer = submit_once(
                    request,
                    lambda: flags.settle(
                        flag=flag,
                        state=FlagState(form.cleaned_data["state"]),
                        note=form.cleaned_data["note"],
                        verified_done=form.cleaned_data["verified_done"],
                        actor=request.user,
                        at=request.now,
                    ),
                    lambda _: reverse("flag_list"),
                )
            except UserError as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, f"{flag.project.name}：核实结论已登记。")
                return answer
    context = {
        "flag": flag,
        "form": form,
        "may_settle": request.user.pk not in (flag.revision.submitted_by_id, flag.revision.on_behalf_of_id),
        "crumbs": [("核实事项", reverse("flag_list"))],
    }
    return render(request, "flags/settle.html", context, status=422 if form.errors else 200)
