"""State machines over the real services: hypothesis chooses the acts, every run is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tracker.web.errors import Conflict, UserError

SETTINGS = settings(
    max_examples=25,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,  # the same acts on every machine
    suppress_health_check=list(HealthCheck),
    database=None,
)


class Machine(RuleBasedStateMachine):
    """One run lives in a transaction of its own; `now` is the moment its acts happen."""

    start: dt.datetime

    def __init__(self) -> None:
        super().__init__()
        self._block = transaction.atomic()
        self._block.__enter__()
        self.now = self.start

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._block.__exit__(None, None, None)

    def done(self, act: Callable[[], Any]) -> bool:
        """Whether the act was carried out; False when a service refused it in words."""
        try:
            act()
        except (UserError, Conflict):
            return False
        return True


def explore(machine: Callable[[], Machine]) -> None:
    """Run sequences of acts inside the transaction of the test."""
    run_state_machine_as_test(machine, settings=SETTINGS)
