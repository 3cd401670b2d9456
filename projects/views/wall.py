"""挂图作战: the wall chart on the screen, on A3 and A0, and as a workbook."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from projects.forms.wall import WallForm
from projects.rules.wall import WORDS
from projects.selectors import wall_sheet
from projects.selectors.lists import list_years
from projects.selectors.wall import Wall, wall
from projects.views.exporting import export

PAPERS = ("a3", "a0")


@require_safe
def wall_chart(request: HttpRequest) -> HttpResponse:
    """All visible projects by month. `?paper=` asks for the sheet that is printed on that paper."""
    form = _form(request)
    chart = _chart(request, form)
    paper = request.GET.get("paper", "")
    context = {
        "form": form,
        "wall": chart,
        "legend": [(sign, *WORDS[sign], chart.signs.get(sign)) for sign in WORDS],
        "paper": paper if paper in PAPERS else "",
        "told": form.told,
    }
    return render(request, "wall/wall.html", context)


@require_POST
def wall_export(request: HttpRequest) -> HttpResponseBase:
    """The chart under the same filters as a workbook for A3."""
    form = _form(request)
    sheet = wall_sheet.of_wall(_chart(request, form), form.told, county=settings.COUNTY_NAME)
    return export(request, sheet, f"挂图作战{request.as_of:%Y%m%d}.xlsx")


def _form(request: HttpRequest) -> WallForm:
    """The years that may be shown: those with a list, the present one, and the next, in which nodes may wait."""
    current = request.as_of.year
    years = {*(year for year in list_years() if year < current), current, current + 1}
    return WallForm(request.GET, years=sorted(years, reverse=True), current=current)


def _chart(request: HttpRequest, form: WallForm) -> Wall:
    return wall(
        request.access,
        request.as_of,
        form.filters(),
        year=form.shown_year,
        grouping=form.grouping,
        by_quarter=form.by_quarter,
    )
