"""Narrowing, grouping and dividing the wall chart."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from projects.forms.projects import FilterForm
from projects.selectors.wall import GROUPINGS

GROUP_CHOICES = [(key, label) for key, (label, _) in GROUPINGS.items()]
SPAN_CHOICES = [("", "按月"), ("quarter", "按季度")]


class WallForm(FilterForm):
    """The filters of the project list, and what its rows are grouped and its year is divided by. `years` are those that
    may be chosen, `current` the one shown unless another is."""

    only_shown = frozenset({"group", "by", "year"})

    group = forms.ChoiceField(label="分组", required=False, choices=GROUP_CHOICES)
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int)
    by = forms.ChoiceField(label="显示", required=False, choices=SPAN_CHOICES)

    field_order = ("q", "group", "colour", "annual_class", "unit", "leader", "basis", "year", "by")

    def __init__(self, data: QueryDict, *, years: Iterable[int], current: int) -> None:
        filled = data.copy()
        filled.setdefault("year", str(current))
        super().__init__(filled)
        del self.fields["stage"]
        self.current = current
        self.fields["year"].choices = [(str(year), f"{year}年") for year in years]

    @property
    def grouping(self) -> str:
        return self.asked("group") or GROUP_CHOICES[0][0]

    @property
    def shown_year(self) -> int:
        return self.asked("year") or self.current

    @property
    def by_quarter(self) -> bool:
        return self.asked("by") == "quarter"
