"""The second factor of an account (docs/adr/0016-second-factor.md)."""

from __future__ import annotations

from django.db import models

from projects.models.people import User


class SecondFactor(models.Model):
    """The key that an account shares with the owner's telephone; it counts from `confirmed_at` on."""

    user = models.OneToOneField(
        User,
        models.CASCADE,
        related_name="second_factor",
        verbose_name="账号",
        error_messages={"unique": "二次验证已在设置或已启用，请刷新页面。"},
    )
    secret = models.CharField("密钥", max_length=64)
    created_at = models.DateTimeField("设置时间")
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    last_step = models.PositiveIntegerField("最近所用时段", default=0)
    """The last 30 seconds, counted from 1970, whose code was taken: no code opens twice."""

    class Meta:
        verbose_name = verbose_name_plural = "二次验证"

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None
