"""Runs of scheduled jobs and heartbeats of the processes that execute them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from supervision.enums import JobState


class JobRun(models.Model):
    """One due run of one job. Unique per name and due time: two schedulers make one."""

    name = models.CharField("作业", max_length=40)
    due_at = models.DateTimeField("应执行时间")
    as_of = models.DateField("数据日期")
    state = models.CharField("状态", max_length=10, choices=JobState.choices, default=JobState.WAITING)
    is_made_up = models.BooleanField("补跑", default=False)
    attempt = models.PositiveSmallIntegerField("尝试次数", default=0)
    deaths = models.PositiveSmallIntegerField("执行者中断次数", default=0)
    worker = models.CharField("执行者", max_length=80, blank=True)
    lease_until = models.DateTimeField("租约至", null=True)
    started_at = models.DateTimeField("开始", null=True)
    finished_at = models.DateTimeField("结束", null=True)
    progress_done = models.PositiveIntegerField("已完成", default=0)
    progress_total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("结果", max_length=500, blank=True)
    error = models.TextField("错误", blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "作业执行"
        ordering = ["-due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "due_at"], name="job_run_once", violation_error_message="该次作业已登记。"
            )
        ]
        indexes = [
            models.Index(
                fields=["state", "due_at"],
                condition=Q(state__in=[JobState.WAITING.value, JobState.RUNNING.value]),
                name="job_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at}"


class JobCursor(models.Model):
    """How far the schedule of one job has been looked at: later due moments have no run yet, earlier ones do."""

    name = models.CharField("作业", max_length=40, primary_key=True)
    considered_until = models.DateTimeField("已排至")

    class Meta:
        verbose_name = verbose_name_plural = "作业排程位置"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.considered_until}"


class Heartbeat(models.Model):
    """When a scheduler or worker was last seen; the health page turns red when it is too old."""

    component = models.CharField("组件", max_length=20)
    instance = models.CharField("实例", max_length=80)
    at = models.DateTimeField("最后心跳")

    class Meta:
        verbose_name = verbose_name_plural = "心跳"
        ordering = ["component", "instance"]
        constraints = [
            models.UniqueConstraint(
                fields=["component", "instance"], name="heartbeat_once", violation_error_message="心跳重复。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.instance}"
