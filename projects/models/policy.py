"""Rule parameters as dated rows; what is not set holds its default from `projects/rules/policy.py`."""

from django.conf import settings
from django.db import models

from projects.rules.policy import title


class PolicyRow(models.Model):
    """Append-only: from `effective_on` the parameter `key` has this value."""

    key = models.CharField("参数", max_length=60)
    value = models.JSONField("取值")
    effective_on = models.DateField("生效日期")
    reason = models.CharField("依据", max_length=300)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="设定人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "规则参数"
        ordering = ["key", "effective_on", "pk"]

    def __str__(self) -> str:
        return f"{title(self.key)} {self.effective_on}"
