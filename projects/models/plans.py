"""Investment plans as versions. A version is never edited once effective; a change is a new version."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.enums import PlanState
from projects.models.projects import Project, amount_field


class PlanVersionQuerySet(models.QuerySet):
    def in_force(self, day: dt.date) -> Self:
        """Versions that were effective on `day`: begun, and not yet replaced then."""
        return self.filter(
            Q(replaced_on=None) | Q(replaced_on__gt=day),
            state__in=(PlanState.EFFECTIVE, PlanState.SUPERSEDED),
            effective_on__lte=day,
        )


class PlanVersion(models.Model):
    """One version of a project's plan for a year: annual plan P (empty: not issued), month plan, prior years' B."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="plans", verbose_name="项目")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("版次")
    annual = amount_field("年度计划投资（万元）", null=True, blank=True)
    months = models.JSONField("分月计划（万元）", null=True, blank=True)
    prior = amount_field("往年累计完成（万元）", null=True, blank=True)
    goal = models.TextField("年度建设目标", blank=True)
    state = models.CharField("状态", max_length=20, choices=PlanState.choices, default=PlanState.DRAFT)
    reason = models.CharField("调整原因", max_length=300, blank=True)
    document_no = models.CharField("依据文号", max_length=60, blank=True)
    effective_on = models.DateField("生效日期")
    replaced_on = models.DateField("被替代日期", null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审定人"
    )
    created_at = models.DateTimeField("拟定时间")

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划版本"
        ordering = ["year", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "number"],
                name="plan_version_unique",
                violation_error_message="该计划版次已存在。",
            ),
            models.UniqueConstraint(
                fields=["project", "year"],
                condition=Q(state=PlanState.EFFECTIVE.value),
                name="one_effective_plan",
                violation_error_message="一个项目同一年度只能有一个生效的计划。",
            ),
            models.CheckConstraint(
                condition=Q(annual=None) | Q(annual__gte=0),
                name="plan_not_negative",
                violation_error_message="年度计划投资不能为负数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年计划第{self.number}版"

    @property
    def month_amounts(self) -> tuple[Decimal, ...] | None:
        """The twelve monthly amounts in 万元, or None without a month plan."""
        return tuple(Decimal(value) for value in self.months) if self.months else None
