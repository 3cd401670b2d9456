"""How a person likes to see a list."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ColumnChoice(models.Model):
    """The columns that one person wants on one list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号")
    page = models.CharField("页面", max_length=40)
    columns = models.JSONField("列", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "列的选择"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page"], name="column_choice_once", violation_error_message="该页面的列已有选择。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.page}"
