"""The hash-chained audit log and the record of used form tokens."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Append-only: who did what to which object, old and new values, chained by digest (`projects/audit.py`)."""

    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="被代理人"
    )
    action = models.CharField("动作", max_length=60)
    object_type = models.CharField("对象类型", max_length=40, blank=True)
    object_id = models.CharField("对象编号", max_length=40, blank=True)
    object_label = models.CharField("对象", max_length=200, blank=True)
    data = models.JSONField("内容", default=dict)
    algorithm = models.CharField("算法", max_length=10)
    previous = models.CharField("前一摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            models.Index(fields=["at"], name="audit_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["previous"], name="audit_no_fork", violation_error_message="审计链写入冲突，请重试。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"


class AuditHead(models.Model):
    """The one row that holds the end of the chain; writers lock it by a conditional update."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_id = models.BigIntegerField("末行", default=0)
    count = models.BigIntegerField("行数", default=0)
    digest = models.CharField("链头", max_length=64, default="")

    class Meta:
        verbose_name = verbose_name_plural = "审计链头"

    def __str__(self) -> str:
        return self.digest


class AuditArchive(models.Model):
    """Append-only: the rows up to `last_id` lie in a file, and the chain goes on from `digest`
    (`projects/audit_archive.py`)."""

    last_id = models.BigIntegerField("末行")
    rows = models.BigIntegerField("行数")
    digest = models.CharField("链头", max_length=64)
    name = models.CharField("文件", max_length=60)
    sha256 = models.CharField("文件摘要", max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "审计归档"
        ordering = ["last_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["last_id"], name="audit_archived_once", violation_error_message="这些审计记录已归档。"
            )
        ]

    def __str__(self) -> str:
        return self.name


class FormUse(models.Model):
    """A form token was used: a double submit makes one record and is shown the first result."""

    token = models.CharField("表单令牌", max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name="账号")
    at = models.DateTimeField("时间")
    result_url = models.CharField("结果地址", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "表单使用"
        constraints = [
            models.UniqueConstraint(
                fields=["token"], name="form_token_once", violation_error_message="该表单已提交过。"
            )
        ]

    def __str__(self) -> str:
        return self.token
