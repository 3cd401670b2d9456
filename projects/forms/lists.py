"""Adjusting a project's place on the annual list."""

from __future__ import annotations

from django import forms

from projects.enums import AdjustmentKind
from projects.forms.projects import date_input

KINDS = (
    (AdjustmentKind.REMOVED, "调出（不再统计）"),
    (AdjustmentKind.PAUSED, "暂停（仍在统计）"),
    (AdjustmentKind.RESUMED, "恢复建设"),
    (AdjustmentKind.HANDED_OVER, "移交（不再统计）"),
    (AdjustmentKind.ADDED, "再次列入清单"),
)


class AdjustForm(forms.Form):
    kind = forms.ChoiceField(label="调整", choices=KINDS, widget=forms.RadioSelect)
    effective_on = forms.DateField(label="生效日期", widget=date_input())
    reason = forms.CharField(label="原因", max_length=300, widget=forms.Textarea({"rows": 3}))
    document_no = forms.CharField(label="依据文号", max_length=60, required=False)
