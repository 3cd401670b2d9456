"""When nothing may leave: after a restore, these rows do not know what was sent since the backup."""

from __future__ import annotations

from django.db import models


class SendingHold(models.Model):
    """While one is not released, nothing leaves through any channel."""

    since = models.DateTimeField("停止时间")
    reason = models.CharField("原因", max_length=200)
    released_at = models.DateTimeField("放行时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "停止发送"
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.reason
