"""The working-day calendar: a year by months, and its three changes (docs/rules.md, Working days)."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects.enums import CalendarStatus
from projects.forms.calendar import DayForm, YearFileForm, YearStatusForm
from projects.selectors.calendar import calendar_page
from projects.services import calendar as calendars
from projects.views.acting import form_page

Part = tuple[forms.Form, Callable[[], None]]
PARTS = {"day": "单日调整", "status": "放假安排状态", "file": "整年导入"}


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The months of `?year=`, by default the year shown."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and _is_known(int(asked)) else request.as_of.year
    context = {
        "page": calendar_page(year),
        "earlier": year - 1 if _is_known(year - 1) else None,
        "later": year + 1 if _is_known(year + 1) else None,
        "may_edit": request.access.may("calendar.edit") and not request.is_past_view,
    }
    return render(request, "calendar/year.html", context)


@require_http_methods(["GET", "POST"])
def calendar_edit(request: HttpRequest, year: int, part: str) -> HttpResponse:
    """One of the three changes of a year: a day, the state of its list, the whole list from a file."""
    if not _is_known(year) or part not in PARTS:
        raise Http404
    url = f"{reverse('calendar')}?year={year}"
    tabs = [
        {
            "label": label,
            "url": reverse("calendar_edit", args=[year, key]),
            "active": key == part,
            "count": None,
        }
        for key, label in PARTS.items()
    ]
    form, act = _PARTS[part](request, year)
    return form_page(
        request,
        form,
        act,
        title=f"{year}年工作日历：{PARTS[part]}",
        done="工作日历已更新，尚未到期的期限按新日历计算。",
        url=url,
        crumbs=[("工作日历", url)],
        tabs=tabs,
    )


def _day(request: HttpRequest, year: int) -> Part:
    form = DayForm(request.POST or None, initial={"day": request.GET.get("day", ""), "is_workday": "0"})

    def act() -> None:
        calendars.set_day(**form.cleaned_data, actor=request.user, at=request.now)

    return form, act


def _status(request: HttpRequest, year: int) -> Part:
    row = calendar_page(year).row
    known = {"status": row.status, "source": row.source, "version": row.version} if row else {}
    form = YearStatusForm(request.POST or None, initial={"status": CalendarStatus.ESTIMATED, **known})

    def act() -> None:
        data = form.cleaned_data
        calendars.set_year_status(
            year=year,
            status=CalendarStatus(data["status"]),
            source=data["source"],
            version=data["version"],
            actor=request.user,
            at=request.now,
        )

    return form, act


def _file(request: HttpRequest, year: int) -> Part:
    form = YearFileForm(request.POST or None, request.FILES or None, year=year)

    def act() -> None:
        data = form.cleaned_data
        calendars.load_year(
            year=year,
            entries=data["file"],
            status=CalendarStatus(data["status"]),
            source=data["source"],
            actor=request.user,
            at=request.now,
        )

    return form, act


_PARTS = {"day": _day, "status": _status, "file": _file}


def _is_known(year: int) -> bool:
    return calendars.FIRST_YEAR <= year <= calendars.LAST_YEAR
