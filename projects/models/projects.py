"""Key projects, their people, the annual list and its adjustments."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from projects.enums import (
    AdjustmentKind,
    AnnualClass,
    LeaderPart,
    Level,
    Nature,
    OwnerKind,
    Stage,
    UnitPart,
)
from projects.models.dated import Dated, dates_in_order
from projects.models.people import Officer, Unit
from projects.models.versioned import Versioned
from projects.permissions import Access, project_scope


def amount_field(verbose_name: str, **options: Any) -> models.DecimalField:
    """An amount in 万元; four places make one place for every 元."""
    return models.DecimalField(verbose_name, max_digits=18, decimal_places=4, **options)


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, access: Access) -> Self:
        """The only source of project lists, details, search, exports, files and counts: what this access may see."""
        return self.filter(voided_at=None).filter(project_scope(access))


class Project(Versioned):
    """A key project. Annual class, life-cycle stage and construction nature are three separate fields;
    the class belongs to the year and lives on `AnnualListEntry`."""

    code = models.CharField("项目编号", max_length=40)
    national_code = models.CharField("项目代码", max_length=40, blank=True)
    name = models.CharField("项目名称", max_length=200)
    match_name = models.CharField("匹配名称", max_length=200, editable=False)
    initials = models.CharField("拼音首字母", max_length=200, blank=True, editable=False)
    stage = models.CharField("建设阶段", max_length=20, choices=Stage.choices, default=Stage.PREPARATION)
    nature = models.CharField("建设性质", max_length=20, choices=Nature.choices, blank=True)
    level = models.CharField("项目级别", max_length=20, choices=Level.choices, default=Level.COUNTY)
    sector = models.CharField("领域", max_length=60, blank=True)
    area = models.CharField("建设地点", max_length=200, blank=True)
    owner_kind = models.CharField("投资主体", max_length=20, choices=OwnerKind.choices, blank=True)
    owner = models.CharField("项目业主", max_length=200, blank=True)
    content = models.TextField("建设内容", blank=True)
    tags = models.ManyToManyField("projects.Tag", blank=True, related_name="projects", verbose_name="标签")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="所属打包项目"
    )
    is_package = models.BooleanField("打包项目", default=False)
    total = amount_field("总投资（万元）", null=True, blank=True)
    started_on = models.DateField("确认开工日期", null=True, blank=True)
    completed_on = models.DateField("确认竣工日期", null=True, blank=True)
    has_contract = models.BooleanField("已签施工合同", default=False)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    created_at = models.DateTimeField("建档时间")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], name="project_code_unique", violation_error_message="项目编号已存在。"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="project_not_own_parent",
                violation_error_message="项目不能打包在自己名下。",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(is_package=False),
                name="project_package_one_level",
                violation_error_message="打包项目不能再属于另一个打包项目。",
            ),
            models.CheckConstraint(
                condition=Q(total=None) | Q(total__gte=0),
                name="project_total_not_negative",
                violation_error_message="总投资不能为负数。",
            ),
        ]
        indexes = [models.Index(fields=["match_name"], name="project_match_name")]

    def __str__(self) -> str:
        return self.name


class ProjectName(models.Model):
    """A former name: a renamed project keeps its history and is still found by the old name."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="former_names", verbose_name="项目")
    name = models.CharField("曾用名", max_length=200)
    match_name = models.CharField("匹配名称", max_length=200)
    until = models.DateField("使用至")

    class Meta:
        verbose_name = verbose_name_plural = "曾用名"
        ordering = ["until", "pk"]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    name = models.CharField("标签", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "标签"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="tag_name_unique", violation_error_message="标签已存在。")
        ]

    def __str__(self) -> str:
        return self.name


