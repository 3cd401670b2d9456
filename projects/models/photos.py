"""Photos of a report: while it is being typed they may be taken away again, with its submission they stay."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from projects.models.reports import Report, ReportRevision


class ReportPhoto(models.Model):
    """A photo, drawn anew by the server (`projects.pictures`). Without `revision` it belongs to the draft."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="photos", verbose_name="报告")
    revision = models.ForeignKey(
        ReportRevision, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name="修订"
    )
    stored_name = models.CharField("存放名", max_length=60, editable=False)
    thumbnail_name = models.CharField("缩略图", max_length=60, editable=False)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("原文件摘要", max_length=64)
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "报告照片"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "sha256"], name="photo_once", violation_error_message="这张照片已上传。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} 照片{self.pk}"
