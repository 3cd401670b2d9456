"""What the columns of a model say about themselves."""

from __future__ import annotations

from typing import Any

from django.db import models


def field_of(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The column `name`; `TypeError` when the name is a relation from the other side, which no form edits."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model.__name__}.{name} is no column")
    return field


def label_of(model: type[models.Model], name: str) -> str:
    """The Chinese name of a column, as forms, messages and the audit log write it."""
    return str(field_of(model, name).verbose_name)
