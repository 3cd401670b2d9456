"""Units, the roster, accounts, role grants and substitutions: every write (docs/trust.md, Accounts)."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from projects import audit
from projects.enums import ADMIN_ROLES, UNIT_ROLES, Board, OfficerKind, Role, UnitKind
from projects.models import (
    Officer,
    OfficerAlias,
    Project,
    RoleGrant,
    Substitution,
    Unit,
    UnitAlias,
    UnitOversight,
    User,
)
from projects.services import throttle
from projects.services.editing import created, edit, only, required, saved
from projects.services.spelling import initials
from tracker.clock import day_of
from tracker.web.errors import UserError

UNIT_FIELDS = frozenset({"name", "short_name", "kind", "board", "area", "official_order", "valid_from", "valid_to"})
OFFICER_FIELDS = frozenset({"name", "post", "kind", "unit", "phone", "official_order", "valid_from", "valid_to"})
ACCOUNT_FIELDS = frozenset({"name", "officer", "unit", "email", "phone"})
_PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without the letters and digits that are mistaken for each other on paper."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account with its first password, which is shown once and kept nowhere."""

    user: User
    password: str


# Units


@transaction.atomic
def create_unit(
    *,
    name: str,
    kind: UnitKind,
    board: Board,
    actor: User | None,
    at: dt.datetime,
    short_name: str = "",
    area: str = "",
    official_order: int = 9999,
    valid_from: dt.date | None = None,
) -> Unit:
    """A new unit; its name may not be the name or alias of another."""
    name = required(name, "请填写单位名称。", "name")
    if UnitAlias.objects.filter(alias=name).exists():
        raise UserError(f"“{name}”已是某个单位的别名，请先核对。", field="name")
    unit = Unit(
        name=name,
        short_name=short_name.strip(),
        kind=kind,
        board=board,
        area=area.strip(),
        official_order=official_order,
        initials=initials(name, 100),
        valid_from=valid_from or day_of(at),
    )
    saved(unit)
    audit.record(actor=actor, at=at, action="unit.create", obj=unit, data=created(unit, "name", "kind", "board"))
    return unit


@transaction.atomic
def update_unit(
    *, unit: Unit, values: Mapping[str, Any], version: int | None, actor: User | None, at: dt.datetime
) -> Unit:
    """Edit a unit. A renamed unit is still found by its old name, which becomes an alias."""
    only(values, UNIT_FIELDS)
    old_name = unit.name
    values = dict(values)
    if "name" in values:
        values["name"] = required(values["name"], "请填写单位名称。", "name")
        values["initials"] = initials(values["name"], 100)
    changes = edit(unit, values, version=version)
    if not changes:
        return unit
    if unit.name != old_name and not UnitAlias.objects.filter(alias=old_name).exists():
        saved(UnitAlias(unit=unit, alias=old_name, valid_from=unit.valid_from))
    audit.record(actor=actor, at=at, action="unit.update", obj=unit, data=changes)
    return unit


@transaction.atomic
def add_unit_alias(*, unit: Unit, alias: str, actor: User | None, at: dt.datetime) -> UnitAlias:
    """Remember that ledgers write the unit this way."""
    alias = required(alias, "请填写别名。", "alias")
    if Unit.objects.filter(name=alias).exclude(pk=unit.pk).exists():
        raise UserError(f"“{alias}”是另一个单位的名称，不能作为别名。", field="alias")
    row = UnitAlias(unit=unit, alias=alias, valid_from=unit.valid_from)
    saved(row)
    audit.record(actor=actor, at=at, action="unit.alias", obj=unit, data={"alias": [None, alias]})
    return row


# Roster


@transaction.atomic
def create_officer(
    *,
    name: str,
    kind: OfficerKind,
    actor: User | None,
    at: dt.datetime,
    post: str = "",
    unit: Unit | None = None,
    phone: str = "",
    official_order: int = 9999,
    valid_from: dt.date | None = None,
) -> Officer:
    """A new person on the roster. Two people may share a name; their posts tell them apart."""
    name = required(name, "请填写姓名。", "name")
    officer = Officer(
        name=name,
        post=post.strip(),
        kind=kind,
        unit=unit,
        phone=phone.strip(),
        official_order=official_order,
        initials=initials(name, 40),
        valid_from=valid_from or day_of(at),
    )
    saved(officer)
    audit.record(
        actor=actor, at=at, action="officer.create", obj=officer, data=created(officer, "name", "kind", "post", "unit")
    )
    return officer


@transaction.atomic
def update_officer(
    *, officer: Officer, values: Mapping[str, Any], version: int | None, actor: User | None, at: dt.datetime
) -> Officer:
    only(values, OFFICER_FIELDS)
    values = dict(values)
    if "name" in values:
        values["name"] = required(values["name"], "请填写姓名。", "name")
        values["initials"] = initials(values["name"], 40)
    changes = edit(officer, values, version=version)
    if changes:
        audit.record(actor=actor, at=at, action="officer.update", obj=officer, data=changes)
    return officer


