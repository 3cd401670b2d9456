"""Typing a report, reviewing and correcting it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from projects.enums import PeriodKind, ReviewDecision, Stage
from projects.forms.amounts import AmountField
from projects.rules.stages import LIST_STATES
from projects.selectors.reports import EntryPage
from projects.selectors.reviews import DOUBTFUL, PLAIN, ReviewFilters
from projects.services.report_values import ReportValues
from tracker.web.filters import ListForm, search_field

STAGES = [(stage.value, stage.label) for stage in Stage if stage.value not in LIST_STATES]
LONGEST_TEXT = 2000


def _text(label: str, hint: str = "", *, rows: int = 3, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        help_text=hint,
        widget=forms.Textarea({"rows": rows}),
    )


class EntryForm(forms.Form):
    """One report. The figure to type explains itself from data attributes (static/js/app.js)."""

    done = AmountField(label="本年累计完成投资", help_text="从今年1月1日起，不含往年。没有完成请填0。")
    done_period = AmountField(label="本期完成投资", help_text="可不填，按本年累计减上期累计得出。")
    stage = forms.ChoiceField(label="建设阶段", required=False, choices=[("", "不变"), *STAGES])
    progress = _text("形象进度", "干到什么程度：部位、数量、比例。", rows=4, required=True)
    problem = _text("存在问题", "没有可不填。")
    next_step = _text("下步措施", "解决办法、责任人和时限；没有问题可不填。")
    flag_reason = _text("情况说明", "说明上面提示的情况属实的原因，审核人会看到。")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))

    def __init__(self, data: Mapping[str, Any] | None = None, *, page: EntryPage) -> None:
        super().__init__(data, initial={**_amounts(page.initial), "version": page.version})
        indicator = page.indicator
        figures = {
            "plan": indicator.plan if indicator else None,
            "planned": indicator.planned_cumulative if indicator else None,
            "prior": indicator.prior if indicator else None,
            "total": indicator.total if indicator else None,
            "done": page.base,
        }
        shown = {f"data-{name}": f"{value:f}" for name, value in figures.items() if value is not None}
        self.fields["done"].widget.attrs.update({**shown, "data-live": "done-live"})

    def values(self) -> ReportValues:
        data = self.cleaned_data
        return ReportValues(
            done=data["done"],
            done_period=data["done_period"],
            stage=data["stage"],
            progress=data["progress"],
            problem=data["problem"],
            next_step=data["next_step"],
        )


def _amounts(initial: Mapping[str, str]) -> dict[str, Any]:
    """Stored amounts become numbers again, so that they are shown without noughts; a draft stays as typed."""
    return {name: _number(value) if name in ("done", "done_period") else value for name, value in initial.items()}


def _number(text: str) -> Decimal | str:
    digits = text.replace(".", "", 1)
    return Decimal(text) if digits.isascii() and digits.isdigit() else text


class CorrectionForm(EntryForm):
    """A report that is accepted or locked, changed by the office."""

    reason = forms.CharField(
        label="更正原因",
        max_length=300,
        help_text="写明依据，例如核实记录、凭证或请示文号。",
        widget=forms.Textarea({"rows": 3}),
    )


class DraftForm(forms.Form):
    """What the browser sends while somebody types: nothing is checked but the version."""

    version = forms.IntegerField(required=False)

    def values(self) -> dict[str, str]:
        return {name: str(self.data[name]) for name in EntryForm.base_fields if name in self.data}

    def seen(self) -> int | None:
        return self.cleaned_data.get("version") if self.is_valid() else None


RETURN_PHRASES = (
    "累计数与支撑材料不一致，请核对",
    "请附计量单、发票等支撑材料",
    "金额单位疑似有误，请核对是否为万元",
    "形象进度过于笼统，请写清部位和数量",
    "与上期文字相同，请写明本期实际进展",
    "请补充存在问题和下步措施",
)


class ReviewForm(forms.Form):
    """Accept or return; the pressed button says which. A return may be told by ticking common reasons."""

    decision = forms.ChoiceField(choices=ReviewDecision.choices, widget=forms.HiddenInput)
    phrases = forms.MultipleChoiceField(
        label="常用退回原因",
        required=False,
        choices=[(phrase, phrase) for phrase in RETURN_PHRASES],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label="审核意见",
        required=False,
        max_length=360,
        help_text="退回必须写明哪里要改，可勾选上面的常用原因；通过时可不填。",
        widget=forms.Textarea({"rows": 2, "data-hotkey": "r", "aria-keyshortcuts": "r"}),
    )

    @property
    def told(self) -> str:
        """What is written to the unit: the ticked reasons of a return, then what was typed."""
        typed = self.cleaned_data["reason"].strip()
        if self.cleaned_data["decision"] != ReviewDecision.RETURN:
            return typed
        return "；".join([*self.cleaned_data["phrases"], *([typed] if typed else [])])


class ReviewFilterForm(ListForm):
    """Narrow the review queue; it travels in the address, also from one review to the next."""

    q = search_field()
    kind = forms.ChoiceField(label="报告类型", required=False, choices=[("", "全部"), *PeriodKind.choices])
    doubts = forms.ChoiceField(
        label="疑问", required=False, choices=[("", "全部"), (PLAIN, "无疑问"), (DOUBTFUL, "有疑问")]
    )

    def filters(self, sort: str = "") -> ReviewFilters:
        return ReviewFilters(text=self.asked("q"), kind=self.asked("kind"), doubts=self.asked("doubts"), sort=sort)
