"""kill -9 while 2,000 notices go out: nothing lost, no row twice, every repeat marked (docs/notices.md, Delivery).

Real processes on a database of their own: the embedded dispatcher on SQLite with the spool folder, and Celery workers
and beat on PostgreSQL and Redis with a real SMTP server. The test only reads rows and kills.
"""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.crash

PERSONS = 2000
KILLS = 5
STEP = PERSONS // (KILLS + 2)
"""A kill each time this many more messages have left."""
PATIENCE_SECONDS = 300
ROOT = Path(__file__).resolve().parents[2]
POSTGRES_URL = os.environ.get("DUJIN_CRASH_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("DUJIN_CRASH_REDIS_URL", "redis://127.0.0.1:6379/15")

Query = Callable[[str], list[tuple[Any, ...]]]


class Site:
    """A crash site: its environment, a way to read its rows, and its processes."""

    def __init__(self, environment: dict[str, str], query: Query) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DUJIN_")}
        self.environment = {**inherited, "DUJIN_LEASE_SECONDS": "2", "PYTHONPATH": str(ROOT), **environment}
        self.query = query
        self.running: list[subprocess.Popen[bytes]] = []

    def prepare(self) -> None:
        command = (sys.executable, "-m", "tests.supervision.crash_site", str(PERSONS))
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        log = Path(self.environment["DUJIN_DATA"]) / "processes.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the whole group, so that worker children die too."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def end(self) -> None:
        for process in list(self.running):
            self.kill(process)

    def count(self, table: str, where: str = "1 = 1") -> int:
        return self.query(f"SELECT count(*) FROM supervision_{table} WHERE {where}")[0][0]

    def left(self) -> int:
        """Messages that have left, as far as the rows know."""
        return self.count("delivery", "channel <> 'inbox' AND state = 'sent'")

    def wait(self, reached: Callable[[], bool], deadline: float) -> None:
        while not reached():
            if time.monotonic() > deadline:
                log = (Path(self.environment["DUJIN_DATA"]) / "processes.log").read_text(errors="replace")
                pytest.fail(f"{self.left()} of {PERSONS} sent in time\n{log[-3000:]}")
            time.sleep(0.05)


def kill_repeatedly(site: Site, command: Sequence[str]) -> int:
    """Run `command`, kill it in the middle of issuing and then again and again while sending; let the last one finish.

    Answers the number of kills.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    process = site.start(*command)
    site.wait(lambda: site.count("notice") >= 200, deadline)
    site.kill(process)
    kills = 1
    for number in range(1, KILLS):
        process = site.start(*command)
        site.wait(lambda number=number: site.left() >= number * STEP, deadline)
        site.kill(process)
        kills += 1
    site.start(*command)
    site.wait(lambda: site.left() == PERSONS, deadline)
    return kills


def assert_rows_are_sound(site: Site) -> None:
    """0 lost, 0 duplicate rows, and each message begun twice is marked as a repeat in rows and log."""
    assert site.count("notice") == PERSONS
    assert site.query("SELECT count(DISTINCT recipient_id) FROM supervision_notice")[0][0] == PERSONS
    assert site.count("delivery") == 2 * PERSONS
    assert site.count("delivery", "state = 'sent'") == 2 * PERSONS
    begun_twice = site.query(
        "SELECT d.is_repeat, count(*) FROM supervision_delivery d JOIN supervision_deliveryattempt a"
        " ON a.delivery_id = d.id GROUP BY d.id, d.is_repeat HAVING count(*) > 1"
    )
    assert all(is_repeat for is_repeat, _ in begun_twice)
    assert len(begun_twice) == site.count("delivery", "is_repeat") <= 2 * KILLS
    assert site.count("jobrun", "name = 'weekly_notices' AND state = 'done'") == 1


@contextmanager
def embedded_site(folder: Path) -> Iterator[Site]:
    def query(sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(folder / "dujin.sqlite3", timeout=20)) as connection:
            return connection.execute(sql).fetchall()

    site = Site({"DUJIN_PROFILE": "embedded", "DUJIN_DATA": str(folder), "DUJIN_DATABASE_URL": ""}, query)
    try:
        site.prepare()
        yield site
    finally:
        site.end()


def test_the_embedded_dispatcher_survives_kill_9(tmp_path):
    with embedded_site(tmp_path) as site:
        kills = kill_repeatedly(site, (sys.executable, "manage.py", "dispatcher", "--every", "0.2"))
        assert kills >= 5
        assert_rows_are_sound(site)
        spooled = {}
        for file in (tmp_path / "spool").glob("*.eml"):
            message = message_from_bytes(file.read_bytes(), policy=policy.default)
            spooled[message["Message-ID"]] = message["Subject"]
        rows = dict(site.query("SELECT message_id, is_repeat FROM supervision_delivery WHERE channel = 'spool'"))
        assert set(spooled) == set(rows), "every message lies in the spool folder"
        marked = {key for key, subject in spooled.items() if subject.startswith("【补发】")}
        assert marked == {key for key, is_repeat in rows.items() if is_repeat}


class Mailbox:
    """Every message an SMTP server took, in order."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((message["Message-ID"], message["Subject"]))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    from aiosmtpd.controller import Controller

    mailbox = Mailbox()
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


def postgres(database: str) -> Any:
    import psycopg2

    parts = urlsplit(POSTGRES_URL)
    connection = psycopg2.connect(
        host=parts.hostname,
        port=parts.port,
        user=parts.username,
        password=parts.password,
        dbname=database or parts.path.lstrip("/"),
        connect_timeout=3,
    )
    connection.autocommit = True
    return connection


@contextmanager
def own_database() -> Iterator[str]:
    """A PostgreSQL database for this test alone; skips when no server answers."""
    import psycopg2

    name = f"dujin_crash_{uuid.uuid4().hex[:12]}"
    try:
        admin = postgres("")
    except psycopg2.OperationalError as error:
        pytest.skip(f"PostgreSQL does not answer at {POSTGRES_URL}: {error}")
    with closing(admin), admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield name
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def empty_queue() -> None:
    """Clear the Redis database the test uses; skips when no server answers."""
    import redis

    client = redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3)
    try:
        client.flushdb()
    except redis.RedisError as error:
        pytest.skip(f"Redis does not answer at {REDIS_URL}: {error}")
    finally:
        client.close()


