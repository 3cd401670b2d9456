"""The first page of the office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.selectors.workbench import owing_most
from supervision.selectors.workbench import bench


@require_safe
def workbench(request: HttpRequest) -> HttpResponse:
    """Who has not reported, what waits for the office, and what comes next."""
    found = bench(request.access, request.now)
    context = {
        "work": found.work,
        "boards": [{"board": board, "units": owing_most(board)} for board in found.work.boards],
        "notices": found.notices,
        "coming": found.coming,
        "now": request.now,
        "may_remind": request.access.may("notices.manage") and not request.is_past_view,
        "may_review": request.access.may("reports.review"),
        "may_import": request.access.may("imports.run"),
    }
    return render(request, "workbench/workbench.html", context)
