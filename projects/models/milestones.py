"""Milestones with every date change kept. Planned start and planned finish are milestones of their own kind."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.enums import MilestoneKind, MilestoneWeight, MoveState, Precision
from projects.models.projects import Project
from projects.models.versioned import Versioned


class Milestone(Versioned):
    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones", verbose_name="项目")
    kind = models.CharField("类型", max_length=10, choices=MilestoneKind.choices, default=MilestoneKind.NODE)
    weight = models.CharField("级别", max_length=10, choices=MilestoneWeight.choices, default=MilestoneWeight.ORDINARY)
    title = models.CharField("节点内容", max_length=300)
    standard = models.TextField("完成标准", blank=True)
    due_on = models.DateField("时限")
    precision = models.CharField("时限精度", max_length=10, choices=Precision.choices, default=Precision.DAY)
    due_text = models.CharField("原文", max_length=60, blank=True)
    percent = models.PositiveSmallIntegerField("完成比例（%）", default=0)
    done_on = models.DateField("完成日期", null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="填报人"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "节点"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=Q(kind__in=[MilestoneKind.START.value, MilestoneKind.FINISH.value], void_reason=""),
                name="one_start_one_finish",
                violation_error_message="计划开工、计划竣工各只能有一个。",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="milestone_percent_range",
                violation_error_message="完成比例应在0到100之间。",
            ),
        ]
        indexes = [models.Index(fields=["due_on", "done_on"], name="milestone_due")]

    def __str__(self) -> str:
        return self.title


class MilestoneChange(models.Model):
    """Append-only: a due date moved. Their number is shown beside the milestone."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="changes", verbose_name="节点")
    old_due = models.DateField("原时限")
    new_due = models.DateField("新时限")
    new_precision = models.CharField("新时限精度", max_length=10, choices=Precision.choices)
    old_precision = models.CharField("原时限精度", max_length=10, choices=Precision.choices)
    reason = models.CharField("原因", max_length=300)
    document_no = models.CharField("依据文号", max_length=60, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "时限变更"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.old_due} → {self.new_due}"


class MilestoneMove(models.Model):
    """A unit's request for another due date; nothing moves until somebody else accepts it."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="moves", verbose_name="节点")
    new_due = models.DateField("申请时限")
    new_precision = models.CharField("时限精度", max_length=10, choices=Precision.choices, default=Precision.DAY)
    reason = models.CharField("原因", max_length=300)
    document_no = models.CharField("依据文号", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=MoveState.choices, default=MoveState.PENDING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    requested_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    note = models.CharField("批准意见", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限变更申请"
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(state=MoveState.PENDING.value),
                name="one_pending_move",
                violation_error_message="该节点已有一个待批准的时限变更。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.milestone} → {self.new_due}"
