"""Who came in, who was turned away, who left: each leaves an audit row (docs/trust.md, Accounts)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth import authenticate

from projects import audit
from projects.models import User
from projects.services import throttle


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: the account, or nobody; `is_paused` when the password was not even looked at."""

    user: User | None
    is_paused: bool = False


def try_password(*, username: str, password: str, address: str, actor: None, at: dt.datetime) -> Outcome:
    """Whether name and password open an account. A wrong name, a wrong password and a closed account cost the same work
    and answer the same."""
    named = User.objects.filter(username=username).first()
    turn = throttle.begin(name=username, user=named, address=address, at=at)
    if turn is None:
        refused(user=named, address=address, is_locked=True, actor=actor, at=at)
        return Outcome(None, is_paused=True)
    user = authenticate(username=username, password=password)
    if user is None:
        refused(user=named, address=address, is_locked=False, actor=actor, at=at)
        return Outcome(None)
    throttle.forgive(turn)
    return Outcome(user)


def signed_in(*, actor: User, address: str, at: dt.datetime) -> None:
    """To be called before the session is opened: if the row cannot be written nobody comes in."""
    audit.record(actor=actor, at=at, action="session.sign_in", obj=actor, data={"address": address})


def refused_page(*, path: str, method: str, actor: User, at: dt.datetime) -> None:
    """Somebody signed in asked for a page that no role of theirs opens."""
    audit.record(actor=actor, at=at, action="access.refuse", data={"path": path[:200], "method": method})


def signed_out(*, actor: User, at: dt.datetime) -> None:
    audit.record(actor=actor, at=at, action="session.sign_out", obj=actor)


def refused(*, user: User | None, address: str, is_locked: bool, actor: User | None, at: dt.datetime) -> None:
    """A sign-in that failed, on the account that was named. A name that no account has is not kept: it may be a
    password typed into the wrong field."""
    audit.record(
        actor=actor,
        at=at,
        action="session.refuse",
        obj=user,
        data={"address": address, "locked": is_locked, "known": user is not None},
    )
