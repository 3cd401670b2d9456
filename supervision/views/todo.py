"""我的待办: what a person has to report, mend or read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.selectors import reports
from supervision.selectors.notices import to_read


@require_safe
def report_todo(request: HttpRequest) -> HttpResponse:
    """What is to be done now, and the notices not opened yet. Whoever sees several units may look at one of them."""
    units = reports.units_to_look_at(request.access)
    asked = request.GET.get("unit", "")
    unit = next((unit for unit in units if str(unit.pk) == asked), None)
    context = {
        "todo": reports.todo(request.access, request.now, unit=unit.pk if unit else None),
        "notices": to_read(request.user),
        "units": units,
        "unit": unit,
        "may_report": request.access.may("reports.submit") and not request.is_past_view,
    }
    return render(request, "reports/todo.html", context)