@transaction.atomic
def add_officer_alias(*, officer: Officer, alias: str, actor: User | None, at: dt.datetime) -> OfficerAlias:
    """Remember that this spelling means that person (张三丰 written 张三峰)."""
    row = OfficerAlias(officer=officer, alias=required(alias, "请填写写法。", "alias"))
    saved(row)
    audit.record(actor=actor, at=at, action="officer.alias", obj=officer, data={"alias": [None, row.alias]})
    return row


@transaction.atomic
def oversee(*, unit: Unit, officer: Officer, valid_from: dt.date, actor: User | None, at: dt.datetime) -> UnitOversight:
    """分管: from that day the leader's field covers the unit; whoever had it before ends the day before."""
    if not officer.is_county_leader:
        raise UserError(f"{officer}不是县级领导，不能作为分管领导。", field="officer")
    for row in UnitOversight.objects.filter(unit=unit, valid_to=None):
        if row.officer_id == officer.pk:
            raise UserError(f"{officer}已分管{unit.label}。", field="officer")
        if row.valid_from >= valid_from:
            raise UserError(f"起始日期须晚于现分管领导的起始日期（{row.valid_from}）。", field="valid_from")
        row.valid_to = valid_from - dt.timedelta(days=1)
        row.save(update_fields=["valid_to"])
    oversight = UnitOversight(unit=unit, officer=officer, valid_from=valid_from)
    saved(oversight)
    data = created(oversight, "officer", "valid_from")
    audit.record(actor=actor, at=at, action="unit.oversee", obj=unit, data=data)
    return oversight


# Accounts


@transaction.atomic
def create_account(
    *,
    username: str,
    name: str,
    actor: User | None,
    at: dt.datetime,
    officer: Officer | None = None,
    unit: Unit | None = None,
    email: str = "",
    phone: str = "",
) -> NewAccount:
    """A new account with a random first password that must be changed at the first sign-in. It may do nothing yet."""
    password = _one_time_password()
    user = User(
        username=required(username, "请填写账号。", "username"),
        name=required(name, "请填写姓名。", "name"),
        officer=officer,
        unit=unit,
        email=email.strip(),
        phone=phone.strip(),
        created_at=at,
    )
    user.set_password(password)
    saved(user)
    audit.record(actor=actor, at=at, action="account.create", obj=user, data=created(user, "username", "name", "unit"))
    return NewAccount(user, password)


@transaction.atomic
def update_account(
    *, user: User, values: Mapping[str, Any], version: int | None, actor: User | None, at: dt.datetime
) -> User:
    """Edit whose account it is and how that person is reached; rights and state have verbs of their own."""
    only(values, ACCOUNT_FIELDS)
    values = dict(values)
    if "name" in values:
        values["name"] = required(values["name"], "请填写姓名。", "name")
    changes = edit(user, values, version=version)
    if changes:
        audit.record(actor=actor, at=at, action="account.update", obj=user, data=changes)
    return user


@transaction.atomic
def reset_password(*, user: User, actor: User | None, at: dt.datetime) -> str:
    """A new one-time password, returned once; running sessions of the account end."""
    password = _one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    throttle.forget(user.username)
    audit.record(actor=actor, at=at, action="account.reset_password", obj=user)
    return password


def change_password(*, user: User, old: str, new: str, actor: User, at: dt.datetime) -> None:
    """Everybody changes only their own password."""
    if actor.pk != user.pk:
        raise UserError("只能修改自己的密码。")
    throttle.forgive(prove_password(user=user, password=old, field="old", actor=actor, at=at))
    if new == old:
        raise UserError("新密码不能与当前密码相同。", field="new")
    try:
        validate_password(new, user)
    except ValidationError as weakness:
        raise UserError("".join(weakness.messages), field="new") from weakness
    with transaction.atomic():
        user.set_password(new)
        user.must_change_password = False
        user.password_changed_at = at
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        audit.record(actor=actor, at=at, action="account.change_password", obj=user)


def prove_password(*, user: User, password: str, field: str, actor: User, at: dt.datetime) -> throttle.Turn:
    """The try of somebody signed in who knows the account's present password, for the caller to forgive. It can be
    guessed here as little as at the door; refusals name `field`."""
    turn = throttle.begin(name=f"password of {user.pk}", user=None, address="", at=at)
    if turn is None:
        raise UserError("当前密码输错次数过多，请15分钟后再试。", field=field)
    if not user.check_password(password):
        audit.record(actor=actor, at=at, action="account.refuse_password", obj=user)
        raise UserError("当前密码不正确。", field=field)
    return turn


@transaction.atomic
def disable_account(*, user: User, reason: str, version: int | None, actor: User | None, at: dt.datetime) -> None:
    """Close an account; its acts keep its name."""
    if actor is not None and actor.pk == user.pk:
        raise UserError("不能停用自己的账号。")
    reason = required(reason, "请写明停用原因。", "reason")
    changes = edit(user, {"is_active": False}, version=version)
    if changes:
        audit.record(actor=actor, at=at, action="account.disable", obj=user, data={**changes, "reason": reason})


