"""Celery in the production profile: settings that lose nothing, and a real worker that hears the bell."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import redis
from django.conf import settings
from django.db import connection

from supervision.models import Heartbeat
from tests.tracker.test_supervisor import wait_until
from tracker import celery, dispatch


def test_a_task_may_not_outlive_its_message() -> None:
    options = celery.app.conf.broker_transport_options
    assert celery.RUN_SOFT_LIMIT < celery.RUN_HARD_LIMIT < options["visibility_timeout"]


def test_a_message_is_kept_until_its_task_is_done_and_results_nowhere() -> None:
    conf = celery.app.conf
    assert conf.task_acks_late and conf.task_reject_on_worker_lost and conf.task_ignore_result
    assert conf.worker_prefetch_multiplier == 1


def test_every_bell_and_every_beat_names_a_task() -> None:
    written = {name for name in celery.app.tasks if name.startswith("tracker.")}
    assert written == {"tracker.tick", "tracker.sweep", "tracker.run_job", "tracker.deliver"}
    assert {entry["task"] for entry in celery.app.conf.beat_schedule.values()} <= written


def test_a_broker_that_is_away_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller's rows are committed by then; the page must not wait for a dead broker."""
    with celery.Celery("elsewhere", broker="redis://127.0.0.1:1/0") as elsewhere:
        elsewhere.conf.update(
            task_publish_retry=celery.app.conf.task_publish_retry,
            broker_transport_options=celery.app.conf.broker_transport_options,
        )
        monkeypatch.setattr(celery, "app", elsewhere)
        began = time.monotonic()
        with pytest.raises(Exception, match="refused"):
            celery.ring("deliver", 1)
        assert time.monotonic() - began < 2


def test_a_broker_that_hangs_holds_up_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts the connection and never answers, like a machine out of memory."""
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as silent,
        celery.Celery("elsewhere", broker=f"redis://127.0.0.1:{silent.getsockname()[1]}/0") as elsewhere,
    ):
        elsewhere.conf.update(
            task_publish_retry=celery.app.conf.task_publish_retry,
            broker_transport_options=celery.app.conf.broker_transport_options,
        )
        monkeypatch.setattr(celery, "app", elsewhere)
        began = time.monotonic()
        with pytest.raises(Exception, match=r"[Tt]imeout"):
            celery.ring("deliver", 1)
        assert time.monotonic() - began < 6


@pytest.fixture
def worker(transactional_db: None) -> Iterator[subprocess.Popen[str]]:
    """`celery -A tracker worker` on this test's database and Redis."""
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    test_database = connection.settings_dict["NAME"]
    server = os.environ["DUJIN_DATABASE_URL"].rpartition("/")[0]
    environment = {**os.environ, "DUJIN_DATABASE_URL": f"{server}/{test_database}"}
    environment["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tracker", "worker", "--concurrency", "1", "--loglevel", "WARNING"],
        cwd=settings.BASE_DIR,
        env=environment,
        text=True,
    )
    yield process
    process.send_signal(signal.SIGTERM)
    process.wait(30)


@pytest.mark.postgres
@pytest.mark.crash
def test_a_real_worker_hears_the_bell(
    worker: subprocess.Popen[str],
) -> None:
    celery.app.send_task("tracker.tick")
    wait_until(lambda: Heartbeat.objects.filter(component=dispatch.SCHEDULER).exists())
    celery.app.send_task("tracker.sweep")
    wait_until(lambda: Heartbeat.objects.filter(component=dispatch.DISPATCHER).exists())
