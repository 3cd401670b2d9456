"""The first three accounts of an empty site, from which every other account and right comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from projects.enums import ADMIN_ROLES, Role
from projects.models import User
from projects.services import people
from projects.services.people import NewAccount
from tracker.clock import day_of
from tracker.web.errors import UserError

USERNAMES = {Role.SYSTEM_ADMIN: "sysadmin", Role.SECURITY_ADMIN: "secadmin", Role.AUDIT_ADMIN: "auditadmin"}


@transaction.atomic
def open_first_accounts(*, names: Mapping[Role, str], actor: User | None, at: dt.datetime) -> list[NewAccount]:
    """One administrator of each kind, by the person's name, with a one-time password. Refused once any account exists:
    from then on the system administrator opens accounts and the security administrator grants roles."""
    if User.objects.exists():
        raise UserError("已有账号，不能再建立首批账号；新账号请由系统管理员在“账号”页开通。")
    if len({name.strip() for name in names.values()}) < len(ADMIN_ROLES):
        raise UserError("三类管理员须由三个不同的人担任，请写出三个姓名。")
    opened = []
    for role in ADMIN_ROLES:
        account = people.create_account(username=USERNAMES[role], name=names[role], actor=actor, at=at)
        people.grant_role(user=account.user, role=role, valid_from=day_of(at), actor=actor, at=at)
        opened.append(account)
    return opened
