"""Scheduled jobs: docs/operations.md."""

from __future__ import annotations

import datetime as dt

import pytest

from supervision import wiring
from supervision.enums import JobState
from supervision.models import Heartbeat, JobRun
from supervision.services import jobs
from tests.supervision import schedule
from tests.support.county import moment
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db

TWO_AT_NIGHT = moment(9, 18, 2)


@pytest.fixture(autouse=True)
def _schedule(settings):
    settings.SCHEDULE = "tests.supervision.schedule.JOBS"
    schedule.RAN.clear()
    schedule.FAIL.clear()


def tick(at: dt.datetime) -> list[tuple[str, str, bool]]:
    return [(run.name, f"{run.due_at:%m-%d %H:%M}", run.is_made_up) for run in jobs.tick(at=at, worker="a")]


def insert(name: str = "nightly", at: dt.datetime = TWO_AT_NIGHT) -> JobRun:
    return JobRun.objects.create(name=name, due_at=at, as_of=at.date())


def test_a_fresh_site_makes_nothing_up_and_starts_its_schedule_now():
    assert tick(moment(9, 16, 12)) == []
    assert tick(moment(9, 17, 1, 59)) == []
    assert tick(moment(9, 17, 2, 0)) == [("nightly", "09-17 02:00", False)]
    assert tick(moment(9, 17, 2, 1)) == []


def test_missed_nights_are_made_up_once_but_every_missed_monday_by_itself():
    tick(moment(9, 4, 12))  # a Friday
    assert tick(moment(9, 23, 12)) == [
        ("nightly", "09-23 02:00", True),
        ("monday", "09-07 08:00", True),
        ("monday", "09-14 08:00", True),
        ("monday", "09-21 08:00", True),
    ]


def test_the_office_may_move_the_hour_of_the_notice(monkeypatch):
    tick(moment(9, 6, 12))
    policy = jobs.policy_on(dt.date(2026, 9, 7))
    monkeypatch.setattr(jobs, "policy_on", lambda day: type(policy)(notice_hour=10))
    assert [name for name, _, _ in tick(moment(9, 7, 9, 59))] == ["nightly"]
    assert tick(moment(9, 7, 10)) == [("monday", "09-07 10:00", False)]


def test_two_schedulers_insert_one_run():
    tick(moment(9, 16, 12))
    jobs.JobCursor.objects.filter(name="monday").delete()
    tick(moment(9, 17, 3))
    jobs.JobCursor.objects.filter(name="nightly").update(considered_until=moment(9, 16, 12))
    assert tick(moment(9, 17, 3)) == []
    assert JobRun.objects.filter(name="nightly").count() == 1


def test_the_data_day_is_the_shanghai_day_of_the_due_moment():
    tick(moment(9, 16, 12))
    jobs.tick(at=moment(9, 17, 2, 30).astimezone(dt.UTC), worker="a")
    assert JobRun.objects.get().as_of == dt.date(2026, 9, 17)


def test_a_run_shows_progress_outcome_and_duration():
    run = insert()
    done = jobs.run(run_id=run.pk, at=moment(9, 18, 2, 1), worker="a")
    assert done.state == JobState.DONE
    assert done.message == "重算2个项目"
    assert (done.progress_done, done.progress_total) == (2, 2)
    assert done.lease_until is None
    assert done.finished_at >= done.started_at == moment(9, 18, 2, 1)
    assert [("nightly", dt.date(2026, 9, 18), False)] == schedule.RAN


def test_a_run_that_is_done_or_held_is_not_run_again():
    run = insert()
    jobs.claim(run_id=run.pk, at=moment(9, 18, 2, 1), worker="a")
    assert jobs.run(run_id=run.pk, at=moment(9, 18, 2, 2), worker="b") is None
    assert schedule.RAN == []
    jobs.run(run_id=run.pk, at=moment(9, 18, 2, 4), worker="b")
    assert jobs.run(run_id=run.pk, at=moment(9, 18, 3), worker="a") is None
    assert len(schedule.RAN) == 1


def test_a_run_is_not_claimed_before_it_is_due():
    run = insert(at=moment(9, 18, 2))
    assert jobs.claim(run_id=run.pk, at=moment(9, 18, 1, 59), worker="a") is None


def test_the_former_worker_cannot_finish_what_was_taken_over():
    run = insert()
    first = jobs.claim(run_id=run.pk, at=moment(9, 18, 2), worker="a")
    second = jobs.claim(run_id=run.pk, at=moment(9, 18, 2, 3), worker="b")
    assert (first.attempt, second.attempt) == (1, 2)
    assert jobs.carry_out(run=first, at=moment(9, 18, 2, 3)) is None
    run.refresh_from_db()
    assert (run.state, run.worker, run.progress_done) == (JobState.RUNNING, "b", 0)


def test_a_failure_stays_with_its_run(caplog):
    failing, healthy = insert(), insert("monday", moment(9, 18, 8))
    schedule.FAIL.append(ZeroDivisionError("division by zero"))
    assert jobs.run_waiting(at=moment(9, 18, 9), worker="a") == 2
    failing.refresh_from_db()
    healthy.refresh_from_db()
    assert failing.state == JobState.FAILED
    assert failing.message == "ZeroDivisionError：division by zero"
    assert "schedule.py" in failing.error
    assert healthy.state == JobState.DONE


