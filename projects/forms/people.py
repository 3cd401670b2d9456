"""Units, roster, accounts, role grants and substitutions."""

from __future__ import annotations

from typing import Any

from django import forms

from projects.enums import Board, OfficerKind, Role, UnitKind
from projects.forms.projects import date_input
from projects.models import Officer, Project, Unit, User

NO_ORDER = 9999
"""Stands for "not ordered" in official orders."""


class SearchForm(forms.Form):
    q = forms.CharField(
        label="查找",
        required=False,
        max_length=60,
        widget=forms.TextInput({"placeholder": "名称、简称、别名或拼音首字母"}),
    )
    hint = ""
    """What may be looked for, where it is something else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.hint:
            self.fields["q"].widget.attrs["placeholder"] = self.hint

    @property
    def text(self) -> str:
        return self.cleaned_data.get("q", "").strip() if self.is_valid() else ""

    def finds(self, *texts: str) -> bool:
        """Whether what was asked is part of one of the texts, capital or not."""
        asked = self.text.casefold()
        return any(asked in text.casefold() for text in texts)


class AccountSearchForm(SearchForm):
    hint = "姓名、账号或单位"


class _OrderField(forms.IntegerField):
    """A place in the official order; blank is the end of the list."""

    def __init__(self) -> None:
        super().__init__(
            label="规范排序", required=False, min_value=1, max_value=NO_ORDER, help_text="数字小的在前；不填排在最后。"
        )

    def clean(self, value: Any) -> int:
        return super().clean(value) or NO_ORDER

    def prepare_value(self, value: Any) -> Any:
        return "" if value == NO_ORDER else value


class UnitForm(forms.Form):
    name = forms.CharField(
        label="单位名称", max_length=100, help_text="规范全称。改名后原名自动记为别名，旧台账仍能认出。"
    )
    short_name = forms.CharField(label="简称", max_length=40, required=False, help_text="表格和通报中使用。")
    kind = forms.ChoiceField(label="单位类型", choices=UnitKind.choices)
    board = forms.ChoiceField(label="排名榜", choices=Board.choices, help_text="只与同一榜的单位比较。")
    area = forms.CharField(label="辖区", max_length=60, required=False)
    official_order = _OrderField()
    valid_from = forms.DateField(label="设立日期", widget=date_input())
    valid_to = forms.DateField(
        label="撤销日期", widget=date_input(), required=False, help_text="仍在的单位不填。撤销后历史数据保留。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class OfficerForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40)
    post = forms.CharField(label="职务", max_length=100, required=False, help_text="重名时以职务区分。")
    kind = forms.ChoiceField(label="类别", choices=OfficerKind.choices)
    unit = forms.ModelChoiceField(label="所在单位", queryset=Unit.objects.all(), required=False, empty_label="无")
    phone = forms.CharField(label="电话", max_length=40, required=False)
    official_order = _OrderField()
    valid_from = forms.DateField(label="任职日期", widget=date_input())
    valid_to = forms.DateField(label="离任日期", widget=date_input(), required=False, help_text="在任的不填。")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class UnitAliasForm(forms.Form):
    alias = forms.CharField(label="别名", max_length=100, help_text="台账里出现过的其他写法，例如“交通局”“县交运局”。")


class OfficerAliasForm(forms.Form):
    alias = forms.CharField(label="其他写法", max_length=40, help_text="台账里写错或带空格的姓名。")


class OverseeForm(forms.Form):
    officer = forms.ModelChoiceField(
        label="分管领导",
        queryset=Officer.objects.filter(kind__in=("main_leader", "county_leader")),
        empty_label="请选择",
    )
    valid_from = forms.DateField(label="自", widget=date_input(), help_text="原分管领导的分管到前一天为止。")


class AccountForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40)
    unit = forms.ModelChoiceField(label="所在单位", queryset=Unit.objects.all(), required=False, empty_label="无")
    officer = forms.ModelChoiceField(
        label="名册人员",
        queryset=Officer.objects.all(),
        required=False,
        empty_label="无",
        help_text="县级包联领导的账号必须指定，系统据此找到其包联的项目。",
    )
    email = forms.EmailField(label="电子邮箱", required=False, help_text="用于接收通知邮件。")
    phone = forms.CharField(label="电话", max_length=40, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """The account's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "username")}


class NewAccountForm(AccountForm):
    username = forms.CharField(
        label="账号",
        max_length=60,
        help_text="登录时使用，开通后不能更改。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    field_order = ("username",)


class ReasonForm(forms.Form):
    """Why an account is closed or opened."""

    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea({"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class GrantForm(forms.Form):
    user = forms.ModelChoiceField(
        label="账号", queryset=User.objects.filter(is_active=True).select_related("unit"), empty_label="请选择"
    )
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])
    unit = forms.ModelChoiceField(
        label="单位",
        queryset=Unit.objects.all(),
        required=False,
        empty_label="无",
        help_text="只用于单位负责人和单位填报员。",
    )
    project_code = forms.CharField(
        label="项目编号", max_length=40, required=False, help_text="只用于项目业主，填写项目台账中的编号。"
    )
    valid_from = forms.DateField(label="自", widget=date_input())
    valid_to = forms.DateField(label="至", widget=date_input(), required=False, help_text="长期有效的不填。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].label_from_instance = account_label

    def clean_project_code(self) -> Project | None:
        """The project of that code: administrators do not see projects, so there is no list to choose from."""
        code = self.cleaned_data["project_code"].strip()
        if not code:
            return None
        project = Project.objects.filter(code=code, voided_at=None).first()
        if project is None:
            raise forms.ValidationError(f"没有编号为“{code}”的项目，请向重点项目办核对编号。")
        return project


class EndForm(forms.Form):
    """The last day of a role or a substitution."""

    valid_to = forms.DateField(label="最后一天", widget=date_input())


class SubstitutionForm(forms.Form):
    """Both people come from one list, read once."""

    principal = forms.TypedChoiceField(label="被代理人")
    delegate = forms.TypedChoiceField(label="代理人", help_text="代理期间所办事项同时记录代理人和被代理人。")
    reason = forms.CharField(label="事由", max_length=200, help_text="例如：外出学习、休假。")
    valid_from = forms.DateField(label="自", widget=date_input())
    valid_to = forms.DateField(label="至", widget=date_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = {str(user.pk): user for user in User.objects.filter(is_active=True).select_related("unit")}
        choices = [("", "请选择"), *((pk, account_label(user)) for pk, user in users.items())]
        for name in ("principal", "delegate"):
            self.fields[name].choices = choices
            self.fields[name].coerce = users.__getitem__


def account_label(user: User) -> str:
    """An account in a choice list: two people may share a name."""
    return f"{user.name}（{user.username}{f'，{user.unit.label}' if user.unit else ''}）"
