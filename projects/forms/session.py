"""Signing in, the password and the second factor of one's own account."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms


class SignInForm(forms.Form):
    username = forms.CharField(label="账号", max_length=60, widget=forms.TextInput({"autocomplete": "username"}))
    password = forms.CharField(
        label="密码", max_length=200, strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class CodeField(forms.CharField):
    """Six digits as a telephone shows them; blanks between them and full-width digits are read, too."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"})
        help_text = "手机验证器应用上“督进”一项当前显示的6位数字。"
        super().__init__(label="验证码", help_text=help_text, max_length=20, widget=widget, **options)

    def clean(self, value: Any) -> str:
        code = re.sub(r"\s", "", unicodedata.normalize("NFKC", super().clean(value)))
        if not re.fullmatch(r"[0-9]{6}", code):
            raise forms.ValidationError("验证码是6位数字，请照手机上显示的输入。")
        return code


class SignInCodeForm(forms.Form):
    code = CodeField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["data-focus"] = ""


class SecondFactorForm(forms.Form):
    """What proves whose account it is: to take a second factor, and to give it up."""

    code = CodeField()
    password = forms.CharField(
        label="当前密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


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