class StageChange(models.Model):
    """Append-only: the day a project entered a stage."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="stage_changes", verbose_name="项目")
    old = models.CharField("原阶段", max_length=20, choices=Stage.choices, blank=True)
    new = models.CharField("新阶段", max_length=20, choices=Stage.choices)
    on = models.DateField("日期")
    reason = models.CharField("依据", max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="操作人")

    class Meta:
        verbose_name = verbose_name_plural = "阶段变化"
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_new_display()}"


class StatisticsInclusion(Versioned):
    """入统: its own clock beside the stages. No row means not yet included."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="inclusion", verbose_name="项目")
    included_on = models.DateField("入统日期", null=True, blank=True)
    code = models.CharField("统计项目编码", max_length=60, blank=True)
    is_required = models.BooleanField("应当入统", default=True)
    blocker = models.CharField("未入统原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "入统情况"

    def __str__(self) -> str:
        return "已入统" if self.included_on else "未入统"


class UnitAssignment(Dated):
    project = models.ForeignKey(Project, models.CASCADE, related_name="unit_assignments", verbose_name="项目")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name="单位")
    part = models.CharField("分工", max_length=20, choices=UnitPart.choices)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "单位分工"
        ordering = ["position", "unit__official_order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(part=UnitPart.LEAD.value, valid_to=None),
                name="one_lead_unit",
                violation_error_message="一个项目同时只能有一个责任单位（牵头）。",
            ),
            models.UniqueConstraint(
                fields=["project", "unit"],
                condition=Q(valid_to=None),
                name="unit_assigned_once",
                violation_error_message="该单位已在项目上。",
            ),
            dates_in_order("unit_assignment_dates_in_order"),
        ]
        indexes = [models.Index(fields=["unit", "part"], name="unit_assignment_unit")]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.unit}"


class LeaderAssignment(Dated):
    project = models.ForeignKey(Project, models.CASCADE, related_name="leader_assignments", verbose_name="项目")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="assignments", verbose_name="领导")
    part = models.CharField("分工", max_length=20, choices=LeaderPart.choices)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "包联分工"
        ordering = ["position", "officer__official_order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(part=LeaderPart.LEAD.value, valid_to=None),
                name="one_lead_leader",
                violation_error_message="一个项目同时只能有一位牵头包联领导。",
            ),
            models.UniqueConstraint(
                fields=["project", "officer"],
                condition=Q(valid_to=None),
                name="leader_assigned_once",
                violation_error_message="该领导已包联此项目。",
            ),
            dates_in_order("leader_assignment_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.officer}"


class AnnualList(models.Model):
    """One issued version of a year's list, with its document. Version 1 is the original list (年初口径)."""

    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("版次")
    title = models.CharField("名称", max_length=100)
    document_no = models.CharField("文号", max_length=60, blank=True)
    issued_on = models.DateField("印发日期")

    class Meta:
        verbose_name = verbose_name_plural = "年度清单"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"], name="annual_list_unique", violation_error_message="该年度已有这一版清单。"
            )
        ]

    def __str__(self) -> str:
        return self.title


class AnnualListEntryQuerySet(models.QuerySet):
    def original(self) -> Self:
        """年初口径: what the first list of the year named, whatever happened since."""
        return self.filter(annual_list__number=1)

    def current(self, day: dt.date) -> Self:
        """现口径: what counts on `day`, after adjustments."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), entered_on__lte=day)


class AnnualListEntry(models.Model):
    """A project's place on the year's list: class, order, when it entered and left the statistics."""

    annual_list = models.ForeignKey(AnnualList, models.PROTECT, related_name="entries", verbose_name="清单")
    year = models.PositiveSmallIntegerField("年度")
    project = models.ForeignKey(Project, models.PROTECT, related_name="entries", verbose_name="项目")
    annual_class = models.CharField("年度类别", max_length=20, choices=AnnualClass.choices)
    seq = models.PositiveIntegerField("序号", null=True, blank=True)
    entered_on = models.DateField("列入日期")
    left_on = models.DateField("退出日期", null=True, blank=True)

    objects = AnnualListEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "清单项目"
        ordering = ["year", "seq", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year"],
                name="entry_once_a_year",
                violation_error_message="该项目已在本年度清单中。",
            )
        ]
        indexes = [models.Index(fields=["year", "annual_class"], name="entry_year_class")]

    def __str__(self) -> str:
        return f"{self.year} {self.project}"


class ListAdjustment(models.Model):
    """Append-only: why and when a project entered, left, paused or was handed over."""

    entry = models.ForeignKey(AnnualListEntry, models.PROTECT, related_name="adjustments", verbose_name="清单项目")
    kind = models.CharField("调整类型", max_length=20, choices=AdjustmentKind.choices)
    reason = models.CharField("原因", max_length=300)
    effective_on = models.DateField("生效日期")
    document_no = models.CharField("依据文号", max_length=60, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "清单调整"
        ordering = ["effective_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on}"
