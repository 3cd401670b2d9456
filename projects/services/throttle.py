"""How often somebody may guess (docs/adr/0013-throttle.md).

A try is counted before the password is looked at and taken back when it was right, so that guesses sent side by side,
on any number of machines, cannot slip between the count and the check.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

from projects.models import AuditEntry, SignInTry, User

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to check one password of `name` from `address`."""

    name_key: str
    address: str


def begin(*, name: str, user: User | None, address: str, at: dt.datetime) -> Turn | None:
    """Count this try; None when it may not be made. A name that no account has is counted like any other."""
    SignInTry.objects.filter(at__lte=at - DAY).delete()
    key = _key(name)
    is_known = user is not None and _came_from(user, address, at)
    row = SignInTry.objects.create(name_key=key, address=address, is_known=is_known, at=at)
    if _is_too_many(row):
        row.delete()  # what was not looked at is no guess: waiting ends although somebody goes on knocking
        return None
    return Turn(key, address)


def forgive(turn: Turn) -> None:
    """The password was right: this name's slips from this address are forgotten."""
    SignInTry.objects.filter(name_key=turn.name_key, address=turn.address).delete()


def forget(name: str) -> None:
    """A new password was set: guesses at the old one were in vain, and the owner may come in from anywhere."""
    SignInTry.objects.filter(name_key=_key(name)).delete()


def _is_too_many(row: SignInTry) -> bool:
    since = SignInTry.objects.filter(at__gt=row.at - settings.SIGN_IN_PAUSE)
    if since.filter(name_key=row.name_key, address=row.address).count() > settings.SIGN_IN_TRIES:
        return True
    if row.is_known:
        return False
    strangers = SignInTry.objects.filter(at__gt=row.at - DAY, is_known=False)
    return (
        strangers.filter(name_key=row.name_key).count() > settings.SIGN_IN_STRANGERS_PER_NAME
        or strangers.filter(address=row.address).count() > settings.SIGN_IN_STRANGERS_PER_ADDRESS
    )


def _came_from(user: User, address: str, at: dt.datetime) -> bool:
    """Whether the account has signed in from there lately: the audit log knows."""
    return AuditEntry.objects.filter(
        action="session.sign_in",
        object_type="user",
        object_id=str(user.pk),
        at__gt=at - settings.SIGN_IN_REMEMBERED,
        data__address=address,
    ).exists()


def _key(name: str) -> str:
    return salted_hmac("projects.sign_in", name, algorithm="sha256").hexdigest()
