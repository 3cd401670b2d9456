"""Time inside a long act: services get one moment, but an act with a lease must know how much time has passed."""

from __future__ import annotations

import datetime as dt
import os
import socket
import time


class Elapsed:
    """The moment `at`, moving on with the machine's monotonic clock."""

    def __init__(self, at: dt.datetime) -> None:
        self._at = at
        self._origin = time.monotonic()

    def now(self) -> dt.datetime:
        return self._at + dt.timedelta(seconds=time.monotonic() - self._origin)


def this_worker() -> str:
    """Names this process in logs and leases: host and process id."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"
