"""The project list's filters and the forms of the project page."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from projects.enums import (
    AnnualClass,
    Colour,
    Level,
    MilestoneWeight,
    Nature,
    OwnerKind,
    Stage,
)
from projects.models import Officer, Project, Unit
from projects.selectors.projects import ProjectFilters
from tracker.web.filters import ListForm

ANY = ("", "全部")
BASES = (
    ("current", "现口径"),
    ("counted", "现口径（打包按子项目计）"),
    ("original", "年初口径"),
    ("", "全部项目"),
)


def date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class FilterForm(ListForm):
    """Narrow the project list; everything is optional and travels in the address. Without a word about it, the list is
    that of the present basis (现口径)."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    colour = forms.ChoiceField(label="灯色", required=False, choices=[ANY, *Colour.choices])
    annual_class = forms.ChoiceField(label="年度类别", required=False, choices=[ANY, *AnnualClass.choices])
    stage = forms.ChoiceField(label="建设阶段", required=False, choices=[ANY, *Stage.choices])
    unit = forms.ModelChoiceField(label="单位", required=False, queryset=Unit.objects.none(), empty_label="全部")
    leader = forms.ModelChoiceField(
        label="包联领导", required=False, queryset=Officer.objects.none(), empty_label="全部"
    )
    basis = forms.ChoiceField(label="口径", required=False, choices=BASES)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data if "basis" in data else MultiValueDict({**dict(data.lists()), "basis": ["current"]}))
        self.fields["q"].widget.attrs["placeholder"] = "名称、编号、单位或拼音首字母"
        self.fields["unit"].queryset = Unit.objects.all()
        self.fields["leader"].queryset = Officer.objects.filter(kind__in=("main_leader", "county_leader"))

    def filters(self) -> ProjectFilters:
        """What was asked; nonsense in the address narrows nothing."""
        unit, leader = self.asked("unit"), self.asked("leader")
        return ProjectFilters(
            text=self.asked("q"),
            colour=self.asked("colour"),
            annual_class=self.asked("annual_class"),
            stage=self.asked("stage"),
            unit=unit.pk if unit else None,
            leader=leader.pk if leader else None,
            basis=self.asked("basis"),
        )


