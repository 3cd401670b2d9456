"""Accounts, roster and rights as the screens and services need them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from projects.enums import Role
from projects.models import RoleGrant, Substitution, User
from projects.permissions import Access, Grant


def access_of(user: User, day: dt.date) -> Access:
    """What `user` may do on `day`: own grants, and those of persons represented. Two queries.

    A substitute never inherits an administrator role, and a disabled account holds nothing.
    """
    if not user.is_active:
        return Access(user_id=user.pk, day=day)
    principals = list(
        Substitution.objects.valid_on(day).filter(delegate=user).values_list("principal", flat=True)
    )
    rows = (
        RoleGrant.objects.valid_on(day)
        .filter(Q(user=user) | Q(user__in=principals, user__is_active=True))
        .select_related("user")
        .order_by("pk")
    )
    grants = [_grant(row, user) for row in rows]
    return Access(user_id=user.pk, day=day, grants=tuple(g for g in grants if not _inherits_admin(g)))


def _grant(row: RoleGrant, user: User) -> Grant:
    return Grant(
        role=Role(row.role),
        unit_id=row.unit_id,
        project_id=row.project_id,
        officer_id=row.user.officer_id,
        principal_id=row.user_id if row.user_id != user.pk else None,
    )


def _inherits_admin(grant: Grant) -> bool:
    return grant.principal_id is not None and grant.role in (
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
        Role.AUDIT_ADMIN,
    )
