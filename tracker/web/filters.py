"""What every list's filter form can say in words, and the one note of an act on several rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import ModelChoiceField

PROJECT_HINT = "项目名称、编号、单位或拼音首字母"


def search_field(hint: str = PROJECT_HINT) -> forms.CharField:
    return forms.CharField(label="查找", required=False, max_length=60, widget=forms.TextInput({"placeholder": hint}))


class ListForm(forms.Form):
    """A filter form: everything is optional, travels in the address, and nonsense narrows nothing. `only_shown` names
    fields that choose how the rows are shown, not which."""

    only_shown: frozenset[str] = frozenset()

    def asked(self, name: str) -> Any:
        """What was asked of one field; an empty text when nothing or nonsense was."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    @property
    def is_narrowed(self) -> bool:
        return any(self.asked(name) for name in self.fields)

    @property
    def told(self) -> str:
        """The filters as words, for the title line of an export: "查找“桥”，灯色：告警"; empty without any."""
        parts = []
        for name, field in self.fields.items():
            value = self.asked(name)
            if not value or name in self.only_shown:
                continue
            if isinstance(field, ModelChoiceField):
                parts.append(f"{field.label}：{value}")
            elif isinstance(field, forms.ChoiceField):
                parts.append(f"{field.label}：{dict(field.choices).get(value, value)}")
            else:
                parts.append(f"{field.label}“{value}”")
        return "，".join(parts)


class NoteForm(forms.Form):
    """One note for all ticked rows."""

    note = forms.CharField(max_length=200)

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label
