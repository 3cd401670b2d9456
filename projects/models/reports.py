"""Progress reports: a draft, immutable revisions, reviews by another person, corrections, verification flags."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.enums import FlagSeverity, FlagState, ReportState, ReviewDecision, RevisionKind, Stage
from projects.models.periods import ExpectedReport, Period
from projects.models.projects import Project, amount_field
from projects.models.versioned import Versioned
from projects.rules.flags import TITLES


class Report(Versioned):
    """The report of one project for one period. What was submitted lives in its revisions; `draft` is what is
    being typed and never overwrites them."""

    expected = models.OneToOneField(ExpectedReport, models.PROTECT, related_name="report", verbose_name="应报")
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports", verbose_name="报告期")
    project = models.ForeignKey(Project, models.PROTECT, related_name="reports", verbose_name="项目")
    state = models.CharField("状态", max_length=12, choices=ReportState.choices, default=ReportState.DRAFT)
    draft = models.JSONField("草稿", default=dict, blank=True)
    latest = models.ForeignKey(
        "projects.ReportRevision", models.PROTECT, null=True, related_name="+", verbose_name="最新修订"
    )
    accepted = models.ForeignKey(
        "projects.ReportRevision", models.PROTECT, null=True, related_name="+", verbose_name="通过的修订"
    )
    returned_times = models.PositiveSmallIntegerField("退回次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "报告"
        ordering = ["-period__cutoff", "project"]
        indexes = [models.Index(fields=["project", "state"], name="report_project_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "project"], name="report_once", violation_error_message="该项目本期报告已存在。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.project}"


class ReportRevision(models.Model):
    """Append-only: what was submitted. `done` is the year's cumulative investment A at the period's cut-off."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="revisions", verbose_name="报告")
    number = models.PositiveSmallIntegerField("修订号")
    kind = models.CharField("方式", max_length=12, choices=RevisionKind.choices)
    done = amount_field("本年累计完成投资（万元）", null=True, blank=True)
    done_period = amount_field("本期完成投资（万元）", null=True, blank=True)
    stage = models.CharField("建设阶段", max_length=20, choices=Stage.choices, blank=True)
    progress = models.TextField("形象进度", blank=True)
    problem = models.TextField("存在问题", blank=True)
    next_step = models.TextField("下步措施", blank=True)
    flag_reason = models.TextField("情况说明", blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="被代理人"
    )
    submitted_at = models.DateTimeField("提交时间")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", verbose_name="更正对象")
    correction_reason = models.CharField("更正原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报告修订"
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="revision_unique", violation_error_message="修订号重复，请刷新。"
            ),
            models.CheckConstraint(
                condition=Q(done=None) | Q(done__gte=0),
                name="revision_done_not_negative",
                violation_error_message="累计完成投资不能为负数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} #{self.number}"


class ReportReview(models.Model):
    """Append-only: another person accepted or returned a revision."""

    revision = models.OneToOneField(ReportRevision, models.PROTECT, related_name="review", verbose_name="修订")
    decision = models.CharField("结论", max_length=10, choices=ReviewDecision.choices)
    reason = models.CharField("意见", max_length=500, blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人")
    at = models.DateTimeField("审核时间")

    class Meta:
        verbose_name = verbose_name_plural = "审核记录"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision=ReviewDecision.ACCEPT.value) | ~Q(reason=""),
                name="return_needs_reason",
                violation_error_message="退回必须写明原因。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} {self.revision}"


class RevisionWithdrawal(models.Model):
    """Append-only: an accepted revision no longer counts from `at` on (undone import)."""

    revision = models.OneToOneField(ReportRevision, models.PROTECT, related_name="withdrawal", verbose_name="修订")
    reason = models.CharField("原因", max_length=300)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "修订撤回"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"撤回 {self.revision}"


class VerificationFlag(models.Model):
    """核实任务: a figure that looks wrong. Warns and asks a reason; a person settles it."""

    revision = models.ForeignKey(ReportRevision, models.PROTECT, related_name="flags", verbose_name="修订")
    project = models.ForeignKey(Project, models.PROTECT, related_name="flags", verbose_name="项目")
    code = models.CharField("规则", max_length=30)
    severity = models.CharField("程度", max_length=10, choices=FlagSeverity.choices)
    text = models.CharField("提示", max_length=400)
    numbers = models.JSONField("数据", default=dict)
    state = models.CharField("状态", max_length=12, choices=FlagState.choices, default=FlagState.OPEN)
    verified_done = amount_field("核实后累计（万元）", null=True, blank=True)
    note = models.CharField("核实说明", max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核实人"
    )
    raised_at = models.DateTimeField("提出时间")
    settled_at = models.DateTimeField("核实时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "核实事项"
        ordering = ["-raised_at", "pk"]
        indexes = [models.Index(fields=["project", "state"], name="flag_project_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "code"], name="flag_once", violation_error_message="该核实事项已登记。"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def title(self) -> str:
        """The rule in a few words."""
        return TITLES[self.code]
