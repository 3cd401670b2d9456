"""Signing in and the password of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from projects.models import User


class SignInForm(forms.Form):
    username = forms.CharField(label="账号", max_length=60, widget=forms.TextInput({"autocomplete": "username"}))
    password = forms.CharField(
        label="密码", max_length=200, strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    @property
    def has_tried(self) -> bool:
        """A name and a password were given and did not open."""
        return self.is_bound and self.user is None and not {"username", "password"} & set(self.errors)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("username") and data.get("password"):
            self.user = authenticate(self.request, username=data["username"], password=data["password"])
            if self.user is None:
                raise forms.ValidationError(
                    "账号或密码不正确。多次输错会暂停登录，如忘记密码请联系本县系统管理员重置。"
                )
        return data


class PasswordChangeForm(forms.Form):
    old = forms.CharField(
        label="当前密码", strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=200,
        help_text="至少10个字符；账号、姓名、单位、县名、年份和连续字符不算，还要另有8个字符。",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次新密码", strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError("两次输入的新密码不一致。")
        return again
