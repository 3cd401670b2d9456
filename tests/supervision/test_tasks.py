"""The jobs of the real schedule, through `runjob` and through the dispatcher's round: docs/operations.md."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command

from projects.models import AuditEntry, Period
from supervision.enums import JobState, NoticeKind
from supervision.models import JobRun, Notice, Snapshot
from supervision.rules.schedule import JobContext
from supervision.services import jobs
from supervision.tasks import weekly_notices
from tests.supervision.office import open_month
from tests.support import county as cast
from tests.support.append_only import suspended
from tests.support.county import moment
from tracker import clock
from tracker.schedule import JOBS

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return cast.build()


def context(at: dt.datetime, due_at: dt.datetime, *, is_made_up: bool = False) -> JobContext:
    return JobContext(due_at.date(), at, due_at, is_made_up, lambda done, total: None)


@pytest.mark.parametrize("name", [job.name for job in JOBS])
def test_every_job_runs_on_an_empty_site_and_on_a_full_one(name, county, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: moment(9, 7, 19))
    out = io.StringIO()
    call_command("runjob", name, "--json", stdout=out)
    outcome = json.loads(out.getvalue())
    assert (outcome["name"], outcome["state"], outcome["as_of"]) == (name, "done", "2026-09-07")
    assert outcome["message"]


def test_runjob_names_what_it_does_not_know():
    with pytest.raises(CommandError, match="没有名为“sleep”的作业"):
        call_command("runjob", "sleep")
    with pytest.raises(CommandError, match="在未来"):
        call_command("runjob", "recompute_lights", "--as-of", "2999-01-01")


def test_a_broken_audit_chain_fails_the_job_and_names_the_row(county, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: moment(9, 7, 19))
    call_command("runjob", "recompute_lights", stdout=io.StringIO())
    entry = AuditEntry.objects.first()
    with suspended():
        AuditEntry.objects.filter(pk=entry.pk).update(object_label="改过的标题")
    with pytest.raises(CommandError, match=f"第{entry.pk}行内容与摘要不符"):
        call_command("runjob", "verify_audit", stdout=io.StringIO())
    assert JobRun.objects.get(name="verify_audit").state == JobState.FAILED


def test_a_monday_missed_until_wednesday_tells_what_stands_on_wednesday(county):
    weekly_notices(context(moment(9, 9, 10), moment(9, 7, 8), is_made_up=True))
    notice = Notice.objects.filter(kind=NoticeKind.WEEKLY_OVERDUE).first()
    assert (notice.period_key, notice.as_of, notice.is_made_up) == ("2026-W37", dt.date(2026, 9, 9), True)


def test_a_monday_missed_for_weeks_tells_what_stood_at_the_end_of_its_week(county):
    weekly_notices(context(moment(9, 23, 10), moment(9, 7, 8), is_made_up=True))
    notice = Notice.objects.first()
    assert (notice.period_key, notice.as_of) == ("2026-W37", dt.date(2026, 9, 13))


def test_a_locked_month_is_ranked_once_and_an_old_ledger_is_left_alone(county, monkeypatch):
    open_month("2026-08", moment(9, 3, 18), county.road)
    open_month("2026-03", moment(4, 3, 18), county.road)
    monkeypatch.setattr(clock, "now", lambda: moment(9, 8, 18, 30))
    call_command("runjob", "monthly_snapshot", stdout=io.StringIO())
    assert [snapshot.period.key for snapshot in Snapshot.objects.all()] == ["2026-08"]
    version = Snapshot.objects.get().version
    monkeypatch.setattr(clock, "now", lambda: moment(9, 9, 18, 30))
    call_command("runjob", "monthly_snapshot", stdout=io.StringIO())
    assert Snapshot.objects.get().version == version


def test_a_whole_day_of_the_schedule(county):
    """From midnight of the first Monday in September to Tuesday, ticking every half hour."""
    at = moment(9, 7, 0, 0)
    while at <= moment(9, 8, 0, 30):
        jobs.tick(at=at, worker="w")
        jobs.run_waiting(at=at, worker="w")
        at += dt.timedelta(minutes=30)
    ran = list(JobRun.objects.order_by("due_at", "name").values_list("name", "state"))
    assert ran == [
        ("open_periods", "done"),
        ("recompute_lights", "done"),
        ("verify_audit", "done"),
        ("forget_form_tokens", "done"),
        ("weekly_notices", "done"),
        ("lock_periods", "done"),
        ("weekly_snapshot", "done"),
        ("lock_periods", "done"),
        ("monthly_snapshot", "done"),
        ("open_periods", "done"),
    ]
    assert not JobRun.objects.filter(is_made_up=True).exclude(name__in=("open_periods", "lock_periods")).exists()
    assert Notice.objects.filter(period_key="2026-W37").exists()
    assert Period.objects.filter(key="2026-W37").exists()


def test_the_notice_command_previews_unless_told_to_send(county, monkeypatch, settings, tmp_path):
    settings.SPOOL_DIR = tmp_path
    monkeypatch.setattr(clock, "now", lambda: moment(9, 7, 9))
    out = io.StringIO()
    call_command("weekly_notices", stdout=out)
    assert "丁小满\t无邮箱\t2026年第37周" in out.getvalue()
    assert "这是预览" in out.getvalue()
    assert not Notice.objects.exists()
    sent = io.StringIO()
    call_command("weekly_notices", "--send", stdout=sent)
    assert Notice.objects.count() == len(list(tmp_path.iterdir())) == 3
    assert "新生成3份；已送达3件" in sent.getvalue()


def test_digests_of_a_past_week_sent_by_command_are_marked_as_made_up(county, monkeypatch, settings, tmp_path):
    settings.SPOOL_DIR = tmp_path
    monkeypatch.setattr(clock, "now", lambda: moment(9, 14, 9))
    call_command("weekly_notices", "--send", "--as-of", "2026-09-07", stdout=io.StringIO())
    assert set(Notice.objects.values_list("period_key", "is_made_up")) == {("2026-W37", True)}
