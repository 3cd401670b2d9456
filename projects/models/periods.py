"""Reporting periods as data, and the rows that say a report is due before anybody writes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from projects.enums import PeriodKind
from projects.models.people import Unit
from projects.models.projects import Project
from projects.models.versioned import Versioned
from projects.rules.periods import parse


class Period(Versioned):
    """A week or month with its cut-off day, due time and lock time."""

    kind = models.CharField("类型", max_length=10, choices=PeriodKind.choices)
    key = models.CharField("期号", max_length=10)
    year = models.PositiveSmallIntegerField("年度")
    starts_on = models.DateField("起始日")
    cutoff = models.DateField("数据截止日")
    due_at = models.DateTimeField("报送截止")
    lock_at = models.DateTimeField("锁定时间")
    opened_at = models.DateTimeField("开放时间")
    locked_at = models.DateTimeField("实际锁定", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报告期"
        ordering = ["-cutoff", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="period_key_unique", violation_error_message="该期已开放。"),
            models.CheckConstraint(
                condition=Q(lock_at__gte=F("due_at")),
                name="period_lock_after_due",
                violation_error_message="锁定时间不能早于报送截止时间。",
            ),
            models.CheckConstraint(
                condition=Q(cutoff__gte=F("starts_on")),
                name="period_cutoff_after_start",
                violation_error_message="数据截止日不能早于起始日。",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> str:
        """As "2018年9月" or "2018年第39周（9月24日至9月30日）"."""
        return parse(self.key).title

    @property
    def short_title(self) -> str:
        """As "2018年9月" or "2018年第39周", where the days of a week need not be told again."""
        return self.title.partition("（")[0]


class ExpectedReport(models.Model):
    """A report is due: written when the period opens, so that silence is visible."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="expected", verbose_name="报告期")
    project = models.ForeignKey(Project, models.PROTECT, related_name="expected", verbose_name="项目")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="expected", verbose_name="填报单位")
    waived_reason = models.CharField("免报原因", max_length=200, blank=True)
    waived_at = models.DateTimeField("免报时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "应报"
        ordering = ["period", "project"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "project"], name="expected_once", violation_error_message="该项目本期应报已登记。"
            )
        ]
        indexes = [models.Index(fields=["unit", "period"], name="expected_unit_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.project}"
