"""The project list with the columns a person has chosen, and its export."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects.forms.projects import FilterForm
from projects.selectors import project_columns, project_sheet
from projects.selectors import project_list as listing
from projects.services import preferences
from projects.tables import rows_of
from projects.views.acting import present_only, submit_once
from projects.views.exporting import export
from tracker.web.paging import address


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Visible projects on the day shown, narrowed, sorted, and with the columns of the address."""
    form = FilterForm(request.GET)
    sort = request.GET.get("sort", "seq")
    columns = _columns(request)
    page = listing.project_page_of(
        request.access, request.as_of, form.filters(), sort=sort, number=request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "rows": rows_of(page.object_list, columns),
        "columns": columns,
        "all_columns": project_columns.COLUMNS,
        "kept_filters": [(name, value) for name, values in request.GET.lists() for value in values if _stays(name)],
        "usual_url": address(request, cols=project_columns.ALL_USUAL),
        "sort": sort,
        "may_create": request.access.may("projects.edit"),
        "may_keep": not request.is_past_view,
    }
    return render(request, "projects/list.html", context)


@require_POST
def project_export(request: HttpRequest) -> HttpResponseBase:
    """Exactly what the list shows under the same address, all its pages: rows, order, columns."""
    form = FilterForm(request.GET)
    lines = listing.all_lines(request.access, request.as_of, form.filters(), sort=request.GET.get("sort", "seq"))
    sheet = project_sheet.of_lines(lines, _columns(request), as_of=request.as_of, told=form.told)
    return export(request, sheet, f"重点项目台账{request.as_of:%Y%m%d}.xlsx")


@require_POST
def project_columns_keep(request: HttpRequest) -> HttpResponse:
    """Remember the columns shown as this person's own."""
    present_only(request)
    columns = [column.key for column in project_columns.chosen(request.POST.getlist("cols"), request.user)]

    def act() -> None:
        preferences.keep_columns(page=project_columns.PAGE, columns=columns, actor=request.user, at=request.now)

    return submit_once(request, act, lambda _: reverse("project_list") + address(request, cols=None))


def _columns(request: HttpRequest) -> tuple[project_columns.Column, ...]:
    return project_columns.chosen(request.GET.getlist("cols"), request.user)


def _stays(name: str) -> bool:
    """Whether choosing columns keeps this part of the address."""
    return name not in ("cols", "page")
