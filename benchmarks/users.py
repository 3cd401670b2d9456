"""Three hundred people at work: each opens a page every half minute, and thirty reports a minute come in among them."""

from __future__ import annotations

import queue
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from benchmarks.faults.browser import Browser
from benchmarks.measure import Figure
from projects.enums import Role
from projects.models import ExpectedReport, Period, Project, User

USERS = 300
PAGE_EVERY_SECONDS = 30
REPORTS_A_MINUTE = 30
HANDS = 32
"""Requests that may be under way at once; one that finds no hand free waits, and its wait counts."""


@dataclass(slots=True)
class Load:
    """What happened: seconds of each page and report, and the answers that were not meant."""

    pages: list[float] = field(default_factory=list)
    reports: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    def figures(self) -> Iterator[Figure]:
        for name, times in (("page", self.pages), ("report sent", self.reports)):
            slow = statistics.quantiles(times, n=20)[-1] * 1000 if len(times) > 1 else 0
            note = f"95 of 100 within {slow:.0f} ms; {sum(self.wrong.values())} wrong answers"
            yield Figure(f"{USERS} users: a {name}", statistics.median(times) * 1000, 0, count=len(times), note=note)


def work(port: int, seconds: float) -> Load:
    """Run the load against the server on this port, whose database is the one of this process."""
    people, clerks = _people(port)
    waiting = _reports_to_send(clerks)
    acts: queue.Queue[tuple[float, Any] | None] = queue.Queue()
    load, lock = Load(), threading.Lock()

    def hand() -> None:
        while (due := acts.get()) is not None:
            moment, act = due
            try:
                status, wanted, kept = act()
            except Exception as error:
                with lock:
                    load.wrong[type(error).__name__] += 1
                continue
            with lock:
                kept.append(time.monotonic() - moment)
                if status != wanted:
                    load.wrong[f"{status} instead of {wanted}"] += 1

    hands = [threading.Thread(target=hand) for _ in range(HANDS)]
    for thread in hands:
        thread.start()
    begin = time.monotonic()
    pages, reports = 0, 0
    while (spent := time.monotonic() - begin) < seconds:
        while pages < spent * USERS / PAGE_EVERY_SECONDS:
            person, paths = people[pages % USERS]
            path = paths[pages // USERS % len(paths)]
            acts.put((time.monotonic(), lambda person=person, path=path: (person.get(path).status, 200, load.pages)))
            pages += 1
        while reports < spent * REPORTS_A_MINUTE / 60:
            clerk, path = waiting[reports % len(waiting)]
            acts.put((time.monotonic(), lambda clerk=clerk, path=path: (_report(clerk, path), 302, load.reports)))
            reports += 1
        time.sleep(0.02)
    for _ in hands:
        acts.put(None)
    for thread in hands:
        thread.join()
    return load


def _report(person: Browser, path: str) -> int:
    """Open the form of one report and send it; what was sent before and still waits may be sent again."""
    form = person.form(path, path)
    text = f"完成主体结构第{time.monotonic_ns() % 100_000}段。"
    return person.send(form, path, done="9000", progress=text, flag_reason="已核对原始凭证").status


def _people(port: int) -> tuple[list[tuple[Browser, list[str]]], dict[int, Browser]]:
    """Everybody signed in, with the pages of the day; and the clerk of each unit."""
    projects = list(Project.objects.order_by("pk").values_list("pk", flat=True))
    found, clerks = [], {}
    for number, user in enumerate(User.objects.prefetch_related("grants").order_by("pk")[:USERS]):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        person = Browser(port, {settings.SESSION_COOKIE_NAME: cookie})
        any_project = reverse("project", args=[projects[number % len(projects)]])
        roles = {grant.role for grant in user.grants.all()}
        if Role.PROJECT_OFFICE in roles:
            paths = [reverse("workbench"), reverse("project_list"), any_project, reverse("review_queue")]
        elif Role.MAIN_LEADER in roles:
            paths = [reverse("dashboard"), reverse("rankings"), any_project]
        else:
            paths = [reverse("report_todo"), reverse("project_list"), reverse("inbox")]
        if Role.UNIT_STAFF in roles and user.unit_id is not None:
            clerks[user.unit_id] = person
        found.append((person, paths))
    return found, clerks


def _reports_to_send(clerks: dict[int, Browser]) -> list[tuple[Browser, str]]:
    """The newest open week's reports, unit by unit in turn, each with who sends it."""
    week = Period.objects.filter(kind="week", locked_at=None).order_by("-cutoff").first()
    rows = ExpectedReport.objects.filter(period=week).exclude(report__state="accepted").order_by("pk")
    return [(clerks[unit], reverse("report_entry", args=[pk])) for pk, unit in rows.values_list("pk", "unit")]
