"""Derived values kept for fast lists: the current indicator of each project, and the history of its colours."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from projects.enums import Colour
from projects.models.projects import Project, amount_field

RATE_PLACES = 6
POINTS_PLACES = 4
TEXT_LENGTH = 400


class Indicator(models.Model):
    """What the rules answered for one project on `as_of`. Never typed; recomputed nightly and after each acceptance."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="indicator", verbose_name="项目")
    as_of = models.DateField("数据日期")
    colour = models.CharField("综合灯", max_length=10, choices=Colour.choices)
    computed_colour = models.CharField("计算灯", max_length=10, choices=Colour.choices)
    is_stale = models.BooleanField("数据滞后", default=False)
    plan = amount_field("年度计划", null=True)
    done = amount_field("本年累计", null=True)
    rate = models.DecimalField("年度完成率", max_digits=12, decimal_places=RATE_PLACES, null=True)
    expected_rate = models.DecimalField("应完成率", max_digits=12, decimal_places=RATE_PLACES, null=True)
    schedule_ratio = models.DecimalField("进度比", max_digits=14, decimal_places=6, null=True)
    gap_points = models.DecimalField("比序时", max_digits=12, decimal_places=POINTS_PLACES, null=True)
    detail = models.JSONField("说明")
    rule_version = models.CharField("规则版本", max_length=20)
    policy_version = models.CharField("参数版本", max_length=20)
    input_digest = models.CharField("输入摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "指标"
        ordering = ["project"]
        indexes = [models.Index(fields=["colour"], name="indicator_colour")]

    def __str__(self) -> str:
        return f"{self.project} {self.get_colour_display()}"


class LightChange(models.Model):
    """Append-only: a colour changed, in which dimension (or `OVERALL`), by which numbers and rule version."""

    OVERALL = "overall"

    project = models.ForeignKey(Project, models.CASCADE, related_name="light_changes", verbose_name="项目")
    on = models.DateField("日期")
    dimension = models.CharField("维度", max_length=10)
    old = models.CharField("原灯", max_length=10, choices=Colour.choices, blank=True)
    new = models.CharField("现灯", max_length=10, choices=Colour.choices)
    text = models.CharField("说明", max_length=TEXT_LENGTH)
    numbers = models.JSONField("数据", default=dict)
    rule_version = models.CharField("规则版本", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "灯色变化"
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["project", "on"], name="light_change_project")]

    def __str__(self) -> str:
        return f"{self.on} {self.dimension} {self.new}"


class LightOverride(models.Model):
    """人工调整: a person set a worse colour, with reason and expiry (at most 31 days)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="overrides", verbose_name="项目")
    colour = models.CharField("灯色", max_length=10, choices=Colour.choices)
    reason = models.CharField("理由", max_length=300)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="调整人")
    at = models.DateTimeField("调整时间")
    expires_on = models.DateField("有效至")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人工调整灯"
        ordering = ["-at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_colour_display()} 至{self.expires_on}"
