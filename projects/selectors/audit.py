"""The audit log as the audit administrator reads it: in sentences, filtered, with old and new values."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from projects.models import AuditEntry, Project
from projects.rules.audit_words import WORDS, sentence
from projects.rules.flags import TITLES
from tracker.clock import end_of

APPS = ("projects", "supervision")
OTHER = "其他内容"
LONGEST_LIST = 12


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """What the log is narrowed to; empty means everything. `until` is included."""

    since: dt.date | None = None
    until: dt.date | None = None
    person: str = ""
    action: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of an entry's content. `old` is None where only one value was recorded."""

    label: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class AuditLine:
    entry: AuditEntry
    sentence: str
    object_kind: str
    details: tuple[Detail, ...]


def audit_rows(filters: AuditFilters) -> QuerySet[AuditEntry]:
    """Entries, newest first, with their people."""
    rows = AuditEntry.objects.select_related("actor", "acting_for").order_by("-pk")
    if filters.since:
        rows = rows.filter(at__gte=end_of(filters.since - dt.timedelta(days=1)))
    if filters.until:
        rows = rows.filter(at__lt=end_of(filters.until))
    if filters.person:
        names = Q()
        for role in ("actor", "acting_for"):
            names |= Q(**{f"{role}__name__icontains": filters.person})
            names |= Q(**{f"{role}__username__icontains": filters.person})
        rows = rows.filter(names)
    if filters.action:
        rows = rows.filter(action=filters.action)
    if filters.text:
        rows = rows.filter(object_label__icontains=filters.text)
    return rows


def audit_lines(entries: Iterable[AuditEntry], *, without: frozenset[str] = frozenset()) -> list[AuditLine]:
    """Entries in words, `without` some keys of their content. One query for each kind of row that they name by
    number."""
    entries = list(entries)
    names = _names(entries)
    return [
        AuditLine(
            entry=entry,
            sentence=sentence(entry.action),
            object_kind=_kind(entry.object_type),
            details=tuple(
                _detail(_about(entry), key, value, names) for key, value in entry.data.items() if key not in without
            ),
        )
        for entry in entries
    ]


PROJECT_LOG = ("project.", "list.", "plan.", "milestone.", "document.", "light.")
"""What everybody who sees a project may read of its log; reports and rulings on them have their own pages."""
PROJECT_LOG_ROWS = 40
DIGESTS = frozenset({"sha256", "facts", "boards"})


def project_log(project: Project, as_of: dt.date) -> tuple[AuditLine, ...]:
    """Who changed what on a project by the day, newest first, at most `PROJECT_LOG_ROWS`. One query, and one for each
    kind of row that the entries name."""
    wanted = Q()
    for prefix in PROJECT_LOG:
        wanted |= Q(action__startswith=prefix)
    rows = AuditEntry.objects.filter(wanted, object_type="project", object_id=str(project.pk), at__lt=end_of(as_of))
    entries = rows.select_related("actor", "acting_for").order_by("-pk")[:PROJECT_LOG_ROWS]
    return tuple(audit_lines(entries, without=DIGESTS))


@dataclass(frozen=True, slots=True)
class _About:
    """What an entry is about: its object and the keys of its content."""

    object_type: str
    keys: frozenset[str]


def _about(entry: AuditEntry) -> _About:
    return _About(entry.object_type, frozenset(entry.data))


_NOTHING = _About("", frozenset())
Names = dict[tuple[type[models.Model], Any], str]


def _names(entries: Iterable[AuditEntry]) -> Names:
    """What the rows are called that the entries refer to by number."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for entry in entries:
        for key, value in entry.data.items():
            if (target := _target(_about(entry), key)) is not None:
                wanted[target].update(number for number in _flat(value) if isinstance(number, int))
    return {
        (model, row.pk): str(row)
        for model, numbers in wanted.items()
        for row in model._default_manager.select_related().in_bulk(numbers).values()  # a name may name its owner
    }


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    else:
        yield value


def _detail(about: _About, key: str, value: Any, names: Names) -> Detail:
    def words(item: Any) -> str:
        return _words(about, key, item, names)

    if isinstance(value, str) and value in TITLES:
        return Detail(WORDS["codes"], None, TITLES[value])
    is_change = isinstance(value, list) and len(value) == 2 and (value[0] is None or type(value[0]) is type(value[1]))
    if is_change and key not in ("added", "removed", "codes", "kept"):
        return Detail(_label(about, key), None if value[0] is None else words(value[0]), words(value[1]))
    return Detail(_label(about, key), None, words(value))


def _label(about: _About, key: str) -> str:
    field = next(iter(_fields(about, key)), None)
    if key in WORDS and (field is None or field.model._meta.model_name != about.object_type):
        return WORDS[key]
    return str(field.verbose_name) if field is not None else OTHER


def _words(about: _About, key: str, value: Any, names: Names) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        shown = [_words(about, key, item, names) for item in value[:LONGEST_LIST]]
        return "、".join(shown) + (f"等{len(value)}项" if len(value) > LONGEST_LIST else "")
    if isinstance(value, dict):
        return "；".join(f"{_choice(name)} {_words(_NOTHING, '', item, names)}" for name, item in value.items())
    if key == "codes":
        return TITLES.get(value, OTHER)
    target = _target(about, key)
    if target is not None:
        return names.get((target, value), f"第{value}号")
    for field in _fields(about, key):
        choices = dict(field.flatchoices)
        if value in choices:
            return str(choices[value])
    return str(value)


def _choice(code: str) -> str:
    """The label of a choice value of any field, for counts by state."""
    return _all_choices().get(code, code)


@cache
def _all_choices() -> dict[str, str]:
    fields = (field for model in _models() for field in model._meta.concrete_fields)
    return {str(code): str(label) for field in fields for code, label in field.flatchoices}


def _target(about: _About, key: str) -> type[models.Model] | None:
    """The model whose rows `key` names by number."""
    if key == "milestone":
        return apps.get_model("projects", "Milestone")
    field = next(iter(_fields(about, key)), None)
    return field.related_model if field is not None and field.is_relation else None


@cache
def _fields(about: _About, key: str) -> tuple[models.Field, ...]:
    """Fields of that name: first of the model that has most of the entry's keys, and of the object's own among equals.
    The audit of a project also tells what happened to its assignments, plans and milestones."""

    def rank(model: type[models.Model]) -> tuple[int, bool]:
        known = {field.name for field in model._meta.concrete_fields}
        return -len(about.keys & known), model._meta.model_name != about.object_type

    ranked = sorted(_models(), key=rank)
    return tuple(field for model in ranked for field in model._meta.concrete_fields if field.name == key)


@cache
def _models() -> tuple[type[models.Model], ...]:
    return tuple(model for app in APPS for model in apps.get_app_config(app).get_models())


def _kind(object_type: str) -> str:
    """What sort of thing the object is."""
    found = next((model for model in _models() if model._meta.model_name == object_type), None)
    return str(found._meta.verbose_name) if found is not None else ""