@contextmanager
def production_site(folder: Path, database: str, smtp_port: int) -> Iterator[Site]:
    def query(sql: str) -> list[tuple[Any, ...]]:
        with closing(postgres(database)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    address = urlsplit(POSTGRES_URL)
    site = Site(
        {
            "DUJIN_PROFILE": "production",
            "DUJIN_DATA": str(folder),
            "DUJIN_SECRET_KEY": "x" * 60,
            "DUJIN_HOSTS": "dujin.example",
            "DUJIN_DATABASE_URL": address._replace(path=f"/{database}").geturl(),
            "DUJIN_REDIS_URL": REDIS_URL,
            "DUJIN_SMTP_HOST": "127.0.0.1",
            "DUJIN_SMTP_PORT": str(smtp_port),
            "DUJIN_MAIL_FROM": "dujin@county.example",
            "DUJIN_SWEEP_SECONDS": "1",
        },
        query,
    )
    try:
        site.prepare()
        yield site
    finally:
        site.end()


@pytest.mark.postgres
def test_celery_workers_on_postgresql_and_redis_survive_kill_9(tmp_path):
    empty_queue()
    with (
        own_database() as database,
        mail_server() as (mailbox, port),
        production_site(tmp_path, database, port) as site,
    ):
        celery = (sys.executable, "-m", "celery", "-A", "tracker")
        site.start(*celery, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile", "", "-l", "warning")
        kills = kill_repeatedly(site, (*celery, "worker", "--concurrency", "2", "-l", "warning"))
        assert kills >= 5
        assert_rows_are_sound(site)
        rows = dict(site.query("SELECT message_id, is_repeat FROM supervision_delivery WHERE channel = 'email'"))
        assert {key for key, _ in mailbox.taken} == set(rows), "every message reached the mail server"
        times = Counter(key for key, _ in mailbox.taken)
        first = set()
        for key, subject in mailbox.taken:
            if key in first:
                assert subject.startswith("【补发】"), "what arrives a second time says so"
            first.add(key)
        assert all(rows[key] for key, count in times.items() if count > 1)
    empty_queue()
