"""The operations page and the health verdict: schedule, runs, queues, failures, heartbeats (docs/operations.md)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, Q

from projects.selectors.calendar import calendar as load_calendar
from projects.selectors.policy import policy_on
from supervision import wiring
from supervision.enums import DeliveryState, JobState
from supervision.models import Delivery, Heartbeat, JobRun, SendingHold
from supervision.rules.schedule import SHANGHAI, next_due

COMPONENTS = {"scheduler": "排程", "dispatcher": "执行"}
"""Kinds of background processes by the name under which they leave heartbeats."""

SILENCE = dt.timedelta(minutes=4)
"""A process unheard of, or work left lying, for this long is a fault; with probes every minute red shows within
five."""

LEASE_OVERDUE = dt.timedelta(minutes=2)
"""Work whose lease ran out this long ago and that nobody took over. Leases last two minutes."""


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job of the schedule with its rhythm, next due moment and latest run."""

    name: str
    title: str
    rhythm: str
    next_due: dt.datetime | None
    last: JobRun | None
    failures: int

    @property
    def duration(self) -> dt.timedelta | None:
        """How long the latest run took; None while it has not ended."""
        return duration_of(self.last) if self.last is not None else None


@dataclass(frozen=True, slots=True)
class Queue:
    """How much lies open: runs and deliveries waiting, in work, failed."""

    runs_waiting: int
    runs_running: int
    runs_failed: int
    deliveries_waiting: int
    deliveries_sending: int
    deliveries_failed: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """One process and when it was last seen."""

    component: str
    title: str
    instance: str
    at: dt.datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class Health:
    """Green without problems; each problem is one Chinese sentence."""

    problems: tuple[str, ...]

    @property
    def is_green(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Operations:
    """Everything the operations page shows."""

    jobs: list[JobLine]
    queue: Queue
    failed_runs: list[JobRun]
    failed_deliveries: list[Delivery]
    recent_runs: list[JobRun]
    pulses: list[Pulse]
    health: Health


def operations(at: dt.datetime) -> Operations:
    """The operations page at `at`, in a fixed number of queries."""
    return Operations(
        jobs=schedule(at),
        queue=queue(),
        failed_runs=list(
            JobRun.objects.filter(state=JobState.FAILED).select_related("requested_by").order_by("-due_at", "-pk")[:50]
        ),
        failed_deliveries=list(
            Delivery.objects.filter(state=DeliveryState.FAILED)
            .select_related("notice__recipient")
            .order_by("-finished_at", "-pk")[:50]
        ),
        recent_runs=list(JobRun.objects.select_related("requested_by").order_by("-due_at", "-pk")[:50]),
        pulses=pulses(at),
        health=health(at),
    )


def schedule(at: dt.datetime) -> list[JobLine]:
    """Each scheduled job, in the order of the schedule."""
    policy = policy_on(at.astimezone(SHANGHAI).date())
    calendar = load_calendar()
    latest = JobRun.objects.values("name").annotate(latest=Max("due_at")).values_list("name", "latest")
    picked = Q(pk__in=[])
    for name, due_at in latest:
        picked |= Q(name=name, due_at=due_at)
    last = {run.name: run for run in JobRun.objects.filter(picked)}
    failures = dict(
        JobRun.objects.filter(state=JobState.FAILED).values_list("name").annotate(count=Count("pk")).order_by("name")
    )
    return [
        JobLine(
            name=job.name,
            title=job.title,
            rhythm=job.when(policy).text,
            next_due=next_due(job.when(policy), at, calendar),
            last=last.get(job.name),
            failures=failures.get(job.name, 0),
        )
        for job in wiring.jobs().values()
    ]


def queue() -> Queue:
    """Open and failed work. Two queries."""
    runs = dict(JobRun.objects.order_by("state").values_list("state").annotate(count=Count("pk")))
    deliveries = dict(Delivery.objects.order_by("state").values_list("state").annotate(count=Count("pk")))
    return Queue(
        runs_waiting=runs.get(JobState.WAITING, 0),
        runs_running=runs.get(JobState.RUNNING, 0),
        runs_failed=runs.get(JobState.FAILED, 0),
        deliveries_waiting=deliveries.get(DeliveryState.WAITING, 0),
        deliveries_sending=deliveries.get(DeliveryState.SENDING, 0),
        deliveries_failed=deliveries.get(DeliveryState.FAILED, 0),
    )


def pulses(at: dt.datetime) -> list[Pulse]:
    """Every known process."""
    return [
        Pulse(row.component, COMPONENTS.get(row.component, row.component), row.instance, row.at, row.at < at - SILENCE)
        for row in Heartbeat.objects.order_by("component", "-at", "instance")
    ]


def health(at: dt.datetime) -> Health:
    """Whether work gets done. Red when a kind of process has fallen silent, or due work lies while nobody works.

    A site whose background processes were never started is green until work is due.
    """
    problems = []
    if (stop := SendingHold.objects.filter(released_at=None).first()) is not None:
        problems.append(f"{stop.reason}：通知暂停发送。核对后由管理员运行 manage.py release_sending 放行。")
    seen = Heartbeat.objects.order_by("component").values_list("component").annotate(latest=Max("at"))
    for component, latest in seen:
        if latest < at - SILENCE:
            title = COMPONENTS.get(component, component)
            problems.append(f"{title}进程已{_minutes(at - latest)}分钟没有心跳，请检查后台进程是否在运行。")
    return Health((*problems, *stalled_work(at)))


def stalled_work(at: dt.datetime) -> list[str]:
    """Due runs and deliveries that nobody works on, as Chinese sentences. Six queries."""
    found = _stalled(
        waiting=JobRun.objects.filter(state=JobState.WAITING, due_at__lt=at - SILENCE).count(),
        abandoned=JobRun.objects.filter(state=JobState.RUNNING, lease_until__lt=at - LEASE_OVERDUE).count(),
        in_work=JobRun.objects.filter(state=JobState.RUNNING, lease_until__gte=at).exists(),
        noun="作业",
    )
    told_to_wait = Exists(SendingHold.objects.filter(released_at=None))
    sending = Delivery.objects.filter(~told_to_wait, state=DeliveryState.SENDING)
    return found + _stalled(
        waiting=Delivery.objects.filter(
            ~told_to_wait, state=DeliveryState.WAITING, next_try_at__lt=at - SILENCE
        ).count(),
        abandoned=sending.filter(lease_until__lt=at - LEASE_OVERDUE).count(),
        in_work=sending.filter(lease_until__gte=at).exists(),
        noun="通知",
    )


def duration_of(run: JobRun) -> dt.timedelta | None:
    """How long a run took; None while it has not ended."""
    if run.started_at is None or run.finished_at is None:
        return None
    return run.finished_at - run.started_at


def _stalled(*, waiting: int, abandoned: int, in_work: bool, noun: str) -> list[str]:
    """Work that waits behind other work in progress is busy, not stalled."""
    found = []
    if waiting and not in_work:
        found.append(f"{waiting}项{noun}到时未执行，请检查执行进程是否在运行。")
    if abandoned:
        found.append(f"{abandoned}项{noun}的执行者中断后无人接手，请检查执行进程是否在运行。")
    return found


def _minutes(span: dt.timedelta) -> int:
    return int(span.total_seconds() // 60)
