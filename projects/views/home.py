"""The first page after signing in leads each role to where its work is."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects.views.session import next_page
from tracker.clock import day_of
from tracker.web.asof import set_as_of

LANDINGS = (
    ("reports.review", "workbench"),
    ("dashboard.view", "dashboard"),
    ("reports.submit", "report_todo"),
    ("operations.view", "operations"),
    ("grants.edit", "grant_list"),
    ("audit.view", "audit_log"),
)
"""The first action a person holds decides the landing page."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    for action, page in LANDINGS:
        if request.access.may(action):
            return redirect(page)
    return render(request, "session/no_role.html")


class DayForm(forms.Form):
    day = forms.DateField(label="查看日期", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: object, today: dt.date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> dt.date | None:
        day = self.cleaned_data["day"]
        if day is not None and day > self.today:
            raise forms.ValidationError("不能查看将来的日期。")
        return day


@require_http_methods(["GET", "POST"])
def as_of(request: HttpRequest) -> HttpResponse:
    """Choose the day that all pages of this session show; empty returns to today. `next` is a page of this site to go
    on to."""
    form = DayForm(request.POST or None, today=day_of(request.now), initial={"day": request.as_of})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["day"]
        set_as_of(request, day)
        messages.info(request, f"现在显示 {day:%Y-%m-%d} 的数据。" if day else "已回到今天。")
        return redirect(next_page(request))
    return render(request, "session/as_of.html", {"form": form, "next": request.GET.get("next", "")})
