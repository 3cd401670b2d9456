"""The record of used form tokens: a double submit makes one record and is shown the first result
(docs/trust.md, Forms)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from projects.models import FormUse, User

KEPT = dt.timedelta(days=30)


@transaction.atomic
def once(*, token: str, user: User | None, at: dt.datetime) -> FormUse | None:
    """Claim `token` for this request; None when an earlier request already used it.

    Call it inside the transaction of the act: if the act fails the claim falls with it, and the form can be sent
    again. Of two simultaneous requests the second waits for the first to end.
    """
    use, is_new = FormUse.objects.get_or_create(token=token, defaults={"user": user, "at": at})
    return use if is_new else None


def keep_result(*, use: FormUse, url: str) -> None:
    """Remember where the first submit led, for a second one."""
    FormUse.objects.filter(pk=use.pk).update(result_url=url)


def first_result(*, token: str, user: User | None) -> str:
    """Where the first submit of `token` by this user led; empty when it is not known."""
    return FormUse.objects.filter(token=token, user=user).values_list("result_url", flat=True).first() or ""


def forget_old(*, at: dt.datetime) -> int:
    """Drop tokens nobody can send again. Answers how many."""
    return FormUse.objects.filter(at__lt=at - KEPT).delete()[0]
