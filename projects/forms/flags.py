"""Settling a verification task."""

from __future__ import annotations

from django import forms

from projects.enums import FlagState
from projects.forms.amounts import AmountField
from projects.rules.flags import TITLES
from tracker.web.filters import ListForm, search_field

CONCLUSIONS = (
    (FlagState.CONFIRMED.value, "属实：填报数据正确"),
    (FlagState.CORRECTED.value, "不符：按核实数计算"),
)


class FlagFilterForm(ListForm):
    """Narrow the list of verification tasks."""

    q = search_field()
    code = forms.ChoiceField(label="疑问", required=False, choices=[("", "全部"), *TITLES.items()])


class SettleForm(forms.Form):
    state = forms.ChoiceField(label="核实结论", choices=CONCLUSIONS, widget=forms.RadioSelect)
    verified_done = AmountField(
        label="核实后的本年累计",
        help_text="结论为“不符”时填写。低于填报数的，从现在起按核实数计算，直到更正报告通过。",
    )
    note = forms.CharField(
        label="核实情况",
        max_length=300,
        help_text="写明怎样核实的，例如查看凭证、现场查看、电话核对。",
        widget=forms.Textarea({"rows": 3}),
    )