class ProjectForm(forms.Form):
    """Master data of a project."""

    name = forms.CharField(label="项目名称", max_length=200)
    nature = forms.ChoiceField(label="建设性质", choices=[("", "未填"), *Nature.choices], required=False)
    level = forms.ChoiceField(label="项目级别", choices=Level.choices)
    sector = forms.CharField(label="领域", max_length=60, required=False)
    area = forms.CharField(label="建设地点", max_length=200, required=False)
    owner = forms.CharField(label="项目业主", max_length=200, required=False)
    owner_kind = forms.ChoiceField(label="投资主体", choices=[("", "未填"), *OwnerKind.choices], required=False)
    national_code = forms.CharField(
        label="项目代码", max_length=40, required=False, help_text="投资项目在线审批监管平台赋码"
    )
    total = forms.DecimalField(
        label="总投资", required=False, max_digits=18, decimal_places=4, min_value=Decimal(0), help_text="单位：万元"
    )
    has_contract = forms.BooleanField(label="已签施工合同", required=False)
    is_package = forms.BooleanField(label="打包项目（只汇总子项目，不单独排名）", required=False)
    parent = forms.ModelChoiceField(
        label="所属打包项目", required=False, queryset=Project.objects.none(), empty_label="不属于打包项目"
    )
    tags = forms.CharField(label="标签", max_length=200, required=False, help_text="多个标签用顿号隔开。")
    content = forms.CharField(label="建设内容", required=False, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Project.objects.filter(is_package=True, voided_at=None)

    def values(self) -> dict[str, Any]:
        """The project's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("name", "tags")}

    def tag_names(self) -> list[str]:
        return [name for name in re.split(r"[、，,\s]+", self.cleaned_data["tags"]) if name]


class PlanForm(forms.Form):
    """A new version of the year's plan."""

    annual = forms.DecimalField(label="年度计划投资", max_digits=18, decimal_places=4, min_value=Decimal(0))
    months = forms.CharField(
        label="分月计划",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="12个数字，用顿号、逗号或空格隔开；不填则按施工季节曲线折算。",
    )
    prior = forms.DecimalField(label="往年累计完成", required=False, max_digits=18, decimal_places=4)
    goal = forms.CharField(label="年度建设目标", required=False, widget=forms.Textarea({"rows": 2}))
    effective_on = forms.DateField(label="生效日期", widget=date_input())
    reason = forms.CharField(label="调整原因", max_length=300)
    document_no = forms.CharField(label="依据文号", max_length=60, required=False)

    def clean_months(self) -> tuple[Decimal, ...] | None:
        text = self.cleaned_data["months"].replace("、", " ").replace("，", " ").replace(",", " ")
        if not text.split():
            return None
        try:
            months = tuple(Decimal(part) for part in text.split())
        except ArithmeticError as error:
            raise forms.ValidationError("分月计划里有不是数字的内容，请只填12个数字。") from error
        if len(months) != 12:
            raise forms.ValidationError(f"分月计划要填12个数字，现在是{len(months)}个。")
        return months


class DecisionForm(forms.Form):
    """Approve or reject."""

    accept = forms.ChoiceField(label="结论", choices=[("1", "同意"), ("0", "不同意")], widget=forms.RadioSelect)
    reason = forms.CharField(label="意见", max_length=300, required=False)


class MilestoneForm(forms.Form):
    title = forms.CharField(label="节点内容", max_length=300)
    due_on = forms.DateField(label="时限", widget=date_input())
    weight = forms.ChoiceField(label="级别", choices=MilestoneWeight.choices, initial=MilestoneWeight.ORDINARY)
    standard = forms.CharField(label="完成标准", required=False, widget=forms.Textarea({"rows": 2}))


class MoveForm(forms.Form):
    """Ask for, or decide, another due date."""

    new_due = forms.DateField(label="新时限", widget=date_input())
    reason = forms.CharField(label="变更原因", max_length=300)
    document_no = forms.CharField(label="依据文号", max_length=60, required=False)


class CompleteForm(forms.Form):
    percent = forms.IntegerField(label="完成比例", min_value=0, max_value=100, initial=100, help_text="%")
    done_on = forms.DateField(label="完成日期", required=False, widget=date_input())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("percent") == 100 and not data.get("done_on"):
            self.add_error("done_on", "完成100%时请填写完成日期。")
        return data


class StageForm(forms.Form):
    stage = forms.ChoiceField(label="建设阶段", choices=Stage.choices)
    on = forms.DateField(label="日期", widget=date_input())
    reason = forms.CharField(label="依据", max_length=200, required=False)


class DayForm(forms.Form):
    """Confirm a start or a completion."""

    on = forms.DateField(label="日期", widget=date_input())


class InclusionForm(forms.Form):
    included_on = forms.DateField(label="入统日期", required=False, widget=date_input())
    code = forms.CharField(label="统计项目编码", max_length=60, required=False)
    is_required = forms.BooleanField(label="应当入统", required=False)
    blocker = forms.CharField(label="未入统原因", max_length=200, required=False)


class OverrideForm(forms.Form):
    colour = forms.ChoiceField(
        label="灯色", choices=[(item.value, item.label) for item in (Colour.BLUE, Colour.YELLOW, Colour.RED)]
    )
    expires_on = forms.DateField(label="有效至", widget=date_input())
    reason = forms.CharField(label="理由", max_length=300)


class UnitPartForm(forms.Form):
    """Put a unit or a leader on the project."""

    unit = forms.ModelChoiceField(label="单位", required=False, queryset=Unit.objects.all())
    officer = forms.ModelChoiceField(
        label="领导", required=False, queryset=Officer.objects.filter(kind__in=("main_leader", "county_leader"))
    )
    is_lead = forms.BooleanField(label="牵头（替换原牵头）", required=False)
    valid_from = forms.DateField(label="自", widget=date_input())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("unit")) == bool(data.get("officer")):
            raise forms.ValidationError("请选择一个单位或一位领导。")
        return data


def month_words(months: tuple[Decimal, ...] | None) -> str:
    """A month plan as the form takes it."""
    return "、".join(f"{amount.normalize():f}" for amount in months) if months else ""


def today_initial(day: dt.date) -> dict[str, dt.date]:
    return {"on": day, "valid_from": day, "effective_on": day}
