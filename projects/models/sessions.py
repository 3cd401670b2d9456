"""Sign-ins that are being tried: what the throttle counts (docs/adr/0013-throttle.md)."""

from __future__ import annotations

from django.db import models


class SignInTry(models.Model):
    """One try that has not succeeded, kept for a day. The name is kept as a keyed digest alone: it may be a password in
    the wrong field."""

    name_key = models.CharField("账号摘要", max_length=64)
    address = models.CharField("来源地址", max_length=45)
    is_known = models.BooleanField("曾从该地址登录")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "登录尝试"
        indexes = [
            models.Index(fields=["name_key", "at"], name="sign_in_try_name"),
            models.Index(fields=["address", "at"], name="sign_in_try_address"),
            models.Index(fields=["at"], name="sign_in_try_at"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at}"
