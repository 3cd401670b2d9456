"""`/healthz` and `/readyz`: alive is not the same as able to work."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings

from supervision.services import jobs
from tests.conftest import Freeze
from tracker import dispatch, readiness

BROKEN = "tests.tracker.test_health.broken"


def broken(at: dt.datetime) -> str:
    raise DatabaseError("connection to 10.0.0.5 refused")


def never_asked(at: dt.datetime) -> str:
    raise AssertionError("asked after a problem was found")


def beat_all(at: dt.datetime) -> None:
    for component in dispatch.COMPONENTS:
        dispatch.beat(component, at)


def test_alive_needs_no_database(client: Client) -> None:
    """No `django_db` mark: a query would fail this test."""
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_every_process_was_seen_lately(client: Client, at: dt.datetime) -> None:
    beat_all(at)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_a_silent_process_is_named(client: Client, at: dt.datetime, freeze: Freeze) -> None:
    beat_all(at)
    later = freeze(at + readiness.STALE + dt.timedelta(seconds=1))
    dispatch.beat(dispatch.SCHEDULER, later)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.content.decode() == "后台进程无心跳：执行\n"


@pytest.mark.django_db
def test_one_of_two_workers_is_enough(client: Client, at: dt.datetime) -> None:
    jobs.beat(component=dispatch.DISPATCHER, instance="gone:1", at=at - dt.timedelta(days=1))
    beat_all(at)
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_process_never_seen_is_named(at: dt.datetime) -> None:
    assert readiness.heartbeats(at) == "后台进程无心跳：排程、执行"


def test_a_database_that_is_away_is_told_without_its_address(client: Client, settings: Settings) -> None:
    settings.READINESS = [BROKEN, "tests.tracker.test_health.never_asked"]
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.content.decode() == "数据库无法读取\n"
