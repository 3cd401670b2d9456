"""A telephone that shows codes, and accounts that have one."""

from __future__ import annotations

import datetime as dt

import pyotp

from projects.models import SecondFactor, User
from projects.services import second_factor

STEP = dt.timedelta(seconds=30)


def code(user: User, at: dt.datetime) -> str:
    """What the telephone of `user` shows at that moment."""
    return pyotp.TOTP(SecondFactor.objects.get(user=user).secret).at(at)


def wrong_code(user: User, at: dt.datetime) -> str:
    """Six digits that the telephone shows neither then nor just before or after."""
    near = {code(user, at + number * STEP) for number in (-2, -1, 0, 1, 2)}
    return next(digits for digits in map(str, range(100_000, 100_009)) if digits not in near)


def take(user: User, password: str, at: dt.datetime) -> User:
    """The account takes a second factor; the code of that moment is used up by it."""
    second_factor.begin(user=user, actor=user, at=at)
    second_factor.confirm(user=user, password=password, code=code(user, at), actor=user, at=at)
    return user
