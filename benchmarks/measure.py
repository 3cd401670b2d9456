"""What is measured, and how: medians of several runs, with the CPU time and the queries of one."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured act. Times in milliseconds (median of the runs); `count` is what one run handled."""

    name: str
    wall: float
    cpu: float
    queries: int | None = None
    size: int | None = None
    count: int | None = None
    note: str = ""

    def row(self) -> dict[str, Any]:
        return asdict(self)


def timed(
    name: str, act: Callable[[], Any], *, runs: int = 15, warm: int = 2, size: Callable[[Any], int] | None = None
) -> Figure:
    """Run an act that may be repeated: warm up, count its queries once, then time it without counting."""
    for _ in range(warm):
        act()
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    asked = len(queries)
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    return Figure(
        name,
        statistics.median(walls) * 1000,
        statistics.median(cpus) * 1000,
        asked,
        size(answer) if size else None,
    )


def once(name: str, act: Callable[[], int | None], *, note: str = "") -> Figure:
    """Run an act that cannot be repeated, or takes so long that one run tells enough; it answers how much it did."""
    wall, cpu = time.perf_counter(), time.process_time()
    count = act()
    return Figure(name, (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000, count=count, note=note)


def peak_memory() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
