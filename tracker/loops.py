"""The endless loop of a background command: work, leave a sign of life, wait; end in order when told to."""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from django.db import close_old_connections

from tracker import clock, dispatch

logger = logging.getLogger(__name__)

BEAT_EVERY = dt.timedelta(seconds=15)


def run_forever(component: str, work: Callable[[dt.datetime], None], *, every_seconds: float) -> None:
    """Call `work` with the present moment every `every_seconds` until SIGTERM or SIGINT; the work in hand is finished.

    A round that fails is logged and tried again: the database may be locked or away for a moment.
    """
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    last_beat: dt.datetime | None = None
    while not ended.is_set():
        now = clock.now()
        try:
            if last_beat is None or now - last_beat >= BEAT_EVERY:
                dispatch.beat(component, now)
                last_beat = now
            work(now)
        except Exception:
            logger.exception("%s: this round failed; the next one tries again", component)
        finally:
            close_old_connections()
        ended.wait(every_seconds)