def test_a_failed_run_can_be_retried_once_the_cause_is_gone():
    run = insert()
    schedule.FAIL.append(RuntimeError("磁盘已满"))
    jobs.run(run_id=run.pk, at=moment(9, 18, 3), worker="a")
    schedule.FAIL.clear()
    jobs.retry(run_id=run.pk, actor=None, at=moment(9, 18, 9))
    assert jobs.run_waiting(at=moment(9, 18, 9, 1), worker="a") == 1
    run.refresh_from_db()
    assert (run.state, run.error, run.attempt) == (JobState.DONE, "", 2)
    with pytest.raises(UserError, match="只有失败的作业可以重试"):
        jobs.retry(run_id=run.pk, actor=None, at=moment(9, 18, 10))


def test_a_run_that_kills_its_workers_is_stopped():
    run = insert()
    at = moment(9, 18, 2)
    for number in range(jobs.MOST_ATTEMPTS):
        assert jobs.claim(run_id=run.pk, at=at, worker=f"w{number}") is not None
        at += dt.timedelta(minutes=10)
    assert jobs.claim_next(at=at, worker="last") is None
    run.refresh_from_db()
    assert run.state == JobState.FAILED
    assert run.message == "执行者5次中途退出，已停止自动重试。"


def test_a_person_may_ask_for_a_run_but_only_of_a_known_job():
    run = jobs.request(name="nightly", as_of=dt.date(2026, 9, 1), actor=None, at=moment(9, 18, 10))
    assert jobs.run(run_id=run.pk, at=moment(9, 18, 10), worker="a").state == JobState.DONE
    assert [("nightly", dt.date(2026, 9, 1), False)] == schedule.RAN
    with pytest.raises(UserError, match="没有名为“yearly”的作业"):
        jobs.request(name="yearly", as_of=dt.date(2026, 9, 1), actor=None, at=moment(9, 18, 10))


def test_a_job_that_left_the_schedule_fails_with_a_sentence():
    run = insert("forgotten")
    assert jobs.run(run_id=run.pk, at=moment(9, 18, 3), worker="a").message == "作业“forgotten”已不在作业表中。"


def test_heartbeats_keep_one_row_a_process_and_forget_old_ones():
    jobs.beat(component="worker", instance="old:1", at=moment(9, 1))
    jobs.beat(component="worker", instance="host:2", at=moment(9, 10))
    jobs.beat(component="worker", instance="host:2", at=moment(9, 10, 10))
    assert list(Heartbeat.objects.values_list("instance", "at")) == [("host:2", moment(9, 10, 10))]


def test_a_dead_broker_never_breaks_the_caller(settings, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def dead(task: str, *arguments: int) -> None:
        raise ConnectionError("broker is down")

    monkeypatch.setattr(schedule, "dead_bell", dead, raising=False)
    settings.BELL = "tests.supervision.schedule.dead_bell"
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        wiring.ring_after_commit("run_job", 7)
    assert len(callbacks) == 1
    assert "bell for run_job (7,) not heard: broker is down" in caplog.text


def test_nobody_rings_in_the_embedded_profile(settings, django_capture_on_commit_callbacks):
    settings.BELL = ""
    with django_capture_on_commit_callbacks() as callbacks:
        wiring.ring_after_commit("run_job", 7)
    assert callbacks == []


def test_a_run_as_of_another_day_stands_at_the_end_of_that_day():
    run = jobs.request(name="nightly", as_of=dt.date(2026, 9, 1), actor=None, at=moment(9, 18, 10))
    assert jobs._moment_of(run, moment(9, 18, 10)) == moment(9, 2, 0) - dt.timedelta(microseconds=1)
    late = insert(at=moment(9, 17, 2))
    assert jobs._moment_of(late, moment(9, 18, 10)) == moment(9, 18, 10), "a missed run looks at the present"


def test_a_clock_that_was_ahead_and_is_put_back_does_not_stop_the_schedule():
    tick(moment(9, 17, 12))
    tick(moment(10, 27, 12))  # forty days ahead
    assert tick(moment(9, 17, 12)) == [], "the schedule starts again from here"
    assert tick(moment(9, 18, 2)) == [("nightly", "09-18 02:00", False)]


def test_a_lease_given_by_a_clock_that_was_ahead_is_taken_over():
    run = insert(at=moment(9, 1, 2))
    jobs.claim(run_id=run.pk, at=moment(10, 27), worker="a")
    assert jobs.claim(run_id=run.pk, at=moment(9, 17), worker="b").worker == "b"


def test_a_sign_of_life_from_the_future_hides_nobody():
    jobs.beat(component="dispatcher", instance="dead:1", at=moment(10, 27))
    jobs.beat(component="scheduler", instance="alive:2", at=moment(9, 17))
    assert list(Heartbeat.objects.values_list("instance", flat=True)) == ["alive:2"]
