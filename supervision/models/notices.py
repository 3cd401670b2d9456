"""Notices and their deliveries. The row is the truth; a queue message is only the bell."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models.people import Unit
from supervision.enums import Channel, DeliveryState, NoticeKind, NoticeState


class Notice(models.Model):
    """One digest for one person. Unique per recipient, kind, period and level, so that two runs make one."""

    kind = models.CharField("类型", max_length=20, choices=NoticeKind.choices)
    period_key = models.CharField("期号", max_length=10)
    level = models.PositiveSmallIntegerField("级别", default=0)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="接收人"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="notices", verbose_name="单位")
    as_of = models.DateField("数据日期")
    title = models.CharField("标题", max_length=200)
    items = models.JSONField("事项")
    state = models.CharField("状态", max_length=10, choices=NoticeState.choices, default=NoticeState.ACTIVE)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    is_made_up = models.BooleanField("补发批次", default=False)
    created_at = models.DateTimeField("生成时间")
    read_at = models.DateTimeField("阅读时间", null=True)
    acknowledged_at = models.DateTimeField("签收时间", null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签收人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "period_key", "level"],
                name="notice_once",
                violation_error_message="该通知已生成。",
            )
        ]
        indexes = [models.Index(fields=["kind", "period_key"], name="notice_period")]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """A notice on its way through one channel. Claimed by a conditional update with a lease; `attempt` is the
    fencing number: only the worker holding the current attempt may finish."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", verbose_name="通知")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    address = models.CharField("地址", max_length=200, blank=True)
    message_id = models.CharField("消息编号", max_length=120)
    state = models.CharField("状态", max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempt = models.PositiveSmallIntegerField("尝试次数", default=0)
    worker = models.CharField("执行者", max_length=80, blank=True)
    lease_until = models.DateTimeField("租约至", null=True)
    next_try_at = models.DateTimeField("下次尝试", null=True)
    failures = models.PositiveSmallIntegerField("失败次数", default=0)
    is_repeat = models.BooleanField("补发", default=False)
    error = models.CharField("错误", max_length=300, blank=True)
    created_at = models.DateTimeField("生成时间")
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel"], name="delivery_once", violation_error_message="该渠道的送达已登记。"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=[DeliveryState.WAITING.value, DeliveryState.SENDING.value]),
                name="delivery_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.get_channel_display()}"


class DeliveryAttempt(models.Model):
    """Append-only delivery log: one row when an attempt begins, its outcome when known. A row without outcome is an
    attempt whose end nobody saw."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts", verbose_name="送达")
    number = models.PositiveSmallIntegerField("次数")
    worker = models.CharField("执行者", max_length=80)
    started_at = models.DateTimeField("开始")
    is_repeat = models.BooleanField("补发", default=False)
    outcome = models.CharField("结果", max_length=10, choices=DeliveryState.choices, blank=True)
    error = models.CharField("错误", max_length=300, blank=True)
    ended_at = models.DateTimeField("结束", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "送达记录"
        ordering = ["delivery", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "number"], name="attempt_once", violation_error_message="该次尝试已登记。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.delivery} #{self.number}"
