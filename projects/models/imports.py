"""Ledger imports: the kept file, what was read, each row's fate, and remembered answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from projects.enums import ImportKind, ImportState, RowFate
from projects.models.projects import Project
from projects.models.versioned import Versioned


class LedgerImport(Versioned):
    """One uploaded ledger. The file is kept whatever becomes of it."""

    kind = models.CharField("类型", max_length=12, choices=ImportKind.choices, blank=True)
    state = models.CharField("状态", max_length=10, choices=ImportState.choices)
    filename = models.CharField("文件名", max_length=200)
    stored_name = models.CharField("存储名", max_length=60)
    sha256 = models.CharField("摘要", max_length=64)
    size = models.PositiveIntegerField("大小（字节）")
    year = models.PositiveSmallIntegerField("年度")
    document_no = models.CharField("依据文号", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    answers = models.JSONField("回答", default=dict, blank=True)
    messages = models.JSONField("提示", default=list, blank=True)
    counts = models.JSONField("统计", default=dict, blank=True)
    declined_reason = models.CharField("不能导入的原因", max_length=500, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "台账导入"
        ordering = ["-uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.filename


class ImportRow(models.Model):
    """The fate of one ledger row, with what it changed (for undo)."""

    ledger = models.ForeignKey(LedgerImport, models.CASCADE, related_name="rows", verbose_name="导入")
    sheet = models.CharField("工作表", max_length=60)
    row = models.PositiveIntegerField("行号")
    fate = models.CharField("处理", max_length=10, choices=RowFate.choices)
    project = models.ForeignKey(Project, models.SET_NULL, null=True, related_name="import_rows", verbose_name="项目")
    name = models.CharField("项目名称", max_length=200, blank=True)
    reason = models.CharField("说明", max_length=300, blank=True)
    changes = models.JSONField("变化", default=list, blank=True)
    """The acts that undo takes back."""
    shown = models.JSONField("写入的值", default=list, blank=True)
    """The same as a person reads it: label, old and new text, as the preview showed them."""

    class Meta:
        verbose_name = verbose_name_plural = "导入行"
        ordering = ["ledger", "pk"]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"


class LedgerAnswer(models.Model):
    """An answer remembered for the office's next ledger: header -> column, spelling -> unit or person."""

    kind = models.CharField("类型", max_length=10)
    text = models.CharField("原文", max_length=200)
    answer = models.CharField("回答", max_length=200)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="回答人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "已记住的回答"
        ordering = ["kind", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "text"], name="ledger_answer_once", violation_error_message="该问题已有回答。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.answer}"
