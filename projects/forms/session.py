"""Signing in and the password of one's own account."""

from __future__ import annotations

from django import forms


class SignInForm(forms.Form):
    username = forms.CharField(label="账号", max_length=60, widget=forms.TextInput({"autocomplete": "username"}))
    password = forms.CharField(
        label="密码", max_length=200, strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
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
