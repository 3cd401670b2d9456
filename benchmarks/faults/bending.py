"""`python -m benchmarks.faults.bending`: the audit chain of this site bent in every way at many places, each bend taken
back; prints as JSON how often each was tried and how often it was found by its row."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress

import django


class _Undo(Exception):
    """Ends a block whose writes are not to be kept."""


def bend(places: int) -> dict[str, list[int]]:
    """Imports come after `django.setup()`, as in any script beside manage.py."""
    from django.db import transaction

    from projects import audit
    from projects.models import AuditEntry
    from tests.support.append_only import suspended

    keys = list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))
    step = max(len(keys) // places, 1)
    found: dict[str, list[int]] = {}

    def swap(place: int) -> str:
        one, other = AuditEntry.objects.get(pk=keys[place]), AuditEntry.objects.get(pk=keys[place + 1])
        columns = [field.attname for field in AuditEntry._meta.concrete_fields if not field.primary_key]
        AuditEntry.objects.filter(pk=one.pk).update(previous="")  # no two rows may name the same one before them
        for target, source in ((other.pk, one), (one.pk, other)):
            AuditEntry.objects.filter(pk=target).update(**{name: getattr(source, name) for name in columns})
        return f"第{one.pk}行"

    def edit(place: int) -> str:
        AuditEntry.objects.filter(pk=keys[place]).update(action="report.other")
        return f"第{keys[place]}行内容与摘要不符"

    def forge(place: int) -> str:
        """The row's own digest is made to fit; the next row no longer does."""
        entry = AuditEntry.objects.get(pk=keys[place])
        entry.action = "report.other"
        AuditEntry.objects.filter(pk=entry.pk).update(action=entry.action, digest=audit.digest_of(entry))
        return f"第{keys[place + 1]}行与前一行不相接"

    def delete(place: int) -> str:
        AuditEntry.objects.filter(pk=keys[place]).delete()
        return f"第{keys[place + 1]}行与前一行不相接"

    def cut(place: int) -> str:
        AuditEntry.objects.filter(pk__gte=keys[place]).delete()
        return "末尾缺少记录"

    assert audit.verify().fault is None
    for act in (edit, forge, delete, swap, cut):
        for place in range(0, len(keys) - 1, step):
            with suppress(_Undo), transaction.atomic():
                with suspended():
                    expected = act(place)
                    fault = audit.verify().fault or ""
                tried = found.setdefault(act.__name__, [0, 0])
                tried[0] += 1
                tried[1] += expected in fault
                raise _Undo
    assert audit.verify().fault is None
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    print(json.dumps(bend(int(sys.argv[1]))))
