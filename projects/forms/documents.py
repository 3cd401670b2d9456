"""Adding a document to a project, and voiding one."""

from __future__ import annotations

from django import forms

from projects.enums import DocumentKind
from projects.forms.projects import date_input
from projects.rules.file_kinds import ACCEPTED, KINDS, LARGEST_DOCUMENT

_ENDINGS = ",".join([*(f".{suffix}" for suffix in KINDS), ".jpeg"])


class DocumentForm(forms.Form):
    file = forms.FileField(
        label="文件",
        help_text=f"{ACCEPTED}，不超过{LARGEST_DOCUMENT // 1024 // 1024} MB。涉密文件不得上传。",
        widget=forms.FileInput({"accept": _ENDINGS}),
    )
    kind = forms.ChoiceField(label="类别", choices=DocumentKind.choices)
    title = forms.CharField(label="标题", max_length=200, required=False, help_text="不填用文件名。")
    document_no = forms.CharField(label="文号", max_length=60, required=False)
    dated_on = forms.DateField(label="文件日期", required=False, widget=date_input())


class VoidForm(forms.Form):
    reason = forms.CharField(label="作废原因", max_length=200)
