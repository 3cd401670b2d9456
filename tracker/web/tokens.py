"""Form tokens: a form sent twice makes one record (docs/trust.md, Double submission).

A form carries a signed number of its own. The service that acts on it records the number with its result in the same
transaction, under a unique key; the second of two submissions finds it there. This module signs and checks; it keeps
nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.core import signing
from django.http import HttpRequest

from tracker.web.errors import UserError

FIELD = "form_token"
LONGEST = dt.timedelta(hours=24)
"""Longer than any session: a form left open ends with its session, not with its token."""

_SALT = "tracker.form"


def issue() -> str:
    """A new token for one form on one page."""
    return signing.dumps(str(uuid.uuid4()), salt=_SALT)


def once(request: HttpRequest) -> uuid.UUID:
    """The number of the submitted form, for the service to record. Raises `UserError` when it is missing or forged."""
    try:
        number = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=LONGEST)
        return uuid.UUID(number)
    except (signing.BadSignature, ValueError) as error:
        raise UserError("页面已过期，没有保存。请返回后刷新页面，再提交一次。") from error
