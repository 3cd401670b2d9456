"""The first page of the office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.selectors.workbench import workbench as bench


@require_safe
def workbench(request: HttpRequest) -> HttpResponse:
    """This period's state, what waits for the office, and what comes next."""
    context = {
        "bench": bench(request.access, request.now),
        "may_review": request.access.may("reports.review"),
    }
    return render(request, "workbench/workbench.html", context)
