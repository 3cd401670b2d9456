"""The first accounts of an empty site: docs/operations.md, Install."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from projects.enums import ADMIN_ROLES, Role
from projects.models import AuditEntry, RoleGrant, User
from projects.services import founding
from tests.support.county import moment
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db
NAMES = {Role.SYSTEM_ADMIN: "钟系统", Role.SECURITY_ADMIN: "安佳全", Role.AUDIT_ADMIN: "沈纪"}


def test_each_of_the_three_signs_in_with_the_password_that_was_printed() -> None:
    said = StringIO()
    call_command("first_accounts", system_admin="钟系统", security_admin="安佳全", audit_admin="沈纪", stdout=said)
    assert list(RoleGrant.objects.values_list("user__username", "role").order_by("pk")) == [
        (founding.USERNAMES[role], role) for role in ADMIN_ROLES
    ]
    for user in User.objects.all():
        printed = next(line for line in said.getvalue().splitlines() if f"账号 {user.username}　" in line)
        assert user.check_password(printed.rpartition(" ")[2])
        assert user.must_change_password and user.name in printed
    assert AuditEntry.objects.filter(action="grant.create").count() == 3


def test_nothing_happens_once_an_account_exists() -> None:
    founding.open_first_accounts(names=NAMES, actor=None, at=moment(5, 6))
    with pytest.raises(CommandError, match="已有账号"):
        call_command("first_accounts", system_admin="甲", security_admin="乙", audit_admin="丙")
    assert User.objects.count() == 3


def test_one_person_is_not_two_administrators() -> None:
    with pytest.raises(UserError, match="三个不同的人"):
        founding.open_first_accounts(names={**NAMES, Role.AUDIT_ADMIN: " 安佳全 "}, actor=None, at=moment(5, 6))
    assert not User.objects.exists()
