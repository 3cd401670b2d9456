"""Who came in, who was turned away, who left: each leaves an audit row (docs/trust.md, Accounts)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth import authenticate

from projects import audit
from projects.models import SecondFactor, User
from projects.services import second_factor, throttle


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: the account, or nobody; `is_paused` when what was typed was not even looked at."""

    user: User | None
    is_paused: bool = False
    needs_code: bool = False
    """The password was right, and the account has a second factor: nobody is in yet."""


def try_password(*, username: str, password: str, address: str, actor: None, at: dt.datetime) -> Outcome:
    """Whether name and password open an account. A wrong name, a wrong password and a closed account cost the same work
    and answer the same. Where a code is still to come the try stays counted: else a right password would buy tries at
    codes without end."""
    named = User.objects.select_related("second_factor").filter(username=username).first()
    turn = throttle.begin(name=username, user=named, address=address, at=at)
    if turn is None:
        refused(user=named, address=address, is_locked=True, actor=actor, at=at)
        return Outcome(None, is_paused=True)
    user = authenticate(username=username, password=password)
    if user is None:
        refused(user=named, address=address, is_locked=False, actor=actor, at=at)
        return Outcome(None)
    if _has_second_factor(named):
        return Outcome(user, needs_code=True)
    throttle.forgive(turn)
    return Outcome(user)


def try_code(*, user: User, code: str, address: str, actor: None, at: dt.datetime) -> Outcome:
    """Whether the code opens an account whose password was right. Counted like a password of that name."""
    turn = throttle.begin(name=user.username, user=user, address=address, at=at)
    if turn is None:
        refused(user=user, address=address, is_locked=True, is_second_step=True, actor=actor, at=at)
        return Outcome(None, is_paused=True)
    if not second_factor.check(user=user, code=code, at=at):
        refused(user=user, address=address, is_locked=False, is_second_step=True, actor=actor, at=at)
        return Outcome(None)
    throttle.forgive(turn)
    return Outcome(user)


def _has_second_factor(user: User | None) -> bool:
    factor: SecondFactor | None = getattr(user, "second_factor", None)
    return factor is not None and factor.is_active


def signed_in(*, actor: User, address: str, at: dt.datetime) -> None:
    """To be called before the session is opened: if the row cannot be written nobody comes in."""
    audit.record(actor=actor, at=at, action="session.sign_in", obj=actor, data={"address": address})


def refused_page(*, path: str, method: str, actor: User, at: dt.datetime) -> None:
    """Somebody signed in asked for a page that no role of theirs opens."""
    audit.record(actor=actor, at=at, action="access.refuse", data={"path": path[:200], "method": method})


def signed_out(*, actor: User, at: dt.datetime) -> None:
    audit.record(actor=actor, at=at, action="session.sign_out", obj=actor)


def refused(
    *,
    user: User | None,
    address: str,
    is_locked: bool,
    actor: User | None,
    at: dt.datetime,
    is_second_step: bool = False,
) -> None:
    """A sign-in that failed, on the account that was named. A name that no account has is not kept: it may be a
    password typed into the wrong field. `is_second_step`: somebody knows the password and not the code."""
    data = {"address": address, "locked": is_locked, "known": user is not None}
    if is_second_step:
        data["second_step"] = True
    audit.record(actor=actor, at=at, action="session.refuse", obj=user, data=data)
