"""Processes that write through the services as fast as they can.

`python -m benchmarks.faults.writer reports PROJECT TIMES` submits as many reports of one project and says how slow the
slowest was; `kept` writes a file and three rows that belong together, over and over, and says `writing` after five.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time

import django


def reports(place: int, times: int) -> None:
    """Imports come after `django.setup()`, as in any script beside manage.py."""
    from decimal import Decimal

    from benchmarks.faults.prepare import REPORTER, ROAD
    from projects.models import ExpectedReport, User
    from projects.services import reports as service
    from projects.services.report_values import ReportValues
    from tracker import clock

    actor = User.objects.get(username=REPORTER)
    expected = (
        ExpectedReport.objects.filter(project__name__startswith=ROAD)
        .select_related("period", "project")
        .order_by("pk")[place]
    )
    slowest = 0.0
    for number in range(times):
        begin = time.monotonic()
        service.submit(
            expected=expected,
            values=ReportValues(done=Decimal(5000), progress=f"第{place}处第{number}次"),
            version=None,
            flag_reason="已核对原始凭证",
            actor=actor,
            at=clock.now(),
        )
        slowest = max(slowest, time.monotonic() - begin)
    print(slowest)


def kept() -> None:
    from django.db import transaction

    from projects import audit, uploads
    from projects.models import LedgerImport, Tag, User
    from tracker import clock

    actor, number = User.objects.first(), 0
    while True:
        data, at = os.urandom(20_000), clock.now()
        with transaction.atomic():
            LedgerImport.objects.create(
                filename=f"{number}.xlsx",
                stored_name=uploads.keep(data, ".xlsx"),
                size=len(data),
                year=2026,
                sha256=hashlib.sha256(data).hexdigest(),
                uploaded_by=actor,
                uploaded_at=at,
            )
            Tag.objects.create(name=f"标签{os.getpid()}-{number}")
            audit.record(actor=actor, at=at, action="import.upload", data={"round": number})
        number += 1
        if number == 5:
            print("writing", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    if sys.argv[1] == "reports":
        reports(int(sys.argv[2]), int(sys.argv[3]))
    else:
        kept()
