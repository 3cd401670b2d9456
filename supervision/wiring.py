"""The two things the composition root hands down: the schedule and the bell (docs/adr/0004-wiring.md).

Like `ROOT_URLCONF`, each is a dotted name in the settings, so that this app never imports the modules above it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from supervision.rules.schedule import Job

logger = logging.getLogger(__name__)


def jobs() -> dict[str, Job]:
    """The schedule by job name (`settings.SCHEDULE`)."""
    return {job.name: job for job in import_string(settings.SCHEDULE)}


def ring_after_commit(task: str, *arguments: int) -> None:
    """Wake a worker once the caller's rows are committed. In the embedded profile nobody listens: the dispatcher looks.

    The bell is a hint. A broker that is down is logged and never breaks the caller; a sweep finds the rows later.
    """
    if settings.BELL:
        transaction.on_commit(partial(_ring, task, *arguments))


def _ring(task: str, *arguments: int) -> None:
    bell: Callable[..., None] = import_string(settings.BELL)
    try:
        bell(task, *arguments)
    except Exception as error:  # whatever a broker raises, the rows are committed and the next sweep finds them
        logger.warning("bell for %s %s not heard: %s", task, arguments, error)
