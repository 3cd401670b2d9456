"""The working-day calendar: one day, the state of a year, a whole list from a file."""

from __future__ import annotations

from typing import Any

from django import forms

from projects.enums import CalendarStatus
from projects.forms.projects import date_input
from projects.rules.calendar_file import CalendarEntry, CalendarFileError, parse

LARGEST_FILE = 100_000
"""Bytes. A year's list has some forty short lines."""


class DayForm(forms.Form):
    day = forms.DateField(label="日期", widget=date_input())
    is_workday = forms.TypedChoiceField(
        label="这一天",
        choices=[("0", "休息"), ("1", "上班")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="名称", max_length=40, required=False, help_text="例如：春节、国庆节调休")


class YearStatusForm(forms.Form):
    status = forms.ChoiceField(
        label="放假安排",
        choices=CalendarStatus.choices,
        widget=forms.RadioSelect,
        help_text="未公布前按周一至周五推算，期限旁注明“预估”。",
    )
    source = forms.CharField(
        label="依据", max_length=100, required=False, help_text="例如：国务院办公厅关于2026年部分节假日安排的通知"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class YearFileForm(forms.Form):
    file = forms.FileField(
        label="放假安排文件",
        help_text="文本或CSV，每行一天，例如：2026-02-17,休,春节；2026-02-28,班,春节调休。会替换本年全部休假和调休。",
    )
    status = forms.ChoiceField(label="放假安排", choices=CalendarStatus.choices, initial=CalendarStatus.PUBLISHED)
    source = forms.CharField(label="依据", max_length=100)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_file(self) -> tuple[CalendarEntry, ...]:
        """The days of the list, every bad line named."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("文件过大，请只上传一年的放假安排。")
        try:
            return parse(_decoded(file.read()), self.year)
        except CalendarFileError as error:
            raise forms.ValidationError(error.messages) from error


def _decoded(data: bytes) -> str:
    """Text as offices save it: UTF-8, else the Chinese code page of Windows."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")
