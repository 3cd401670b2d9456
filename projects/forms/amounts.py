"""The field of every amount that is typed: 万元, as people write it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

WRITTEN_AROUND = str.maketrans("", "", ",， 　\t")
"""Separators that people type or paste along with a number."""


class AmountField(forms.DecimalField):
    """An amount in 万元 with at most four decimals. "7,400.5" and "7400.5万元" are the same; a blank is unknown."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "max_digits": 18,
                "decimal_places": 4,
                "required": False,
                "error_messages": {"invalid": "请只填数字，单位为万元，例如 7400.5。"},
                **options,
            }
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.translate(WRITTEN_AROUND).removesuffix("万元").removesuffix("万")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A stored amount without its trailing noughts; what was typed as it was typed."""
        if isinstance(value, Decimal):
            return format(value.normalize(), "f")
        return value
