"""Documents of a project: approvals, contracts, permits, pictures, minutes. A wrong one is voided, never deleted."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from projects.enums import DocumentKind
from projects.models.projects import Project


class ProjectDocument(models.Model):
    """Append-only: one file of a project. Its content decided `suffix`; `stored_name` finds the bytes
    (`projects.uploads`)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="documents", verbose_name="项目")
    kind = models.CharField("类别", max_length=20, choices=DocumentKind.choices)
    title = models.CharField("标题", max_length=200)
    document_no = models.CharField("文号", max_length=60, blank=True)
    dated_on = models.DateField("文件日期", null=True, blank=True)
    filename = models.CharField("原文件名", max_length=200)
    suffix = models.CharField("格式", max_length=8)
    stored_name = models.CharField("存放名", max_length=60, editable=False)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("文件摘要", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "项目资料"
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def download_name(self) -> str:
        """The title as a file name, ending in what the content is."""
        return f"{self.title.replace('/', '／')}.{self.suffix}"


class DocumentVoid(models.Model):
    """Append-only: why a document no longer counts."""

    document = models.OneToOneField(ProjectDocument, models.PROTECT, related_name="void", verbose_name="资料")
    reason = models.CharField("作废原因", max_length=200)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作废人")
    at = models.DateTimeField("作废时间")

    class Meta:
        verbose_name = verbose_name_plural = "资料作废"

    def __str__(self) -> str:
        return self.reason
