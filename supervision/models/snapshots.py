"""Frozen facts of a period and the rankings made from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models.periods import Period
from projects.models.versioned import Versioned
from supervision.enums import RankingBoard, Series, SnapshotState


class Snapshot(Versioned):
    """One frozen set of facts for a period. `facts` and `boards` are canonical JSON text, so that recomputing
    from the ledger can be compared byte by byte. Published snapshots never change; a correction supersedes."""

    series = models.CharField("系列", max_length=10, choices=Series.choices)
    period = models.ForeignKey(Period, models.PROTECT, related_name="snapshots", verbose_name="报告期")
    number = models.PositiveSmallIntegerField("版次", default=1)
    state = models.CharField("状态", max_length=12, choices=SnapshotState.choices, default=SnapshotState.DRAFT)
    cutoff = models.DateField("数据截止日")
    as_of = models.DateField("计算日期")
    facts = models.TextField("冻结事实")
    facts_digest = models.CharField("事实摘要", max_length=64)
    boards = models.TextField("排名内容")
    totals = models.JSONField("合计", default=dict)
    boards_digest = models.CharField("排名摘要", max_length=64)
    policy = models.JSONField("参数", default=dict)
    policy_version = models.CharField("参数版本", max_length=20)
    rule_version = models.CharField("规则版本", max_length=20)
    correction_reason = models.CharField("更正原因", max_length=300, blank=True)
    taken_at = models.DateTimeField("生成时间")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="生成人"
    )
    published_at = models.DateTimeField("发布时间", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发布人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "排名快照"
        ordering = ["-cutoff", "series", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "period", "number"],
                name="snapshot_unique",
                violation_error_message="该期快照版次已存在。",
            ),
            models.UniqueConstraint(
                fields=["series", "period"],
                condition=Q(state=SnapshotState.PUBLISHED.value),
                name="one_published_snapshot",
                violation_error_message="该期已有发布的排名；更正须先作废原版。",
            ),
            models.UniqueConstraint(
                fields=["series", "period"],
                condition=Q(state=SnapshotState.DRAFT.value),
                name="one_draft_snapshot",
                violation_error_message="该期已有排名草稿。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.get_series_display()}"


class RankingRow(models.Model):
    """Append-only: one line of one board, for history; the whole answer is in the snapshot's `boards`."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="rows", verbose_name="快照")
    board = models.CharField("榜", max_length=10, choices=RankingBoard.choices)
    group = models.CharField("同类组", max_length=30)
    subject_id = models.PositiveBigIntegerField("对象")
    subject_name = models.CharField("名称", max_length=200)
    position = models.PositiveIntegerField("显示顺序")
    rank = models.PositiveIntegerField("名次", null=True)
    score = models.DecimalField("得分", max_digits=8, decimal_places=2, null=True)
    previous_rank = models.PositiveIntegerField("上期名次", null=True)
    change = models.IntegerField("名次变化", null=True)
    marks = models.CharField("标记", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "排名行"
        ordering = ["snapshot", "board", "group", "position"]
        indexes = [models.Index(fields=["board", "subject_id"], name="ranking_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "board", "group", "subject_id"],
                name="ranking_row_unique",
                violation_error_message="该对象已在榜中。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.subject_name}"
