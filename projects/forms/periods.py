"""Moving the times of a period, and waiving one report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from projects.models import Period
from projects.selectors.periods import STANDINGS
from tracker.clock import SHANGHAI
from tracker.web.filters import ListForm, search_field

LOCAL = "%Y-%m-%dT%H:%M"
"""What an input of type datetime-local reads and writes."""


def _moment(label: str, hint: str = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, help_text=hint, widget=forms.DateTimeInput({"type": "datetime-local"}, format=LOCAL)
    )


class RescheduleForm(forms.Form):
    due_at = _moment("报送截止", "超过这一时间报送的，计为逾期。")
    lock_at = _moment("锁定时间", "锁定后单位不能再填报，只能由重点项目办更正。")
    reason = forms.CharField(label="改期原因", max_length=300, widget=forms.Textarea({"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, period: Period) -> None:
        initial = {
            "due_at": period.due_at.astimezone(SHANGHAI),
            "lock_at": period.lock_at.astimezone(SHANGHAI),
            "version": period.version,
        }
        super().__init__(data, initial=initial)


class BoardFilterForm(ListForm):
    """Narrow the board of a period to some projects or to one state."""

    q = search_field()
    standing = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STANDINGS.items()])


class WaiveForm(forms.Form):
    reason = forms.CharField(
        label="免报原因",
        max_length=200,
        help_text="例如已由省厅统一填报、已暂停待批。免报后不计逾期和未报。",
        widget=forms.Textarea({"rows": 3}),
    )
