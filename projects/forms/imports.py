"""Uploading a ledger and answering what it leaves open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from projects.enums import ImportKind, ImportState
from projects.rules import periods
from projects.selectors.imports.questions import IGNORE, Question
from tracker.web.filters import ListForm, search_field

UNITS = (("", "按表中标注"), ("万元", "万元"), ("亿元", "亿元"), ("元", "元"))


class UploadForm(forms.Form):
    file = forms.FileField(label="台账文件", help_text="支持 .xlsx、.xls、.csv；原样上传即可，不用改表头。")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label="台账类型", required=False, choices=[("", "自动判断"), *ImportKind.choices])
    document_no = forms.CharField(label="依据文号", max_length=60, required=False)
    issued_on = forms.DateField(
        label="印发日期", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    unit = forms.ChoiceField(
        label="金额单位", required=False, choices=UNITS, help_text="表中没有写明单位时才用；写明的以表中为准。"
    )
    period = forms.CharField(
        label="进度所属月份", required=False, max_length=7, help_text="只用于进度台账，如 2026-04；不填为上一个整月。"
    )
    history = forms.BooleanField(
        label="历史数据，按填报时间记入", required=False, help_text="台账里有“填报时间”列、补录以往各月时选用。"
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = today.year

    def clean_period(self) -> str:
        text = self.cleaned_data["period"].strip()
        if text:
            try:
                if periods.parse(text).kind != "month":
                    raise ValueError
            except ValueError as error:
                raise forms.ValidationError("请写成 2026-04 这样的年月。") from error
        return text

    def answers(self) -> dict[str, dict[str, Any]]:
        """The options that go with the file, as the import service takes them."""
        data = self.cleaned_data
        options = {name: data[name] for name in ("unit", "period", "history") if data[name]}
        return {"options": options} if options else {}


class ImportFilterForm(ListForm):
    """Narrow the list of uploads."""

    q = search_field("文件名、文号或上传人")
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *ImportState.choices])


class RowSearchForm(ListForm):
    """Find rows of an imported ledger."""

    q = search_field("项目名称")


class AnswersForm(forms.Form):
    """One choice for every question of the ledger; what is left alone keeps its default."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {f"q{number}": question for number, question in enumerate(questions)}
        for name, question in self.questions.items():
            self.fields[name] = _field(question)

    @property
    def needed(self) -> list[forms.BoundField]:
        """Questions without which the import waits."""
        return [self[name] for name, question in self.questions.items() if question.default is None]

    @property
    def folds(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Questions that have a cautious default, in groups under a line that says what happens without an answer."""
        groups: dict[str, list[forms.BoundField]] = {"missing": [], "sure": [], "": []}
        for name, question in self.questions.items():
            if question.default is not None:
                group = "sure" if question.sure else question.kind if question.kind in groups else ""
                groups[group].append(self[name])
        told = {
            "": "另有{}项已有稳妥的默认处理（如把名册里没有的单位、领导新增进去），需要时再改",
            "missing": "本年清单中有{}个项目不在本次台账里：不选择的保留在清单中",
            "sure": "各列的读法（{}列）：读得不对的，在这里改",
        }
        return [(told[group].format(len(groups[group])), groups[group]) for group in told if groups[group]]

    def given(self) -> dict[str, str]:
        """Question id -> answer, for the questions that were answered."""
        found = {}
        for name, question in self.questions.items():
            value = (self.cleaned_data.get(f"{name}_text") or self.cleaned_data.get(name) or "").strip()
            if value and value != question.answer:
                found[question.id] = value
        return found


def _field(question: Question) -> forms.Field:
    place = f"{question.sheet} {question.cell}".strip()
    label = f"{question.text}（{place}）" if place else question.text
    if question.free and not question.options:
        return forms.CharField(label=label, required=False, max_length=200, initial=question.answer or "")
    default = next((item.label for item in question.options if item.value == question.default), "")
    empty = f"暂不回答（按“{default}”处理）" if default else "请选择"
    if question.sure:
        empty = f"读作“{default}”" if question.default != IGNORE else default
    choices = [("", empty), *((item.value, item.label) for item in question.options)]
    return forms.ChoiceField(label=label, required=False, choices=choices, initial=question.answer or "")
