"""The operations page: what runs, what failed, run now, try again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from supervision.enums import DeliveryState, JobState
from supervision.models import Delivery, Heartbeat, JobRun
from tests.conftest import Freeze
from tests.supervision.office import MONDAY_EIGHT, delivery_of, notice_to
from tests.support.county import County
from tests.support.web import browser, page_text, queries, send, token

OPERATIONS = "/operations/"
NOW = MONDAY_EIGHT


@pytest.fixture(autouse=True)
def now(county: County, freeze: Freeze) -> dt.datetime:
    return freeze(NOW)


def run_of(name: str, state: JobState, **more: object) -> JobRun:
    due_at = NOW - dt.timedelta(minutes=len(JobRun.objects.all()) + 1)
    return JobRun.objects.create(name=name, due_at=due_at, as_of=NOW.date(), state=state, **more)


def test_schedule_result_and_chain(county: County) -> None:
    run_of(
        "verify_audit",
        JobState.DONE,
        started_at=NOW,
        finished_at=NOW + dt.timedelta(seconds=3),
        message="审计链完好：12行",
    )
    text = page_text(browser(county.sysadmin).get(OPERATIONS))
    assert "运行正常" in text
    assert "每周首个工作日08:00" in text and "3.0秒" in text
    assert "审计链完好：12行" in text
    assert "待发文件夹（未配置邮件服务器）" in text


def test_a_running_job_shows_how_far_it_is(county: County) -> None:
    run_of(
        "recompute_lights",
        JobState.RUNNING,
        started_at=NOW,
        lease_until=NOW + dt.timedelta(minutes=2),
        progress_done=30,
        progress_total=120,
    )
    assert "已完成 30 / 120" in page_text(browser(county.sysadmin).get(OPERATIONS))


def test_a_silent_process_turns_the_verdict_red(county: County) -> None:
    Heartbeat.objects.create(component="dispatcher", instance="h1", at=NOW - dt.timedelta(minutes=9))
    text = page_text(browser(county.sysadmin).get(OPERATIONS))
    assert "需要处理" in text and "执行进程已9分钟没有心跳" in text and "无心跳" in text


def test_a_run_is_asked_for_once(county: County) -> None:
    client, form = browser(county.office_one), token()
    url = reverse("job_run", args=["recompute_lights"])
    assert client.post(url, form).url == client.post(url, form).url == OPERATIONS
    run = JobRun.objects.get()
    assert (run.name, run.state, run.requested_by) == ("recompute_lights", JobState.WAITING, county.office_one)


def test_an_unknown_job_is_refused_above_the_page(county: County) -> None:
    client = browser(county.sysadmin)
    answer = client.post(reverse("job_run", args=["no_such_job"]), token(), follow=True)
    assert "没有名为“no_such_job”的作业" in page_text(answer)
    assert not JobRun.objects.exists()


def test_a_failed_run_is_tried_again(county: County) -> None:
    run = run_of("verify_audit", JobState.FAILED, message="第7行对不上", error="Traceback")
    client = browser(county.sysadmin)
    assert "第7行对不上" in page_text(client.get(OPERATIONS))
    send(client, reverse("job_retry", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == JobState.WAITING
    again = client.post(reverse("job_retry", args=[run.pk]), token(), follow=True)
    assert "只有失败的作业可以重试" in page_text(again)


def test_a_failed_delivery_is_sent_again(county: County) -> None:
    delivery = delivery_of(notice_to(county.transport_staff))
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, error="收件地址不存在")
    client = browser(county.office_one)
    assert "收件地址不存在" in page_text(client.get(OPERATIONS))
    send(client, reverse("delivery_retry", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.WAITING


def test_what_does_not_exist_cannot_be_tried_again(county: County) -> None:
    client = browser(county.sysadmin)
    for name in ("job_retry", "delivery_retry"):
        assert send(client, reverse(name, args=[99999])).status_code == 404


def test_a_past_day_starts_nothing(county: County) -> None:
    run = run_of("verify_audit", JobState.FAILED, message="第7行对不上")
    client = browser(county.office_one)
    client.post(reverse("as_of"), {"day": "2026-09-01"})
    assert "立即执行" not in page_text(client.get(OPERATIONS))
    for url in (reverse("job_run", args=["recompute_lights"]), reverse("job_retry", args=[run.pk])):
        assert "正在查看历史日期的数据" in page_text(client.post(url, token(), follow=True))
    run.refresh_from_db()
    assert (run.state, JobRun.objects.count()) == (JobState.FAILED, 1)


def test_the_supervision_office_looks_on(county: County) -> None:
    client = browser(county.supervisor)
    assert "立即执行" not in page_text(client.get(OPERATIONS))
    assert send(client, reverse("job_run", args=["recompute_lights"])).status_code == 403
    assert not JobRun.objects.exists()


@pytest.mark.parametrize("name", ["mayor", "transport_staff", "owner", "secadmin", "auditor"])
def test_others_have_no_operations_page(county: County, name: str) -> None:
    assert browser(getattr(county, name)).get(OPERATIONS).status_code == 403


def test_a_get_runs_nothing(county: County) -> None:
    client = browser(county.sysadmin)
    assert client.get(reverse("job_run", args=["recompute_lights"])).status_code == 405
    client.get(OPERATIONS)
    assert not JobRun.objects.exists()


def test_as_many_questions_with_twice_the_runs(county: County) -> None:
    client = browser(county.sysadmin)
    for name in ("verify_audit", "recompute_lights"):
        run_of(name, JobState.FAILED)
    before = queries(client, OPERATIONS)
    for name in ("verify_audit", "recompute_lights"):
        run_of(name, JobState.FAILED)
    assert queries(client, OPERATIONS) == before
