"""Accounts, roster and rights as the screens and services need them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from projects.enums import ADMIN_ROLES, LeaderPart, OfficerKind, Role, UnitPart
from projects.models import (
    LeaderAssignment,
    Officer,
    OfficerAlias,
    Project,
    RoleGrant,
    SecondFactor,
    Substitution,
    Unit,
    UnitAlias,
    UnitAssignment,
    UnitOversight,
    User,
)
from projects.permissions import Access, Grant


def access_of(user: User, day: dt.date) -> Access:
    """What `user` may do on `day`: own grants, and those of persons represented. Two queries.

    A substitute never inherits an administrator role, and a disabled account holds nothing.
    """
    if not user.is_active:
        return Access(user_id=user.pk, day=day)
    principals = list(Substitution.objects.valid_on(day).filter(delegate=user).values_list("principal", flat=True))
    rows = (
        RoleGrant.objects.valid_on(day)
        .filter(Q(user=user) | Q(user__in=principals, user__is_active=True))
        .select_related("user")
        .order_by("pk")
    )
    grants = [_grant(row, user) for row in rows]
    return Access(user_id=user.pk, day=day, grants=tuple(g for g in grants if not _inherits_admin(g)))


def second_factor_of(user: User) -> SecondFactor | None:
    """The key of the account, confirmed or not."""
    return SecondFactor.objects.filter(user=user).select_related("user").first()


def active_second_factor_of(user: User) -> SecondFactor | None:
    """The key that the door asks for, None where it asks for the password alone."""
    factor = second_factor_of(user)
    return factor if factor is not None and factor.is_active else None


def owes_second_factor(user: User, access: Access) -> bool:
    """Whether the site asks a second factor of this account (DUJIN_SECOND_FACTOR) that it has not. No query where the
    site asks nobody."""
    is_asked = settings.SECOND_FACTOR == "everybody" or (
        settings.SECOND_FACTOR == "administrators" and not access.roles.isdisjoint(ADMIN_ROLES)
    )
    return is_asked and active_second_factor_of(user) is None


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


def units_on(day: dt.date) -> QuerySet[Unit]:
    """Units that exist on `day`, in official order, for choice lists."""
    return Unit.objects.valid_on(day)


def visible_units(access: Access) -> QuerySet[Unit]:
    """Units whose projects this access may see; its own units in any case."""
    projects = Project.objects.visible_to(access)
    led = UnitAssignment.objects.valid_on(access.day).filter(project__in=projects.values("pk"))
    return Unit.objects.filter(Q(pk__in=led.values("unit")) | Q(pk__in=access.unit_ids))


def county_leaders(day: dt.date) -> QuerySet[Officer]:
    """County leaders on the roster on `day`, in official order."""
    kinds = (OfficerKind.MAIN_LEADER, OfficerKind.COUNTY_LEADER)
    return Officer.objects.valid_on(day).filter(kind__in=kinds)


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One unit: other names, the leader whose field covers it, projects it leads or helps on the day."""

    unit: Unit
    aliases: tuple[str, ...]
    overseers: tuple[Officer, ...]
    leads: int
    cooperates: int


def unit_cards(day: dt.date, access: Access, *, ended: bool = False) -> tuple[UnitCard, ...]:
    """Units that exist on `day` (with `ended`: those that no longer do), in official order. Four queries."""
    visible = Project.objects.visible_to(access)
    assigned = UnitAssignment.objects.valid_on(day).filter(project__in=visible.values("pk"))
    counts: Counter[tuple[int, str]] = Counter(assigned.values_list("unit", "part"))
    oversights = UnitOversight.objects.valid_on(day).select_related("officer")
    units = Unit.objects.filter(valid_to__lt=day) if ended else units_on(day)
    return tuple(
        UnitCard(
            unit=unit,
            aliases=tuple(alias.alias for alias in unit.aliases.all()),
            overseers=tuple(row.officer for row in unit.oversights.all()),
            leads=counts[unit.pk, UnitPart.LEAD],
            cooperates=counts[unit.pk, UnitPart.COOPERATING],
        )
        for unit in units.prefetch_related("aliases", Prefetch("oversights", queryset=oversights))
    )


@dataclass(frozen=True, slots=True)
class OfficerCard:
    """One person of the roster: spellings, field, projects on the day."""

    officer: Officer
    aliases: tuple[str, ...]
    oversees: tuple[Unit, ...]
    leads: int
    joint: int


def officer_cards(day: dt.date, access: Access, *, ended: bool = False) -> tuple[OfficerCard, ...]:
    """The roster on `day` (with `ended`: who has left it), in official order; project counts only over what `access`
    may see. Four queries."""
    visible = Project.objects.visible_to(access)
    assigned = LeaderAssignment.objects.valid_on(day).filter(project__in=visible.values("pk"))
    counts: Counter[tuple[int, str]] = Counter(assigned.values_list("officer", "part"))
    oversights = UnitOversight.objects.valid_on(day).select_related("unit")
    officers = Officer.objects.filter(valid_to__lt=day) if ended else Officer.objects.valid_on(day)
    officers = officers.select_related("unit").prefetch_related("aliases", Prefetch("oversights", queryset=oversights))
    return tuple(
        OfficerCard(
            officer=officer,
            aliases=tuple(alias.alias for alias in officer.aliases.all()),
            oversees=tuple(row.unit for row in officer.oversights.all()),
            leads=counts[officer.pk, LeaderPart.LEAD],
            joint=counts[officer.pk, LeaderPart.JOINT],
        )
        for officer in officers
    )


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """What a unit's page shows beside the form, newest first."""

    aliases: tuple[UnitAlias, ...]
    oversights: tuple[UnitOversight, ...]


def unit_history(unit: Unit) -> UnitHistory:
    """Other names and overseeing leaders of a unit. Two queries."""
    oversights = unit.oversights.select_related("officer").order_by("-valid_from", "-pk")
    return UnitHistory(aliases=tuple(unit.aliases.all()), oversights=tuple(oversights))


@dataclass(frozen=True, slots=True)
class OfficerHistory:
    """What a person's page shows beside the form, newest first."""

    aliases: tuple[OfficerAlias, ...]
    oversights: tuple[UnitOversight, ...]
    accounts: tuple[User, ...]


def officer_history(officer: Officer) -> OfficerHistory:
    """Other spellings, units overseen and accounts of a person. Three queries."""
    oversights = officer.oversights.select_related("unit").order_by("-valid_from", "-pk")
    return OfficerHistory(
        aliases=tuple(officer.aliases.all()), oversights=tuple(oversights), accounts=tuple(officer.users.all())
    )