@transaction.atomic
def enable_account(*, user: User, reason: str, version: int | None, actor: User | None, at: dt.datetime) -> None:
    """Open a disabled account again; the roles it still holds count from now on."""
    reason = required(reason, "请写明启用原因。", "reason")
    changes = edit(user, {"is_active": True}, version=version)
    if changes:
        audit.record(actor=actor, at=at, action="account.enable", obj=user, data={**changes, "reason": reason})


# Rights


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    valid_from: dt.date,
    actor: User | None,
    at: dt.datetime,
    valid_to: dt.date | None = None,
    unit: Unit | None = None,
    project: Project | None = None,
) -> RoleGrant:
    """Give a role between two dates. Administrators exclude each other and hold no business role."""
    if actor is not None and actor.pk == user.pk:
        raise UserError("不能给自己授权，请由另一位安全管理员办理。")
    if role == Role.VICE_HEAD and user.officer_id is None:
        raise UserError(f"{user}的账号没有对应名册人员，不能授予县级包联领导。请先在账号里指定名册人员。", field="role")
    if unit is not None and role not in UNIT_ROLES:
        raise UserError("只有单位角色才指定单位。", field="unit")
    if project is not None and role != Role.OWNER:
        raise UserError("只有业主角色才指定项目。", field="project")
    grant = RoleGrant(
        user=user, role=role, unit=unit, project=project, valid_from=valid_from, valid_to=valid_to, granted_by=actor
    )
    _refuse_clash(grant)
    try:
        with transaction.atomic():
            saved(grant)
    except IntegrityError as clash:  # another grant came between: the database looks once more
        raise UserError("系统、安全、审计三类管理员不能由同一账号兼任。", field="role") from clash
    data = created(grant, "role", "unit", "project", "valid_from", "valid_to")
    audit.record(actor=actor, at=at, action="grant.create", obj=user, data=data)
    return grant


def _refuse_clash(grant: RoleGrant) -> None:
    others = RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=grant.valid_from), user=grant.user)
    if grant.valid_to is not None:
        others = others.filter(valid_from__lte=grant.valid_to)
    for other in others:
        if (other.role, other.unit_id, other.project_id) == (grant.role, grant.unit_id, grant.project_id):
            raise UserError(f"{grant.user}在这段时间已有此角色。", field="role")
        if other.role in ADMIN_ROLES and grant.role in ADMIN_ROLES:
            raise UserError("系统、安全、审计三类管理员不能由同一账号兼任。", field="role")
        if (other.role in ADMIN_ROLES) != (grant.role in ADMIN_ROLES):
            raise UserError("管理员账号不能兼任业务角色，请另开账号。", field="role")


@transaction.atomic
def end_grant(*, grant: RoleGrant, on: dt.date, actor: User | None, at: dt.datetime) -> RoleGrant:
    """The role's last day is `on`."""
    data = {"valid_to": [grant.valid_to and grant.valid_to.isoformat(), on.isoformat()], "role": grant.role}
    _end(grant, on)
    audit.record(actor=actor, at=at, action="grant.end", obj=grant.user, data=data)
    return grant


@transaction.atomic
def substitute(
    *,
    principal: User,
    delegate: User,
    reason: str,
    valid_from: dt.date,
    valid_to: dt.date,
    actor: User | None,
    at: dt.datetime,
) -> Substitution:
    """×× 代 ××: for those days the delegate acts with the principal's roles, never with an administrator's."""
    overlapping = Substitution.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=valid_from), principal=principal, delegate=delegate, valid_from__lte=valid_to
    )
    if overlapping.exists():
        raise UserError(f"{delegate}在这段时间已代理{principal}。", field="delegate")
    if RoleGrant.objects.filter(user=delegate, role__in=ADMIN_ROLES).valid_on(valid_from).exists():
        raise UserError("管理员不得代理业务人员。", field="delegate")
    row = Substitution(
        principal=principal,
        delegate=delegate,
        reason=required(reason, "请写明代理事由。", "reason"),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    saved(row)
    data = created(row, "delegate", "reason", "valid_from", "valid_to")
    audit.record(actor=actor, at=at, action="substitution.create", obj=principal, data=data)
    return row


@transaction.atomic
def end_substitution(*, substitution: Substitution, on: dt.date, actor: User | None, at: dt.datetime) -> Substitution:
    """The substitution's last day is `on`."""
    data = {
        "delegate": substitution.delegate_id,
        "valid_to": [substitution.valid_to and substitution.valid_to.isoformat(), on.isoformat()],
    }
    _end(substitution, on)
    audit.record(actor=actor, at=at, action="substitution.end", obj=substitution.principal, data=data)
    return substitution


def _end(row: RoleGrant | Substitution, on: dt.date) -> None:
    if on < row.valid_from:
        raise UserError(f"终止日期不能早于起始日期（{row.valid_from}）。", field="valid_to")
    if row.valid_to is not None and row.valid_to < on:
        raise UserError(f"已于{row.valid_to}终止。", field="valid_to")
    row.valid_to = on
    row.save(update_fields=["valid_to"])


def _one_time_password() -> str:
    return "".join(secrets.choice(_PASSWORD_LETTERS) for _ in range(12))
