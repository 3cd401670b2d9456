"""Scheduled jobs: insert what is due, claim with a lease, run, finish with the fencing number (docs/operations.md).

Every row is written before anybody runs it, so a missed run is visible and is made up. Two schedulers insert the same
row once; two workers cannot finish the same attempt.
"""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from projects import audit
from projects.models import User
from projects.selectors.calendar import calendar as load_calendar
from projects.selectors.policy import policy_on
from supervision import wiring
from supervision.enums import JobState
from supervision.models import Heartbeat, JobCursor, JobRun
from supervision.rules.schedule import SHANGHAI, Job, JobContext, missed_and_due
from supervision.services.leases import Elapsed
from tracker.clock import end_of
from tracker.web.errors import UserError

logger = logging.getLogger(__name__)

GRACE = dt.timedelta(minutes=10)
"""A run inserted later than this after its due time was missed."""

MOST_ATTEMPTS = 5
"""A run whose worker died this often is not tried again without a person."""

CURSOR_STEP = dt.timedelta(hours=1)
"""The cursor moves without a due run only this often, so that an idle tick writes nothing."""

KEEP_HEARTBEATS = dt.timedelta(days=7)

SKEW = dt.timedelta(hours=1)
"""Nothing true is further ahead: what is, was written by a clock that has been put back since."""


class LeaseLost(Exception):
    """Another worker took the run over; this one must stop without a trace."""


def tick(*, at: dt.datetime, worker: str) -> list[JobRun]:
    """Insert the runs that became due since the last tick and ring for them. Safe in any number of processes.

    A job seen for the first time starts its schedule now: nothing before that is made up.
    """
    created: list[JobRun] = []
    calendar = load_calendar()
    policy = policy_on(at.astimezone(SHANGHAI).date())
    cursors = dict(JobCursor.objects.values_list("name", "considered_until"))
    for job in wiring.jobs().values():
        since = cursors.get(job.name)
        if since is None:
            JobCursor.objects.get_or_create(name=job.name, defaults={"considered_until": at})
            continue
        if since - at > SKEW:
            JobCursor.objects.filter(name=job.name, considered_until=since).update(considered_until=at)
            continue
        moments = job.when(policy).due_between(since, at, calendar)
        if moments or at - since > CURSOR_STEP:
            created += _advance(job, moments, at)
    for run in created:
        logger.info("job %s due %s inserted by %s", run.name, run.due_at, worker)
    return created


def request(*, name: str, as_of: dt.date, actor: User | None, at: dt.datetime) -> JobRun:
    """A person asks for a run now, outside the rhythm."""
    if name not in wiring.jobs():
        raise UserError(f"没有名为“{name}”的作业，请从作业列表中选择。", "name")
    with transaction.atomic():
        run, inserted = JobRun.objects.get_or_create(
            name=name, due_at=at, defaults={"as_of": as_of, "requested_by": actor}
        )
        if inserted:
            audit.record(actor=actor, at=at, action="jobs.request", obj=run, data={"as_of": as_of.isoformat()})
            wiring.ring_after_commit("run_job", run.pk)
    return run


def retry(*, run_id: int, actor: User | None, at: dt.datetime) -> JobRun:
    """Put a failed run back in the queue."""
    with transaction.atomic():
        moved = JobRun.objects.filter(pk=run_id, state=JobState.FAILED).update(
            state=JobState.WAITING, lease_until=None, error="", message="", progress_done=0, progress_total=0, deaths=0
        )
        if not moved:
            raise UserError("只有失败的作业可以重试；该作业的状态已变化，请刷新页面。")
        run = JobRun.objects.get(pk=run_id)
        audit.record(actor=actor, at=at, action="jobs.retry", obj=run)
        wiring.ring_after_commit("run_job", run.pk)
    return run


def claim_next(*, at: dt.datetime, worker: str) -> JobRun | None:
    """Claim the oldest run that waits, or whose worker died. None when there is nothing to do."""
    while True:
        run_id = _claimable(at).order_by("due_at", "pk").values_list("pk", flat=True).first()
        if run_id is None:
            return None
        run = claim(run_id=run_id, at=at, worker=worker)
        if run is not None:
            return run


def claim(*, run_id: int, at: dt.datetime, worker: str) -> JobRun | None:
    """Take one run by a conditional update; the raised attempt number is the fence against its former worker."""
    seen = _claimable(at).filter(pk=run_id).first()
    if seen is None:
        return None
    died = seen.state == JobState.RUNNING
    if died and seen.deaths + 1 >= MOST_ATTEMPTS:
        _give_up(seen, at)
        return None
    taken = (
        _claimable(at)
        .filter(pk=run_id, attempt=seen.attempt)
        .update(
            state=JobState.RUNNING,
            attempt=F("attempt") + 1,
            deaths=F("deaths") + (1 if died else 0),
            worker=worker,
            lease_until=at + _lease(),
            started_at=at,
            finished_at=None,
            progress_done=0,
            progress_total=0,
        )
    )
    return JobRun.objects.get(pk=run_id) if taken else None


