"""The annual list: versions, statistics on both bases, projects, adjustments (docs/rules.md, Annual list)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects.enums import AdjustmentKind
from projects.forms.lists import AdjustForm
from projects.models import AnnualListEntry, Project
from projects.selectors.list_page import list_page
from projects.selectors.lists import BASES, adjustments_of, list_years, lists_of
from projects.services import lists
from projects.views.projects import find, project_form
from tracker.web.paging import page_of

ROWS_A_PAGE = 100


@require_safe
def annual_list(request: HttpRequest, year: int) -> HttpResponse:
    """One year as of the day shown; `?basis=original` counts as the list was first issued."""
    basis = "original" if request.GET.get("basis") == "original" else "current"
    found = list_page(year, request.as_of, basis, request.access)
    adjustments = adjustments_of(year, request.as_of).filter(
        entry__project__in=Project.objects.visible_to(request.access)
    )
    context = {
        "year": year,
        "basis": BASES[basis],
        "found": found,
        "page": page_of(found.lines, request, ROWS_A_PAGE),
        "versions": lists_of(year, request.as_of),
        "adjustments": adjustments,
        "years": [
            {
                "label": f"{other}年",
                "url": reverse("annual_list", args=[other]),
                "active": other == year,
                "count": None,
            }
            for other in list_years()
        ],
        "tabs": [
            {"label": label, "url": f"?basis={key}", "active": key == basis, "count": None}
            for key, label in BASES.items()
        ],
        "may_adjust": request.access.may("lists.edit") and not request.is_past_view,
    }
    return render(request, "lists/list.html", context)


@require_http_methods(["GET", "POST"])
def list_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the project's entry of the year off the list, pause, resume, hand over or bring it back."""
    project = find(request, pk, "lists.edit")
    entry = get_object_or_404(
        AnnualListEntry.objects.select_related("project"), project=project, year=request.as_of.year
    )
    form = AdjustForm(request.POST or None, initial={"effective_on": request.as_of})

    def act() -> None:
        data = form.cleaned_data
        lists.adjust(
            entry=entry,
            kind=AdjustmentKind(data["kind"]),
            reason=data["reason"],
            effective_on=data["effective_on"],
            document_no=data["document_no"],
            actor=request.user,
            at=request.now,
        )

    return project_form(
        request,
        project,
        form,
        act,
        title=f"调整{entry.year}年度清单",
        done="清单调整已登记，现口径统计随之变化，年初口径不变。",
        submit="登记调整",
        intro="调出、移交的项目自生效日期起不计入现口径统计，历史数据保留；暂停的项目仍计入。",
    )
