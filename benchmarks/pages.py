"""The main pages, as the person who opens them, through the whole middleware."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from benchmarks.measure import Figure, timed
from projects.models import ExpectedReport, Project, Unit, User
from supervision.models import Snapshot


def figures() -> Iterator[Figure]:
    for name, username, url in addresses():
        client = Client()
        if username:
            client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(url)
        if answer.status_code != 200:
            raise RuntimeError(f"{url} answered {answer.status_code}")
        yield timed(name, lambda client=client, url=url: client.get(url), size=lambda got: len(got.content))


def addresses() -> Iterator[tuple[str, str, str]]:
    """Name, account and address of each page that is measured."""
    project = Project.objects.order_by("pk").first()
    unit = Unit.objects.order_by("pk").first()
    waiting = ExpectedReport.objects.filter(report=None, unit=unit).order_by("-period__cutoff").first()
    listing = reverse("project_list")
    yield "sign-in", "", reverse("sign_in")
    yield "list, 50 rows", "office", listing
    yield "list, sorted by gap", "office", f"{listing}?sort=-gap"
    yield "list, one unit", "office", f"{listing}?unit={unit.pk}"
    yield "list, search", "office", f"{listing}?q=第7号"
    yield "workbench", "office", reverse("workbench")
    yield "unit to-do", "clerk", reverse("report_todo")
    if waiting is not None:
        yield "report entry", "clerk", reverse("report_entry", args=[waiting.pk])
    yield "project", "office", reverse("project", args=[project.pk])
    yield "review queue", "office", reverse("review_queue")
    yield "flags", "office", reverse("flag_list")
    yield "periods", "office", reverse("period_list")
    yield "dashboard", "leader", reverse("dashboard")
    if Snapshot.objects.exists():
        yield "rankings", "office", reverse("rankings")
    yield "inbox", "clerk", reverse("inbox")
