"""Who came in, who was turned away, who left: each leaves an audit row (docs/trust.md, Accounts)."""

from __future__ import annotations

import datetime as dt

from projects import audit
from projects.models import User


def signed_in(*, actor: User, address: str, at: dt.datetime) -> None:
    """If the row cannot be written the sign-in fails with it."""
    audit.record(actor=actor, at=at, action="session.sign_in", obj=actor, data={"address": address})


def signed_out(*, actor: User, at: dt.datetime) -> None:
    audit.record(actor=actor, at=at, action="session.sign_out", obj=actor)


def refused(*, username: str, address: str, is_locked: bool, actor: User | None, at: dt.datetime) -> None:
    """A sign-in that failed, on the account that was named. A name that no account has is not kept: it may be a
    password typed into the wrong field."""
    user = User.objects.filter(username=username).first()
    audit.record(
        actor=actor,
        at=at,
        action="session.refuse",
        obj=user,
        data={"address": address, "locked": is_locked, "known": user is not None},
    )
