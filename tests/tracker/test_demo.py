"""`make demo` in small: the story is told through the services, once, and leaves a county at work."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from projects import audit
from projects.enums import ReviewDecision
from projects.models import AuditEntry, Indicator, Project, ReportReview, User
from supervision.models import JobRun, Notice, Snapshot
from supervision.services import jobs
from tests.conftest import Freeze
from tracker.clock import SHANGHAI
from tracker.demo import accounts

WEDNESDAY = dt.datetime(2026, 6, 17, 15, 30, tzinfo=SHANGHAI)


def seed() -> str:
    said = StringIO()
    call_command("seed_demo", months=1, stdout=said)
    return said.getvalue()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="`make demo` is the embedded profile")
@pytest.mark.django_db(transaction=True)
def test_a_county_at_work_that_is_told_once(freeze: Freeze) -> None:
    freeze(WEDNESDAY)
    assert "演示数据已生成" in seed()
    assert Project.objects.filter(entries__year=2026).distinct().count() > 50
    assert {spec.username for spec in accounts.ACCOUNTS} <= set(User.objects.values_list("username", flat=True))
    assert set(ReportReview.objects.values_list("decision", flat=True)) == set(ReviewDecision.values)
    assert {"red", "green", "grey"} <= set(Indicator.objects.values_list("colour", flat=True))
    assert set(Snapshot.objects.values_list("state", flat=True)) == {"draft", "published"}
    assert Notice.objects.filter(period_key="2026-W25").exists()
    assert audit.verify().fault is None

    assert not JobRun.objects.exists()
    jobs.tick(at=WEDNESDAY, worker="test")
    assert "recompute_lights" in JobRun.objects.values_list("name", flat=True), "the site makes up last night"

    entries = AuditEntry.objects.count()
    assert "已有数据，保持不变" in seed()
    assert AuditEntry.objects.count() == entries
