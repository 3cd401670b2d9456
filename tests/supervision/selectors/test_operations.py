"""The operations page and the health verdict: docs/operations.md."""

from __future__ import annotations

import datetime as dt

import pytest

from supervision.enums import Channel, DeliveryState, JobState
from supervision.models import Delivery, JobRun
from supervision.selectors import operations as read
from supervision.services import deliveries, jobs
from tests.supervision import schedule
from tests.supervision.office import delivery_of, notice_to, overdue_item
from tests.support import county as cast
from tests.support.county import moment
from tracker import readiness

pytestmark = pytest.mark.django_db

NOON = moment(9, 18, 12)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _schedule(settings):
    settings.SCHEDULE = "tests.supervision.schedule.JOBS"
    schedule.RAN.clear()
    schedule.FAIL.clear()


def insert(due_at: dt.datetime = NOON, **more) -> JobRun:
    return JobRun.objects.create(name="nightly", due_at=due_at, as_of=due_at.date(), **more)


def test_a_fresh_site_is_green():
    assert read.health(NOON).is_green
    assert read.operations(NOON).queue == read.Queue(0, 0, 0, 0, 0, 0)


def test_a_silent_process_turns_red_within_five_minutes():
    jobs.beat(component="scheduler", instance="a:1", at=NOON)
    jobs.beat(component="dispatcher", instance="a:2", at=NOON)
    assert read.health(NOON + 4 * MINUTE).is_green
    jobs.beat(component="scheduler", instance="a:1", at=NOON + 4 * MINUTE)
    assert read.health(NOON + 5 * MINUTE).problems == ("执行进程已5分钟没有心跳，请检查后台进程是否在运行。",)
    jobs.beat(component="dispatcher", instance="b:9", at=NOON + 5 * MINUTE)
    assert read.health(NOON + 5 * MINUTE).is_green, "another process of the same kind took its place"


def test_a_run_left_waiting_turns_red_within_five_minutes():
    insert()
    assert read.health(NOON + 4 * MINUTE).is_green
    assert read.health(NOON + 5 * MINUTE).problems == ("1项作业到时未执行，请检查执行进程是否在运行。",)
    assert readiness.work(NOON + 5 * MINUTE) == "1项作业到时未执行，请检查执行进程是否在运行"


def test_a_stalled_worker_turns_red_within_five_minutes_of_its_last_sign():
    run = insert()
    jobs.claim(run_id=run.pk, at=NOON, worker="stuck")
    assert read.health(NOON + 3 * MINUTE).is_green
    assert read.health(NOON + 5 * MINUTE).problems == ("1项作业的执行者中断后无人接手，请检查执行进程是否在运行。",)


def test_work_waiting_behind_work_in_progress_is_busy_not_stalled():
    first = insert()
    insert(NOON - MINUTE)
    jobs.claim(run_id=first.pk, at=NOON, worker="w")
    JobRun.objects.filter(pk=first.pk).update(lease_until=NOON + 10 * MINUTE)
    assert read.health(NOON + 8 * MINUTE).is_green


def test_a_delivery_left_lying_turns_red_but_one_that_waits_its_turn_does_not():
    county = cast.build()
    delivery = delivery_of(notice_to(county.transport_staff, at=NOON, items=[overdue_item(county)]))
    assert read.health(NOON + 5 * MINUTE).problems == ("1项通知到时未执行，请检查执行进程是否在运行。",)
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=NOON + 60 * MINUTE, failures=4)
    assert read.health(NOON + 5 * MINUTE).is_green
    deliveries.claim(at=NOON + 60 * MINUTE, worker="killed", size=1)
    assert read.health(NOON + 65 * MINUTE).problems == ("1项通知的执行者中断后无人接手，请检查执行进程是否在运行。",)


def test_the_page_shows_rhythm_next_and_last_run_duration_failures(caplog):
    jobs.tick(at=moment(9, 17, 1), worker="w")
    jobs.tick(at=moment(9, 18, 2), worker="w")
    schedule.FAIL.append(RuntimeError("磁盘已满"))
    jobs.run_waiting(at=moment(9, 18, 2), worker="w")
    page = read.operations(NOON)
    nightly, monday = page.jobs
    assert (nightly.title, nightly.rhythm, nightly.next_due) == ("夜间重算", "每日02:00", moment(9, 19, 2))
    assert (nightly.last.state, nightly.failures) == (JobState.FAILED, 1)
    assert dt.timedelta(0) <= nightly.duration < MINUTE
    assert (monday.rhythm, monday.next_due, monday.last) == ("每周首个工作日08:00", moment(9, 21, 8), None)
    assert [run.message for run in page.failed_runs] == ["RuntimeError：磁盘已满"]
    assert page.queue.runs_failed == 1


def test_the_page_lists_failed_deliveries_and_counts_the_queue():
    county = cast.build()
    waiting = delivery_of(notice_to(county.transport_staff, items=[]))
    failed = delivery_of(notice_to(county.housing_staff, items=[]), Channel.EMAIL)
    Delivery.objects.filter(pk=failed.pk).update(state=DeliveryState.FAILED, finished_at=NOON, next_try_at=None)
    page = read.operations(NOON)
    assert page.failed_deliveries == [failed]
    assert (page.queue.deliveries_waiting, page.queue.deliveries_failed) == (1, 1)
    assert waiting not in page.failed_deliveries


def test_the_page_costs_a_fixed_number_of_queries(django_assert_num_queries):
    insert()
    with django_assert_num_queries(20):
        read.operations(NOON)
    for hour in range(10):
        insert(NOON + dt.timedelta(hours=hour + 1), state=JobState.FAILED)
        jobs.beat(component="dispatcher", instance=f"a:{hour}", at=NOON)
    with django_assert_num_queries(20):
        read.operations(NOON)
