"""A site under test: its environment, its processes, and its rows."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks.faults import prepare
from benchmarks.faults.browser import Browser
from benchmarks.faults.machines import Postgres, Redis, free_port
from benchmarks.faults.rows import Tally

ROOT = Path(__file__).resolve().parents[2]
KEY = "0123456789" * 5 + "abcdefghijklmnopqrstuvwxyz"
PATIENCE_SECONDS = 1200
EMBEDDED, PRODUCTION = "embedded", "production"
MESSAGES = "channel <> 'inbox'"


@dataclass(slots=True)
class Site:
    """`database` is empty on SQLite. Leave it by `end`: everything started here is killed."""

    folder: Path
    database: str
    environment: dict[str, str]
    port: int = 0
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    # commands

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python ARGUMENTS` beside manage.py, whatever its outcome."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def must(self, *arguments: str) -> str:
        """What a command prints; it must succeed."""
        done = self.run(*arguments)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {(done.stdout + done.stderr)[-3000:]}")
        return done.stdout + done.stderr

    def manage(self, *arguments: str) -> str:
        return self.must(*self.manager, *arguments)

    @property
    def manager(self) -> tuple[str, ...]:
        is_shifted = "DUJIN_FAULT_CLOCK" in self.environment
        return ("-m", "benchmarks.faults.shifted") if is_shifted else ("manage.py",)

    # processes

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """`python ARGUMENTS` as a process in a group of its own."""
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def start_web(self) -> subprocess.Popen[bytes]:
        if not self.port:
            self.port = free_port()
        module = "benchmarks.faults.shifted" if "DUJIN_FAULT_CLOCK" in self.environment else "tracker.wsgi"
        options = ("--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(self.port))
        counts = ("--workers", "2", "--blocking-threads", "4", "--log-level", "warning")
        return self.start("-m", "granian", f"{module}:application", *options, *counts)

    def start_work(self) -> subprocess.Popen[bytes]:
        """The process that carries out jobs and sends notices."""
        if self.database:
            return self.start("-m", "celery", "-A", "tracker", "worker", "--concurrency", "2", "-l", "warning")
        return self.start(*self.manager, "dispatcher", "--every", "0.2")

    def start_beat(self) -> subprocess.Popen[bytes]:
        """The process that keeps the rhythm."""
        if self.database:
            state = str(self.folder / "beat")
            return self.start(
                "-m", "celery", "-A", "tracker", "beat", "--schedule", state, "--pidfile", "", "-l", "warning"
            )
        return self.start(*self.manager, "scheduler", "--every", "1")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the whole group, so that children die too."""
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def end(self) -> None:
        for process in list(self.running):
            self.kill(process)

    def wait_for_web(self) -> None:
        def answers() -> bool:
            with closing(socket.socket()) as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        self.wait(answers, "the web server did not start", 60)

    def browser(self, username: str, password: str = prepare.PASSWORD) -> Browser:
        person = Browser(self.port)
        person.sign_in(username, password)
        return person

    def wait(self, reached: Callable[[], bool], complaint: str, seconds: float = PATIENCE_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > deadline:
                said = self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""
                raise RuntimeError(f"{complaint}\n{said}")
            time.sleep(0.05)

    # rows

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        if self.database:
            with closing(psycopg2.connect(self.database)) as connection, connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()
        with closing(sqlite3.connect(self.folder / "dujin.sqlite3", timeout=60)) as connection:
            return connection.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        return self.query(sql)[0][0]

    def count(self, table: str, where: str = "1 = 1") -> int:
        return int(self.one(f"SELECT count(*) FROM {table} WHERE {where}"))

    def sent(self) -> int:
        """Messages that have left, as far as the rows know."""
        return self.count("supervision_delivery", f"{MESSAGES} AND state = 'sent'")

    def message_rows(self) -> dict[str, bool]:
        """Message-ID and mark of a repeat, by delivery row."""
        rows = self.query(f"SELECT message_id, is_repeat FROM supervision_delivery WHERE {MESSAGES}")
        return {key: bool(is_repeat) for key, is_repeat in rows}

    def check_notices(self, tally: Tally, persons: int) -> None:
        """Each person has one notice, in the inbox and on its way, all of it sent; each repeat is marked."""
        notices = self.count("supervision_notice")
        people = self.one("SELECT count(DISTINCT recipient_id) FROM supervision_notice")
        messages = self.count("supervision_delivery", MESSAGES)
        tally.lost += max(persons - people, 0) + max(persons - self.sent(), 0)
        tally.doubled += notices - people + max(messages - persons, 0)
        begun_twice = self.query(
            "SELECT d.is_repeat FROM supervision_delivery d JOIN supervision_deliveryattempt a"
            " ON a.delivery_id = d.id WHERE a.outcome <> 'failed' GROUP BY d.id, d.is_repeat HAVING count(*) > 1"
        )
        tally.unmarked += sum(1 for (is_repeat,) in begun_twice if not is_repeat)
        done = self.count("supervision_jobrun", "name = 'weekly_notices' AND state = 'done'")
        tally.expect(done == 1, f"{done} runs of the weekly job")
        self.check_chain(tally)

    def check_chain(self, tally: Tally) -> None:
        tally.expect(self.run("manage.py", "verify_audit").returncode == 0, "the audit chain is broken")


@dataclass(frozen=True, slots=True)
class Run:
    """What a fault is given: profile, a folder of its own, the machines (None on embedded), and whether to hurry."""

    profile: str
    folder: Path
    quick: bool
    postgres: Postgres | None
    redis: Redis | None

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    @contextmanager
    def site(self, name: str = "site", **settings: str) -> Iterator[Site]:
        """An empty site of this run's profile; its processes end with the block."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)  # a small disk may be mounted there
        outer = {name: value for name, value in os.environ.items() if not name.startswith(("DUJIN_", "DJANGO_"))}
        common = {**outer, "DUJIN_DATA": str(folder), "DUJIN_LEASE_SECONDS": "2", "PYTHONPATH": str(ROOT)}
        if self.profile == EMBEDDED:
            with _ended(Site(folder, "", {**common, **settings})) as site:
                yield site
            return
        assert self.postgres is not None and self.redis is not None
        with self.postgres.database(f"dujin_{self.folder.name}_{name}") as address:
            production = {
                "DUJIN_PROFILE": "production",
                "DUJIN_DATABASE_URL": address,
                "DUJIN_REDIS_URL": self.redis.url,
                "DUJIN_SECRET_KEY": KEY,
                "DUJIN_HOSTS": "127.0.0.1",
                "DUJIN_HTTPS": "0",
                "DUJIN_SWEEP_SECONDS": "1",
                "DUJIN_MAIL_FROM": "dujin@county.example",
            }
            with _ended(Site(folder, address, {**common, **production, **settings})) as site:
                yield site

    def clock_at(self, moment: dt.datetime) -> dict[str, str]:
        """The setting that makes a site live at `moment`, and go on from there."""
        set_clock(self.folder / "clock", moment)
        return {"DUJIN_FAULT_CLOCK": str(self.folder / "clock")}


def set_clock(file: Path, moment: dt.datetime) -> None:
    """Processes that read this file live at `moment` from now on."""
    draft = file.with_suffix(".new")
    draft.write_text(str((moment - dt.datetime.now(tz=dt.UTC)).total_seconds()), encoding="ascii")
    draft.replace(file)


def mail_settings(port: int) -> dict[str, str]:
    return {"DUJIN_SMTP_HOST": "127.0.0.1", "DUJIN_SMTP_PORT": str(port), "DUJIN_MAIL_FROM": "dujin@county.example"}


def fill(site: Site, persons: int, projects: int = 0) -> None:
    site.must("-m", "benchmarks.faults.prepare", str(persons), str(projects))


@contextmanager
def _ended(site: Site) -> Iterator[Site]:
    try:
        yield site
    finally:
        site.end()


Fault = Callable[[Run, Tally], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One fault of the list: its short name, what is done, and on which profiles."""

    name: str
    title: str
    profiles: Sequence[str]
    act: Fault


BOTH = (EMBEDDED, PRODUCTION)
