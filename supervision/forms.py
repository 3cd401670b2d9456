"""Forms of the office's acts: rankings, notices, jobs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from projects.enums import PeriodKind
from projects.models import Period
from supervision.enums import DeliveryState, Series, SnapshotState
from supervision.models import Snapshot
from tracker.web.filters import ListForm, search_field

SERIES_OF = {PeriodKind.WEEK: Series.WEEKLY, PeriodKind.MONTH: Series.MONTHLY}
"""Which ranking a kind of period gets."""

PERIODS_OFFERED = 30


class PeriodField(forms.ModelChoiceField):
    """A period by the name of its ranking."""

    def label_from_instance(self, obj: Period) -> str:
        return f"{SERIES_OF[PeriodKind(obj.kind)].label} {obj.title}"


class TakeForm(forms.Form):
    """Choose the period to rank: ended, and without a published ranking."""

    period = PeriodField(
        label="报告期", queryset=Period.objects.none(), help_text="只列已结束、排名尚未发布的报告期。", empty_label=None
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = Snapshot.objects.filter(period=OuterRef("pk"), state=SnapshotState.PUBLISHED)
        ended = Period.objects.filter(~Exists(published), cutoff__lte=today).order_by("-cutoff", "kind")
        offered = list(ended.values_list("pk", flat=True)[:PERIODS_OFFERED])
        self.fields["period"].queryset = Period.objects.filter(pk__in=offered).order_by("-cutoff", "kind")

    @property
    def has_periods(self) -> bool:
        return self.fields["period"].queryset.exists()


class PublishForm(forms.Form):
    """Carries the version of the draft the person has looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class SupersedeForm(forms.Form):
    reason = forms.CharField(
        label="更正原因",
        max_length=300,
        help_text="写明哪里有差错、依据是什么。原因随原版一并公开。",
        widget=forms.Textarea({"rows": 3}),
    )


class DeliveryFilterForm(ListForm):
    """Narrow the delivery log of a batch."""

    q = search_field("接收人、账号或单位")
    state = forms.ChoiceField(label="送达状态", required=False, choices=[("", "全部"), *DeliveryState.choices])


class PreviewForm(forms.Form):
    """The day whose matters the digests name."""

    as_of = forms.DateField(label="数据日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_as_of(self) -> dt.date:
        day: dt.date = self.cleaned_data["as_of"]
        if day > self.today:
            raise forms.ValidationError("数据日期不能晚于今天。")
        return day
