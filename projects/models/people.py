"""Accounts, roster, units, role grants and substitutions. Everything that changes over time carries dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from projects.enums import ADMIN_ROLES, UNIT_ROLES, Board, OfficerKind, Role, UnitKind
from projects.models.dated import Dated, dates_in_order
from projects.models.versioned import Versioned


class Unit(Dated, Versioned):
    """A unit of the county: bureau, township, park, company."""

    name = models.CharField("单位名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("单位类型", max_length=20, choices=UnitKind.choices)
    board = models.CharField("排名榜", max_length=20, choices=Board.choices)
    area = models.CharField("辖区", max_length=60, blank=True)
    official_order = models.PositiveIntegerField("规范排序", default=9999)
    initials = models.CharField("拼音首字母", max_length=100, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["official_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="unit_name_unique", violation_error_message="已有同名单位。"),
            dates_in_order("unit_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name


class UnitAlias(Dated):
    """Another name under which a unit appears in ledgers (renamed bureau, short form)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases", verbose_name="单位")
    alias = models.CharField("别名", max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = "单位别名"
        ordering = ["alias", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alias"], name="unit_alias_unique", violation_error_message="该别名已指向某个单位。"
            ),
            dates_in_order("unit_alias_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.alias


class Officer(Dated, Versioned):
    """A person on the roster: county leader or staff of a unit, with or without an account."""

    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=100, blank=True)
    kind = models.CharField("类别", max_length=20, choices=OfficerKind.choices)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="officers", verbose_name="所在单位"
    )
    phone = models.CharField("电话", max_length=40, blank=True)
    official_order = models.PositiveIntegerField("规范排序", default=9999)
    initials = models.CharField("拼音首字母", max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "名册人员"
        ordering = ["official_order", "pk"]
        constraints = [dates_in_order("officer_dates_in_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_county_leader(self) -> bool:
        return self.kind in (OfficerKind.MAIN_LEADER, OfficerKind.COUNTY_LEADER)


class OfficerAlias(models.Model):
    """A remembered answer: this spelling means that officer."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="aliases", verbose_name="人员")
    alias = models.CharField("写法", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "姓名写法"
        ordering = ["alias", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alias"], name="officer_alias_unique", violation_error_message="该写法已指向某人。"
            )
        ]

    def __str__(self) -> str:
        return self.alias


class UnitOversight(Dated):
    """分管: the county leader whose field covers the unit."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="oversights", verbose_name="单位")
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="oversights", verbose_name="分管领导")

    class Meta:
        verbose_name = verbose_name_plural = "分管关系"
        ordering = ["unit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "officer", "valid_from"],
                name="oversight_unique",
                violation_error_message="该分管关系已登记。",
            ),
            dates_in_order("oversight_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.officer} 分管 {self.unit}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Versioned):
    """An account. What it may do comes only from its role grants (`projects/permissions.py`)."""

    username = models.CharField("账号", max_length=60)
    name = models.CharField("姓名", max_length=40)
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="users", verbose_name="名册人员"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="users", verbose_name="所在单位")
    email = models.EmailField("电子邮箱", blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改初始密码", default=True)
    password_changed_at = models.DateTimeField("修改密码时间", null=True, blank=True)
    second_factor_changed_at = models.DateTimeField("二次验证变更时间", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("开通时间")

    objects = UserManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["unit__official_order", "username"]
        constraints = [
            models.UniqueConstraint(
                fields=["username"], name="user_username_unique", violation_error_message="账号已存在，请换一个。"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a session must know to stay open: a new password ends it, and a second factor taken or removed."""
        return self._with_second_factor(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._with_second_factor, super().get_session_auth_fallback_hash())

    def _with_second_factor(self, digest: str) -> str:
        changed = self.second_factor_changed_at
        return f"{digest} {changed.timestamp()}" if changed else digest

    def must_replace_password(self, now: dt.datetime) -> bool:
        """The password is a one-time one, or older than the site allows (DUJIN_PASSWORD_DAYS)."""
        longest = dt.timedelta(days=settings.PASSWORD_DAYS)
        return self.must_change_password or bool(
            longest and now - (self.password_changed_at or self.created_at) > longest
        )


class RoleGrant(Dated):
    """A role held by an account between two dates; unit roles hold inside one unit, owners on one project."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="单位")
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="项目"
    )
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="授权人")

    class Meta:
        verbose_name = verbose_name_plural = "角色授权"
        ordering = ["user", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(role__in=[role.value for role in ADMIN_ROLES], valid_to=None),
                name="one_admin_role_per_user",
                violation_error_message="系统、安全、审计三类管理员不能由同一账号兼任。",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[role.value for role in UNIT_ROLES]) | Q(unit__isnull=False),
                name="unit_role_needs_unit",
                violation_error_message="单位角色必须指定单位。",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.OWNER.value) | Q(project__isnull=False),
                name="owner_role_needs_project",
                violation_error_message="业主角色必须指定项目。",
            ),
            dates_in_order("grant_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class Substitution(Dated):
    """×× 代 ××: the delegate may act with the principal's roles between two dates."""

    principal = models.ForeignKey(User, models.CASCADE, related_name="substituted_by", verbose_name="被代理人")
    delegate = models.ForeignKey(User, models.CASCADE, related_name="substitutes_for", verbose_name="代理人")
    reason = models.CharField("事由", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "代理授权"
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(principal=F("delegate")),
                name="substitution_of_another",
                violation_error_message="不能代理自己。",
            ),
            dates_in_order("substitution_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} 代 {self.principal}"
