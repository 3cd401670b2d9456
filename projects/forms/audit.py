"""Narrowing the audit log."""

from __future__ import annotations

from django import forms

from projects.forms.projects import ANY, date_input
from projects.rules.audit_words import ACTIONS
from projects.selectors.audit import AuditFilters


class AuditForm(forms.Form):
    text = forms.CharField(
        label="对象",
        required=False,
        max_length=60,
        widget=forms.TextInput({"placeholder": "项目、单位、账号等名称"}),
    )
    person = forms.CharField(label="操作人", required=False, max_length=40)
    action = forms.ChoiceField(label="操作", required=False, choices=[ANY, *ACTIONS.items()])
    since = forms.DateField(label="自", required=False, widget=date_input())
    until = forms.DateField(label="至", required=False, widget=date_input())

    def filters(self) -> AuditFilters:
        """What was asked; nonsense in the address narrows nothing."""
        return AuditFilters(**self.cleaned_data) if self.is_valid() else AuditFilters()
