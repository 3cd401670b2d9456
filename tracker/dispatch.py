"""One round of background work, the same in both profiles (docs/operations.md, Processes).

Embedded, the supervised processes `scheduler` and `dispatcher` call these in a loop; in production Celery tasks do.
The rows in the database decide what is due, so any number of callers do no harm.
"""

from __future__ import annotations

import datetime as dt

from supervision.services import deliveries, jobs
from supervision.services.leases import Elapsed, this_worker

SCHEDULER = "scheduler"
DISPATCHER = "dispatcher"
COMPONENTS = {SCHEDULER: "排程", DISPATCHER: "执行"}
"""The processes whose heartbeat must be fresh, with their Chinese names."""


def schedule_due(at: dt.datetime) -> None:
    """Open the job runs that have become due."""
    jobs.tick(at=at, worker=this_worker())


def work_off(at: dt.datetime) -> None:
    """Carry out every waiting job run, then send every delivery that is due, also those whose bell nobody heard."""
    elapsed = Elapsed(at)
    jobs.run_waiting(at=at, worker=this_worker())
    deliveries.sweep(at=elapsed.now(), worker=this_worker())  # what the jobs just wrote is due by now


def beat(component: str, at: dt.datetime) -> None:
    """Leave a sign of life."""
    jobs.beat(component=component, instance=this_worker(), at=at)
