"""Celery for the production profile: `celery -A tracker worker` and, as a process of its own, `celery -A tracker beat`.

The rows in the database are the truth; a message is only a bell that carries an id (docs/adr/0004-wiring.md). Redis
loses a message now and then when a worker is killed, so `sweep` looks for rows whose bell nobody heard. Two beats, or
a message delivered twice, do no harm.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

from celery import Celery
from django.conf import settings

from tracker import clock

RUN_SOFT_LIMIT = 25 * 60
RUN_HARD_LIMIT = 30 * 60
VISIBILITY_TIMEOUT = 60 * 60
"""Redis hands an unacknowledged message out again after this: longer than any task may run."""

app = Celery("tracker")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_TIMEOUT,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 2,  # a broker that accepts the connection and then hangs must not hold up a page
        # A bell rung while the broker is away fails at once instead of after some seconds of trying again.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_publish_retry=False,  # a bell that is not heard at once is left to the sweep: no page waits for it
    task_soft_time_limit=RUN_SOFT_LIMIT,
    task_time_limit=RUN_HARD_LIMIT,
    task_default_queue="dujin",
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
    timezone=settings.TIME_ZONE,
    beat_schedule={
        "tick": {"task": "tracker.tick", "schedule": 30.0, "options": {"expires": 30}},
        "sweep": {
            "task": "tracker.sweep",
            "schedule": float(settings.SWEEP_SECONDS),
            "options": {"expires": settings.SWEEP_SECONDS},
        },
    },
)


def ring(task: str, *row_ids: int) -> None:
    """Wake a worker: `ring("deliver", 17)` for one row, `ring("sweep")` for all that is due. Raises what the broker
    raises when it is down."""
    app.send_task(f"tracker.{task}", args=row_ids)


@app.task(name="tracker.tick")
def tick() -> None:
    """Open due job runs. That it ran proves beat, broker and worker alive."""
    from tracker import dispatch

    now = clock.now()
    dispatch.schedule_due(now)
    dispatch.beat(dispatch.SCHEDULER, now)


@app.task(name="tracker.sweep")
def sweep() -> None:
    """Work off rows whose bell nobody heard."""
    from tracker import dispatch

    now = clock.now()
    dispatch.beat(dispatch.DISPATCHER, now)
    dispatch.work_off(now)


@app.task(name="tracker.run_job")
def run_job(run_id: int) -> None:
    from supervision.services import jobs
    from supervision.services.leases import this_worker

    jobs.run(run_id=run_id, at=clock.now(), worker=this_worker())


@app.task(name="tracker.deliver")
def deliver(delivery_id: int) -> None:
    from supervision.services import deliveries
    from supervision.services.leases import this_worker

    deliveries.deliver(delivery_id=delivery_id, at=clock.now(), worker=this_worker())
