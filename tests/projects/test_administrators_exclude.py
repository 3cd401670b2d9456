"""The database itself keeps administrators apart, whoever writes the grant (docs/trust.md, Accounts)."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from projects.enums import ADMIN_ROLES, Role
from projects.models import RoleGrant, User
from projects.services import people
from tests.support.at_once import at_once
from tests.support.county import CREATED, moment
from tracker.web.errors import UserError

JUNE, JULY, AUGUST = dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 8, 1)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("hedong", name="钱悦", created_at=CREATED)


def give(user: User, role: Role, first: dt.date = JUNE, last: dt.date | None = None) -> RoleGrant:
    """Past every service."""
    with transaction.atomic():
        return RoleGrant.objects.create(user=user, role=role, valid_from=first, valid_to=last)


@pytest.mark.parametrize("held", ADMIN_ROLES)
@pytest.mark.parametrize("role", [*ADMIN_ROLES, Role.BUREAU])
@pytest.mark.parametrize("last", [None, AUGUST])
def test_no_two_roles_at_a_time_where_one_is_an_administrators(
    user: User, held: Role, role: Role, last: dt.date | None
) -> None:
    give(user, held, JUNE, AUGUST)
    if held == role:
        give(user, role, JULY, last)
        return
    with pytest.raises(IntegrityError, match="administrators exclude each other"):
        give(user, role, JULY, last)
    give(user, role, AUGUST + dt.timedelta(days=1))


def test_neither_by_a_change_of_role_dates_or_person(user: User) -> None:
    other = User.objects.create_user("hexi", name="叶知秋", created_at=CREATED)
    give(user, Role.SYSTEM_ADMIN, JUNE, JULY)
    later, theirs = give(user, Role.AUDIT_ADMIN, AUGUST), give(other, Role.BUREAU)
    for row, change in (
        (later, {"valid_from": JULY}),
        (theirs, {"user": user}),
        (give(user, Role.SYSTEM_ADMIN, dt.date(2026, 5, 1), JULY), {"role": Role.SECURITY_ADMIN}),
    ):
        with pytest.raises(IntegrityError, match="administrators exclude"), transaction.atomic():
            RoleGrant.objects.filter(pk=row.pk).update(**change)


def test_business_roles_go_together(user: User) -> None:
    give(user, Role.BUREAU)
    give(user, Role.PROJECT_OFFICE)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_grants_made_side_by_side_one_is_refused() -> None:
    user = User.objects.create_user("hedong", name="钱悦", created_at=CREATED)

    def grant(role: Role) -> str:
        with closing(connection):
            try:
                people.grant_role(user=user, role=role, valid_from=JUNE, valid_to=JULY, actor=None, at=moment(6, 1))
            except UserError as refusal:
                return refusal.message
            return ""

    said = at_once(*(partial(grant, role) for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)))
    assert RoleGrant.objects.count() == 1
    assert sorted(said) == ["", "系统、安全、审计三类管理员不能由同一账号兼任。"]
