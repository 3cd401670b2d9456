"""The second factor: a code of six digits beside the password (RFC 6238, docs/adr/0016-second-factor.md).

The key is shown to its owner alone and is in no audit row, log line or error page.
"""

from __future__ import annotations

import datetime as dt
import hmac

import pyotp
from django.conf import settings
from django.db import transaction

from projects import audit
from projects.models import SecondFactor, User
from projects.selectors.people import active_second_factor_of
from projects.services import people, throttle
from projects.services.editing import saved
from tracker.web.errors import UserError

SECONDS = 30
"""How long the telephone shows a code: one step."""
SKEW = 1
"""So many steps before and after the present one count too: clocks differ, and typing takes time."""
ISSUER = "督进"
WRONG_CODE = "验证码不正确，或者已经用过。请等手机显示下一个验证码后再输入。"


@transaction.atomic
def begin(*, user: User, actor: User, at: dt.datetime) -> SecondFactor:
    """A new key for the owner's telephone, in place of one that was never confirmed. The door asks for nothing yet."""
    _own(user, actor)
    if active_second_factor_of(user) is not None:
        raise UserError("二次验证已经启用。要更换手机，请先关闭，再重新设置。")
    SecondFactor.objects.filter(user=user, confirmed_at=None).delete()
    factor = SecondFactor(user=user, secret=pyotp.random_base32(), created_at=at)
    saved(factor)
    audit.record(actor=actor, at=at, action="account.begin_second_factor", obj=user)
    return factor


def confirm(*, user: User, password: str, code: str, actor: User, at: dt.datetime) -> None:
    """The telephone shows the right code: from now on the door asks for one, and the account's other sessions end."""
    _own(user, actor)
    throttle.forgive(people.prove_password(user=user, password=password, field="password", actor=actor, at=at))
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    if factor is None:
        raise UserError("没有待确认的密钥，请刷新页面。")
    step = _step_of(factor.secret, code, at)
    if step is None:
        raise UserError("验证码不正确。请核对手机时间是否准确，再输入当前显示的验证码。", field="code")
    with transaction.atomic():
        waiting = SecondFactor.objects.filter(pk=factor.pk, secret=factor.secret, confirmed_at=None)
        if not waiting.update(confirmed_at=at, last_step=step):
            raise UserError("密钥已经变化，请刷新页面后重新扫描。")
        _changed(user, at)
        audit.record(actor=actor, at=at, action="account.confirm_second_factor", obj=user)


def check(*, user: User, code: str, at: dt.datetime) -> bool:
    """Whether the code is right now and none that was taken before. Of two machines asked at the same moment one says
    yes: a single conditional update takes the code."""
    factor = active_second_factor_of(user)
    if factor is None:
        return False
    step = _step_of(factor.secret, code, at, after=factor.last_step)
    if step is None:
        return False
    fresh = SecondFactor.objects.filter(pk=factor.pk, secret=factor.secret, last_step__lt=step)
    return bool(fresh.update(last_step=step))


def remove(*, user: User, password: str, code: str, actor: User, at: dt.datetime) -> None:
    """The owner gives it up, with password and code; the account's other sessions end."""
    _own(user, actor)
    turn = people.prove_password(user=user, password=password, field="password", actor=actor, at=at)
    if not check(user=user, code=code, at=at):
        audit.record(actor=actor, at=at, action="account.refuse_code", obj=user)
        raise UserError(WRONG_CODE, field="code")
    throttle.forgive(turn)
    with transaction.atomic():
        _take_away(user, at)
        audit.record(actor=actor, at=at, action="account.remove_second_factor", obj=user)


@transaction.atomic
def lift(*, user: User, actor: User | None, at: dt.datetime) -> None:
    """Somebody else's telephone is lost: the password alone opens again, and the account's sessions end. For the system
    administrator, or (None) whoever runs the machine."""
    if actor is not None and actor.pk == user.pk:
        raise UserError("不能解除自己的二次验证。请在账户菜单的“二次验证”里凭密码和验证码关闭。")
    if active_second_factor_of(user) is None:
        raise UserError(f"{user}的账号没有启用二次验证。")
    _take_away(user, at)
    audit.record(actor=actor, at=at, action="account.lift_second_factor", obj=user)


def enrolment_address(factor: SecondFactor) -> str:
    """What the telephone reads from the QR code: site, account and key."""
    issuer = f"{settings.COUNTY_NAME}{ISSUER}"
    return pyotp.TOTP(factor.secret).provisioning_uri(name=factor.user.username, issuer_name=issuer)


def _own(user: User, actor: User) -> None:
    if actor.pk != user.pk:
        raise UserError("只能设置自己的二次验证。")


def _take_away(user: User, at: dt.datetime) -> None:
    SecondFactor.objects.filter(user=user).delete()
    _changed(user, at)


def _changed(user: User, at: dt.datetime) -> None:
    user.second_factor_changed_at = at
    user.save(update_fields=["second_factor_changed_at"])


def _step_of(secret: str, code: str, at: dt.datetime, after: int = 0) -> int | None:
    """The step later than `after` whose code this is. Every step is looked at, so that time tells nothing."""
    now, clock = int(at.timestamp()) // SECONDS, pyotp.TOTP(secret)
    found = None
    for step in range(now - SKEW, now + SKEW + 1):
        is_right = hmac.compare_digest(clock.generate_otp(step).encode(), code.encode())
        if is_right and step > after:
            found = step
    return found
