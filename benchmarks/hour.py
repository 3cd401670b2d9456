"""`python -m benchmarks.hour --minutes 60`: the embedded site under the load of three hundred people, and its memory.

Builds a county of its own in a temporary folder, serves it as `make run` does, and prints what each process holds at
the start, at the most and at the end.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import django

LIMIT_MB = 300


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hour")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--size", type=int, default=300, help="projects")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dujin-hour-") as folder:
        os.environ |= {"DUJIN_DATA": folder, "DUJIN_HTTPS": "0", "DJANGO_SETTINGS_MODULE": "tracker.settings"}
        django.setup()
        return _hour(options.minutes, options.size)


def _hour(minutes: float, size: int) -> int:
    from django.core.management import call_command

    from benchmarks import county, users
    from benchmarks.faults.machines import free_port
    from benchmarks.load import wait
    from tracker import clock

    call_command("migrate", verbosity=0)
    now = clock.now()
    county.build(county.Size(size, 5), now, lambda text: print(text, file=sys.stderr))
    county.judge(now)
    port = free_port()
    served = subprocess.Popen([sys.executable, "manage.py", "serve", "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        wait(port)
        samples: list[dict[str, float]] = [held(served.pid)]
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(served.pid, samples, done))
        watcher.start()
        load = users.work(port, minutes * 60)
        done.set()
        watcher.join()
        samples.append(held(served.pid))
    finally:
        served.send_signal(signal.SIGINT)
        served.wait(60)
    for figure in load.figures():
        print(f"{figure.name:34}{figure.wall:8.1f} ms, {figure.count} of them; {figure.note}")
    print(f"{'MB (PSS)':34}{'start':>8}{'most':>8}{'end':>8}")
    for name in sorted(samples[-1]):
        row = [sample.get(name, 0.0) for sample in samples]
        print(f"{name:34}{row[0]:8.0f}{max(row):8.0f}{row[-1]:8.0f}")
    totals = [sum(sample.values()) for sample in samples]
    print(f"{'together':34}{totals[0]:8.0f}{max(totals):8.0f}{totals[-1]:8.0f}   (limit {LIMIT_MB})")
    return 0 if max(totals) <= LIMIT_MB and not load.wrong else 1


def _watch(root: int, samples: list[dict[str, float]], done: threading.Event) -> None:
    while not done.wait(10):
        samples.append(held(root))


def held(root: int) -> dict[str, float]:
    """MB of each process below `root`, the shared pages divided among those who share them (PSS), by its name."""
    found: dict[str, float] = {}
    for number, pid in enumerate(_tree(root)):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0")
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            continue
        pss = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        found[f"{number} {_name(words)}"] = pss / 1024
    return found


def _name(words: list[str]) -> str:
    known = ("serve", "dispatcher", "scheduler", "granian")
    return next((word for word in known if any(word in given for given in words)), "web worker")


def _tree(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8")
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += sorted(children.get(pid, []))
    return found


if __name__ == "__main__":
    started = time.monotonic()
    status = main()
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    sys.exit(status)