def run(*, run_id: int, at: dt.datetime, worker: str) -> JobRun | None:
    """Claim one run and carry it out. None when it is already done, or another worker holds it."""
    claimed = claim(run_id=run_id, at=at, worker=worker)
    return carry_out(run=claimed, at=at) if claimed is not None else None


def run_waiting(*, at: dt.datetime, worker: str) -> int:
    """Carry out everything claimable, one after the other; answers how many runs."""
    elapsed, count = Elapsed(at), 0
    while (claimed := claim_next(at=elapsed.now(), worker=worker)) is not None:
        carry_out(run=claimed, at=elapsed.now())
        count += 1
    return count


def carry_out(*, run: JobRun, at: dt.datetime) -> JobRun | None:
    """Run the job function of a claimed run and record its outcome. A failure stays with this run alone."""
    elapsed = Elapsed(at)
    held = JobRun.objects.filter(pk=run.pk, attempt=run.attempt, state=JobState.RUNNING)
    try:
        message = _call(wiring.jobs(), run, at, _progress(held, elapsed))
    except LeaseLost:
        logger.warning("job %s due %s was taken over", run.name, run.due_at)
        return None
    except Exception as error:
        logger.exception("job %s due %s failed", run.name, run.due_at)
        outcome = {"state": JobState.FAILED, "message": _sentence(error), "error": traceback.format_exc()[-8000:]}
    else:
        outcome = {"state": JobState.DONE, "message": message[:500], "error": ""}
    if not held.update(finished_at=elapsed.now(), lease_until=None, **outcome):
        return None
    return JobRun.objects.get(pk=run.pk)


def beat(*, component: str, instance: str, at: dt.datetime) -> None:
    """A process says that it is alive; instances unseen for a week, or seen by a clock gone wrong, are forgotten."""
    Heartbeat.objects.update_or_create(component=component, instance=instance, defaults={"at": at})
    Heartbeat.objects.filter(Q(at__lt=at - KEEP_HEARTBEATS) | Q(at__gt=at + SKEW)).delete()


def _advance(job: Job, moments: list[dt.datetime], at: dt.datetime) -> list[JobRun]:
    """Insert the runs for `moments` and move the cursor with them, or neither."""
    created = []
    with transaction.atomic():
        for due_at, is_made_up in missed_and_due(moments, at, job.make_up, GRACE):
            as_of = due_at.astimezone(SHANGHAI).date()
            run, is_new = JobRun.objects.get_or_create(
                name=job.name, due_at=due_at, defaults={"as_of": as_of, "is_made_up": is_made_up}
            )
            if is_new:
                created.append(run)
                wiring.ring_after_commit("run_job", run.pk)
        JobCursor.objects.filter(name=job.name, considered_until__lt=at).update(considered_until=at)
    return created


def _claimable(at: dt.datetime) -> QuerySet[JobRun]:
    """Waiting runs, and those whose lease has run out, or was given by a clock that was ahead."""
    lapsed = Q(lease_until__lt=at) | Q(lease_until__gt=at + _lease() + SKEW)
    return JobRun.objects.filter(Q(state=JobState.WAITING) | Q(lapsed, state=JobState.RUNNING), due_at__lte=at)


def _lease() -> dt.timedelta:
    return dt.timedelta(seconds=settings.LEASE_SECONDS)


def _give_up(run: JobRun, at: dt.datetime) -> None:
    JobRun.objects.filter(pk=run.pk, attempt=run.attempt, state=JobState.RUNNING).update(
        state=JobState.FAILED,
        finished_at=at,
        lease_until=None,
        message=f"执行者{MOST_ATTEMPTS}次中途退出，已停止自动重试。",
    )


def _call(jobs: dict[str, Job], run: JobRun, at: dt.datetime, progress: Callable[[int, int], None]) -> str:
    if run.name not in jobs:
        raise UserError(f"作业“{run.name}”已不在作业表中。")
    context = JobContext(
        as_of=run.as_of, at=_moment_of(run, at), due_at=run.due_at, is_made_up=run.is_made_up, progress=progress
    )
    return jobs[run.name].run(context)


def _moment_of(run: JobRun, at: dt.datetime) -> dt.datetime:
    """The moment a job reasons about: now; a run asked for as of another day stands at the end of that day."""
    if run.as_of == run.due_at.astimezone(SHANGHAI).date():
        return at
    return min(at, end_of(run.as_of) - dt.timedelta(microseconds=1))


def _progress(held: QuerySet[JobRun], elapsed: Elapsed) -> Callable[[int, int], None]:
    """Shows how far the run is and renews its lease; raises when the lease has gone to another worker."""

    def report(done: int, total: int) -> None:
        lease_until = elapsed.now() + _lease()
        if not held.update(progress_done=done, progress_total=total, lease_until=lease_until):
            raise LeaseLost

    return report


def _sentence(error: Exception) -> str:
    """What the operations page shows; the traceback is kept beside it."""
    if isinstance(error, UserError):
        return error.message[:500]
    return f"{type(error).__name__}：{error}"[:500]
