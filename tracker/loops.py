"""The endless loop of a background command: work, leave a sign of life, wait; end in order when told to."""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

from django.db import close_old_connections

from tracker import clock, dispatch

logger = logging.getLogger(__name__)

BEAT_EVERY_SECONDS = 15


def run_forever(component: str, work: Callable[[dt.datetime], None], *, every_seconds: float) -> None:
    """Call `work` with the present moment every `every_seconds` until SIGTERM or SIGINT; the work in hand is finished.

    A round that fails is logged and tried again: the database may be locked or away for a moment.
    """
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    last_beat: float | None = None  # on the monotonic clock: the other one may be put back
    while not ended.is_set():
        now = clock.now()
        try:
            if last_beat is None or time.monotonic() - last_beat >= BEAT_EVERY_SECONDS:
                dispatch.beat(component, now)
                last_beat = time.monotonic()
            work(now)
        except Exception:
            logger.exception("%s: this round failed; the next one tries again", component)
        finally:
            close_old_connections()
        ended.wait(every_seconds)
