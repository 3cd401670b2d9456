"""Accounts, role grants and substitutions as their administrators see them (docs/trust.md, Accounts)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Prefetch, Q, QuerySet

from projects.models import RoleGrant, Substitution, User

CURRENT, COMING, ENDED = "current", "coming", "ended"
SPANS = {CURRENT: "有效", COMING: "尚未生效", ENDED: "已终止"}


def account_rows(day: dt.date, *, text: str = "", active: bool | None = None) -> QuerySet[User]:
    """Accounts with their roles of the day as `roles_now`. `text` is part of account, name or unit. Two queries."""
    grants = RoleGrant.objects.valid_on(day).select_related("unit").order_by("pk")
    rows = User.objects.select_related("unit", "officer").prefetch_related(
        Prefetch("grants", queryset=grants, to_attr="roles_now")
    )
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(name__icontains=text) | Q(unit__name__icontains=text))
    return rows if active is None else rows.filter(is_active=active)


def grant_rows(day: dt.date, span: str, *, text: str = "") -> QuerySet[RoleGrant]:
    """Role grants in force on the day, coming, or ended, by account."""
    rows = RoleGrant.objects.filter(_span(day, span)).select_related("user__unit", "unit", "project", "granted_by")
    if text:
        rows = rows.filter(Q(user__username__icontains=text) | Q(user__name__icontains=text))
    return rows.order_by("user__name", "user", "role", "pk")


def substitution_rows(day: dt.date, span: str, *, text: str = "") -> QuerySet[Substitution]:
    """Substitutions in force on the day, coming, or ended, newest first. `text` is part of either's name or account."""
    rows = Substitution.objects.filter(_span(day, span)).select_related("principal__unit", "delegate__unit")
    if text:
        of_either = Q(principal__name__icontains=text) | Q(delegate__name__icontains=text)
        rows = rows.filter(of_either | Q(principal__username__icontains=text) | Q(delegate__username__icontains=text))
    return rows


def _span(day: dt.date, span: str) -> Q:
    if span == COMING:
        return Q(valid_from__gt=day)
    if span == ENDED:
        return Q(valid_to__lt=day)
    return Q(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
