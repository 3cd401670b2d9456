"""`python -m benchmarks.guesses`: ten thousand guesses against the real sign-in page, and who still comes in meanwhile.

Everything is the site's own (middleware, Argon2, audit log) in an empty database of its own; only the clock is moved by
hand, so that a day of guessing takes minutes. Ends with status 1 when a promise of docs/adr/0013-throttle.md is broken.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable

import django

PASSWORD = "Shan-Qing-Shui-Xiu-9"
START = dt.datetime(2026, 3, 2, 0, tzinfo=dt.UTC)
HOME, ELSEWHERE = "10.1.0.8", "10.9.0.1"
OFFICE = 20
"""Accounts whose people sit behind one address."""


class Door:
    """The sign-in page under a clock moved by hand."""

    def __init__(self) -> None:
        from tracker import clock

        self.now = START
        clock.now = lambda: self.now

    def knock(self, name: str, password: str, address: str) -> int:
        """The status of one sign-in by a browser without a cookie: 302 in, 200 wrong, 429 not looked at."""
        from django.db import connection
        from django.test import Client

        status = Client().post("/sign-in/", {"username": name, "password": password}, REMOTE_ADDR=address).status_code
        if threading.current_thread() is not threading.main_thread():
            connection.close()
        return status


class Table:
    """What was promised beside what was seen."""

    def __init__(self) -> None:
        self.is_sound = True
        print(f"{'':58}{'guesses':>9}{'looked at':>11}{'most':>6}{'owner in':>10}")

    def line(self, what: str, guesses: int, seen: Counter[int], most: int, owner: str = "") -> None:
        checked = seen[200]
        sound = checked <= most and not seen[302] and len(set(owner.split("/"))) < 2
        self.is_sound = self.is_sound and sound
        print(f"{what:58}{guesses:>9}{checked:>11}{most:>6}{owner:>10}{'' if sound else '  BROKEN'}", flush=True)


def guess(
    door: Door, tries: Iterable[tuple[str, str]], step: dt.timedelta, meanwhile: Callable[[], bool], every: int
) -> tuple[Counter[int], str]:
    """Send a wrong password for each name and address; every so often the owner signs in. Answers the statuses, and how
    often the owner came in of how often he tried."""
    seen: Counter[int] = Counter()
    came = asked = 0
    for number, (name, address) in enumerate(tries, start=1):
        seen[door.knock(name, f"guess-{number}", address)] += 1
        door.now += step
        if number % every == 0:
            asked += 1
            came += meanwhile()
    return seen, f"{came}/{asked}"


def side_by_side(door: Door, threads: int, each: int) -> Counter[int]:
    """The same guess from many threads at one moment."""
    seen: Counter[int] = Counter()
    lock = threading.Lock()

    def run() -> None:
        for _ in range(each):
            status = door.knock("hedong", "guess", ELSEWHERE)
            with lock:
                seen[status] += 1

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return seen


def times(door: Door, runs: int) -> None:
    """How long the refusals take: nobody learns from the clock whether a name exists."""
    from projects.models import User

    User.objects.filter(username="hexi").update(is_active=False)
    User.objects.filter(username="henan").update(password="!")
    kinds = {
        "no such name": ("nobody", "guess"),
        "wrong password": ("hebei", "guess"),
        "closed account, right password": ("hexi", PASSWORD),
        "account without a password": ("henan", "guess"),
    }
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(runs):
        door.now += dt.timedelta(days=1)
        for kind, (name, password) in kinds.items():
            begin = time.perf_counter()
            assert door.knock(name, password, f"10.200.{number}.1") == 200
            taken[kind].append((time.perf_counter() - begin) * 1000)
    print(f"\n{'a refused sign-in, ms':40}{'median':>9}{'lower 10%':>11}{'upper 10%':>11}")
    for kind, found in taken.items():
        cuts = statistics.quantiles(found, n=10)
        print(f"{kind:40}{statistics.median(found):>9.1f}{cuts[0]:>11.1f}{cuts[-1]:>11.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guesses")
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=40, help="of each refusal that is timed")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    os.environ.update(DUJIN_PROFILE="embedded", DUJIN_DATA=tempfile.mkdtemp(prefix="dujin-guesses-"))
    django.setup()
    logging.disable(logging.WARNING)

    from django.conf import settings
    from django.core.management import call_command

    from projects.models import User

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
    door = Door()
    colleagues = [f"keyuan{number}" for number in range(OFFICE)]
    first = User.objects.create_user("hedong", PASSWORD, name="甲", created_at=START)
    for name in (*colleagues, "hexi", "henan", "hebei"):
        User.objects.create(username=name, password=first.password, name="甲", created_at=START)
    for name in ("hedong", *colleagues):
        assert door.knock(name, PASSWORD, HOME) == 302

    count, day = options.guesses, dt.timedelta(days=1)

    def owner() -> bool:
        return door.knock("hedong", PASSWORD, HOME) == 302

    def office() -> bool:
        return all(door.knock(name, PASSWORD, HOME) == 302 for name in colleagues[:5])

    table, every = Table(), max(count // 20, 1)
    begin = time.perf_counter()
    seen, came = guess(door, (("hedong", ELSEWHERE) for _ in range(count)), dt.timedelta(hours=1) / count, owner, every)
    table.line("one name, one strange address, one hour", count, seen, 40, came)
    door.now += 2 * day
    spread = (("hedong", f"10.{50 + n // 250}.{n % 250}.7") for n in range(count))
    seen, came = guess(door, spread, day / count / 1.01, owner, every)
    table.line("one name, each guess from another address, one day", count, seen, 40, came)
    door.now += 2 * day
    seen, came = guess(door, (("hedong", HOME) for _ in range(count)), dt.timedelta(hours=1) / count, office, every)
    table.line("one name from its own office; five colleagues sign in", count, seen, 40, came)
    door.now += 2 * day
    names = ((colleagues[n % OFFICE], ELSEWHERE) for n in range(count))
    seen, came = guess(door, names, day / count / 1.01, office, every)
    table.line("twenty names in turn, one strange address, one day", count, seen, 100, came)
    door.now += 2 * day
    none = (("nobody", f"10.{50 + n // 250}.{n % 250}.7") for n in range(count))
    seen, _ = guess(door, none, day / count / 1.01, owner, count)
    table.line("a name that no account has, as many addresses", count, seen, 40)
    took = (time.perf_counter() - begin) / (5 * count) * 1000
    door.now += 2 * day
    table.line("sixteen threads side by side, one moment", 320, side_by_side(door, 16, 20), 8)
    print(f"one guess takes the site {took:.1f} ms on average")
    times(door, options.runs)
    sys.exit(not table.is_sound)


if __name__ == "__main__":
    main()
