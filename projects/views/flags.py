"""Verification tasks: the list, settling one, and settling several that are right."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.enums import FlagState
from projects.forms.flags import FlagFilterForm, SettleForm
from projects.models import VerificationFlag
from projects.selectors import flags as screens
from projects.selectors import list_sheets
from projects.services import bulk, flags
from projects.views.acting import on_behalf_of, present_only, refuse, said_of_bulk, status_of, submit_once, ticked
from projects.views.exporting import export
from tracker.clock import day_of
from tracker.web.errors import UserError
from tracker.web.filters import NoteForm
from tracker.web.paging import address, page_of

NOTE = "核实情况"


@require_safe
def flag_list(request: HttpRequest) -> HttpResponse:
    """Open tasks first; the settled ones under their own tabs."""
    return _list_page(request, NoteForm(label=NOTE))


@require_POST
def flag_export(request: HttpRequest) -> HttpResponseBase:
    """The tasks of the list under the same address, all its pages."""
    form, state, rows = _asked(request)
    sheet = list_sheets.flags(rows, state, told=form.told, as_of=day_of(request.now))
    return export(request, sheet, f"核实事项{day_of(request.now):%Y%m%d}.xlsx")


@require_POST
def flag_confirm(request: HttpRequest) -> HttpResponse:
    """属实: the ticked tasks are settled with one note; those that moved are left and named."""
    present_only(request)
    form = NoteForm(request.POST, label=NOTE)
    if not form.is_valid():
        return _list_page(request, form)
    rows = screens.flags_for(request.access, state=None).filter(pk__in=ticked(request, "flag"))
    outcome: list[bulk.Outcome] = []

    def act() -> None:
        note = form.cleaned_data["note"]
        acting_for = on_behalf_of(request.access, "flags.settle")
        done = bulk.confirm_flags(rows=rows, note=note, actor=request.user, at=request.now, acting_for=acting_for)
        outcome.append(done)

    answer = submit_once(request, act, lambda _: reverse("flag_list") + address(request).rstrip("?"))
    said_of_bulk(request, outcome, "{}项已登记为属实。", "没有勾选核实事项。")
    return answer


def _asked(request: HttpRequest) -> tuple[FlagFilterForm, FlagState, QuerySet[VerificationFlag]]:
    form, asked = FlagFilterForm(request.GET), request.GET.get("state", "")
    state = FlagState(asked) if asked in FlagState.values else FlagState.OPEN
    sort = request.GET.get("sort", "")
    return form, state, screens.listed(request.access, state, text=form.asked("q"), code=form.asked("code"), sort=sort)


def _list_page(request: HttpRequest, note: NoteForm) -> HttpResponse:
    form, state, rows = _asked(request)
    counts = screens.flag_counts(request.access)
    context = {
        "page": page_of(rows, request),
        "form": form,
        "note": note,
        "sort": request.GET.get("sort", ""),
        "kept": address(request).rstrip("?"),
        "me": request.user.pk,
        "ticked": ticked(request, "flag"),
        "may_confirm": state == FlagState.OPEN and not request.is_past_view,
        "tabs": [
            {
                "label": choice.label,
                "url": address(request, state=choice.value),
                "active": choice == state,
                "count": counts.get(choice.value, 0),
            }
            for choice in FlagState
        ],
    }
    return render(request, "flags/list.html", context, status=status_of(note))


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
                        acting_for=on_behalf_of(request.access, "flags.settle"),
                    ),
                    lambda _: reverse("flag_list"),
                )
            except UserError as refusal:
                flag.refresh_from_db()  # what the service had begun was taken back
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
