"""Rows that hold between two dates."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q


class DatedQuerySet(models.QuerySet):
    def valid_on(self, day: dt.date) -> Self:
        """Rows that hold on `day`; `valid_to` is the last day, empty means open."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Dated(models.Model):
    """Abstract: `valid_from` (first day) to `valid_to` (last day, empty while open)."""

    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("终止日期", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


def dates_in_order(name: str) -> models.CheckConstraint:
    """Constraint: an end date is not before its start date."""
    return models.CheckConstraint(
        condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
        name=name,
        violation_error_message="终止日期不能早于起始日期。",
    )
