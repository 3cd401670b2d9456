"""What every service that writes a row does: validate with the model's own sentences, tell what changed, and write only
the version that the person saw (docs/structure.md, Services)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from projects.models.fields import field_of, label_of
from projects.models.versioned import Versioned
from tracker.web.errors import Conflict, UserError
from tracker.web.formatting import cn_date, cn_datetime

Changes = dict[str, list[Any]]
"""Field name -> [old, new], as JSON values."""


def json_value(value: Any) -> Any:
    """`value` as the audit log keeps it: amounts and dates as text, rows as their number."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return value


def validate(obj: models.Model, *, exclude: frozenset[str] = frozenset()) -> None:
    """Run the model's checks and constraints; the first fault becomes a `UserError` with its field."""
    try:
        obj.full_clean(exclude=exclude)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        if field == NON_FIELD_ERRORS:
            raise UserError(messages[0]) from error
        raise UserError(f"{label_of(type(obj), field)}：{messages[0]}", field=field) from error


def saved(obj: models.Model) -> models.Model:
    """Validate and insert a new row."""
    validate(obj)
    obj.save(force_insert=True)
    return obj


def created(obj: models.Model, *fields: str) -> Changes:
    """The audit data of a new row: every named field that is not empty, from nothing to its value."""
    values = {name: getattr(obj, name) for name in fields}
    return {name: [None, json_value(value)] for name, value in values.items() if value not in (None, "")}


def difference(obj: models.Model, values: Mapping[str, Any]) -> Changes:
    """What `values` would change on `obj`. An amount that differs only in its zeros is no change."""
    changes: Changes = {}
    for name, value in values.items():
        old = getattr(obj, name)
        if old != value:
            changes[name] = [json_value(old), json_value(value)]
    return changes


def edit(obj: Versioned, values: Mapping[str, Any], *, version: int | None) -> Changes:
    """Write `values` to a versioned row and return what changed; nothing is written when nothing differs.

    `version` is the one the form showed (None: the one in hand). Raises `Conflict` when the row has moved on, with both
    versions in the words of the screen, and `UserError` when the new values break a rule of the model.
    """
    expected = obj.version if version is None else version
    changes = difference(obj, values)
    if not changes:
        return {}
    for name in changes:
        setattr(obj, name, values[name])
    validate(obj)
    rows = type(obj)._default_manager.filter(pk=obj.pk, version=expected)
    columns = {name: values[name] for name in changes}
    if not rows.update(**columns, version=expected + 1):
        raise _conflict(obj, values)
    obj.version = expected + 1
    return changes


def _conflict(obj: models.Model, values: Mapping[str, Any]) -> Conflict:
    fresh = type(obj)._default_manager.get(pk=obj.pk)
    labels = {name: label_of(type(obj), name) for name in values if field_of(type(obj), name).editable}
    return Conflict(
        label=f"{obj._meta.verbose_name}“{fresh}”",
        current={label: _shown(fresh, name) for name, label in labels.items()},
        submitted={label: _shown(obj, name) for name, label in labels.items()},
    )


def _shown(obj: models.Model, name: str) -> str:
    display = getattr(obj, f"get_{name}_display", None)
    return in_words(display() if display else getattr(obj, name))


def in_words(value: Any) -> str:
    """The value as the screen writes it; amounts with every digit, for two may differ in the last."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, dt.datetime):
        return cn_datetime(value)
    if isinstance(value, dt.date):
        return cn_date(value)
    return "—" if value in (None, "") else str(value)


def required(text: str, message: str, field: str) -> str:
    """The text without outer blanks; an empty one is refused with `message`."""
    text = text.strip()
    if not text:
        raise UserError(message, field=field)
    return text


def only(values: Mapping[str, Any], allowed: frozenset[str]) -> None:
    """Guard against a caller that passes a field which has a verb of its own."""
    unknown = set(values) - allowed
    if unknown:
        raise ValueError(f"not editable here: {sorted(unknown)}")
