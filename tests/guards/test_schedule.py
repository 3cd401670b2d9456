"""The schedule and the code agree: every job can run, and every task is on the schedule."""

from __future__ import annotations

import inspect
import re

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from supervision import tasks
from supervision.rules.schedule import Job, JobContext

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def jobs() -> tuple[Job, ...]:
    return tuple(import_string(settings.SCHEDULE))


def test_names_are_unique_and_ascii_titles_chinese(jobs: tuple[Job, ...]) -> None:
    names = [job.name for job in jobs]
    assert names and len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) for name in names)
    assert all(CHINESE.search(job.title) for job in jobs)


def test_every_task_is_scheduled_and_every_job_is_a_task(jobs: tuple[Job, ...]) -> None:
    """A function for a `JobContext` that no schedule names would never run."""
    written = {
        function
        for _, function in inspect.getmembers(tasks, inspect.isfunction)
        if function.__module__ == tasks.__name__
        and not function.__name__.startswith("_")
        and list(inspect.signature(function).parameters) == ["context"]
    }
    assert {job.run for job in jobs} == written


def test_every_job_takes_a_context_and_answers_a_sentence(jobs: tuple[Job, ...]) -> None:
    for job in jobs:
        signature = inspect.signature(job.run, eval_str=True)
        assert [parameter.annotation for parameter in signature.parameters.values()] == [JobContext]
        assert signature.return_annotation is str
