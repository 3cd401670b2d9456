"""A new value of one rule parameter."""

from __future__ import annotations

from typing import Any

from django import forms

from projects.forms.projects import date_input
from projects.rules.policy import Parameter

YES_NO = (("true", "是"), ("false", "否"))


class ParameterForm(forms.Form):
    """The field of the value follows the parameter: a choice, yes or no, or what is typed."""

    effective_on = forms.DateField(
        label="生效日期", widget=date_input(), help_text="不早于今天；已形成的灯色和排名不追溯。"
    )
    reason = forms.CharField(
        label="依据", max_length=300, widget=forms.Textarea({"rows": 2}), help_text="会议、文件或理由，记入审计记录。"
    )
    field_order = ("value", "effective_on", "reason")

    def __init__(self, *args: Any, parameter: Parameter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = f"新值（{parameter.unit}）" if parameter.unit else "新值"
        if parameter.options is not None:
            self.fields["value"] = forms.ChoiceField(label=label, choices=list(parameter.options.items()))
        elif isinstance(parameter.default, bool):
            self.fields["value"] = forms.ChoiceField(label=label, choices=YES_NO)
        else:
            self.fields["value"] = forms.CharField(
                label=label, max_length=100, help_text=parameter.help, widget=forms.TextInput({"autocomplete": "off"})
            )
        self.order_fields(self.field_order)


def typed(value: Any) -> str:
    """A value as the form takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
