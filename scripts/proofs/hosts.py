"""`make prove-hosts`: two web and two worker hosts against one PostgreSQL, one Redis, one S3 store behave as one.

    python -m scripts.proofs.hosts [--work var/proofs]

Each host is a network namespace with its own address, host name and data folder; nothing but the network connects them.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg2

from scripts.proofs.common import ROOT, Table, Visitor, copy_of_demo, file_report, report_form, wait_until
from scripts.proofs.sink import MailSink
from tests.support.files import pdf
from tests.support.s3 import s3_server

BRIDGE = "dujinproof"
NETWORK = "10.213.77"
CENTRE = f"{NETWORK}.1"
"""Where PostgreSQL, Redis, the file store and the mail server listen, and where the visitors come from."""
HOSTS = {"web1": 11, "web2": 12, "work1": 21, "work2": 22}
WEB_PORT, DATABASE_PORT, REDIS_PORT = 8000, 5499, 6399
LEASE_SECONDS = 15
JOB = "recompute_lights"
JOBS_ASKED = 20
WRONG_GUESSES = 8
"""As many as close a name from one address for a while (docs/trust.md)."""

OPEN = (
    "SELECT (SELECT count(*) FROM supervision_jobrun WHERE state IN ('waiting', 'running'))"
    " + (SELECT count(*) FROM supervision_delivery WHERE state IN ('waiting', 'sending'))"
)
MAILS = "FROM supervision_delivery WHERE channel = 'email'"
WEB = (
    "granian", "tracker.wsgi:application", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0",
    "--port", str(WEB_PORT), "--workers", "1", "--blocking-threads", "4", "--respawn-failed-workers",
    "--log-level", "warning",
)  # fmt: skip
WORKER = ("celery", "--app", "tracker", "worker", "--loglevel", "warning", "--concurrency", "2")


def home(host: str) -> str:
    return f"http://{NETWORK}.{HOSTS[host]}:{WEB_PORT}"


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def network() -> Iterator[None]:
    """One bridge, one namespace for each host."""
    drop_network()
    try:
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        run("ip", "address", "add", f"{CENTRE}/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        for host, number in HOSTS.items():
            space, here, there = f"dujin-{host}", f"dj{host}", "eth0"
            run("ip", "netns", "add", space)
            run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", space)
            run("ip", "link", "set", here, "master", BRIDGE, "up")
            run("ip", "-n", space, "address", "add", f"{NETWORK}.{number}/24", "dev", there)
            run("ip", "-n", space, "link", "set", there, "up")
            run("ip", "-n", space, "link", "set", "lo", "up")
        yield
    finally:
        drop_network()


def drop_network() -> None:
    for host in HOSTS:
        subprocess.run(["ip", "netns", "delete", f"dujin-{host}"], capture_output=True, check=False)
    subprocess.run(["ip", "link", "delete", BRIDGE], capture_output=True, check=False)


class Programs:
    """Processes of the proof, each a group of its own; all end with it."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, list[subprocess.Popen[bytes]]] = {}

    def start(self, place: str, command: tuple[str, ...], environment: dict[str, str]) -> None:
        log = (self._logs / f"{place}.log").open("ab")
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        self._running.setdefault(place, []).append(process)

    def kill(self, place: str) -> None:
        """Everything that runs in this place, at once and without warning."""
        for process in self._running.pop(place, []):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def end(self) -> None:
        for place in list(self._running):
            self.kill(place)


@contextmanager
def postgres(programs: Programs) -> Iterator[str]:
    """A cluster of its own in the middle of the network; answers the address of an empty database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        sys.exit("missing: PostgreSQL (apt install postgresql)")
    programs_of = found[-1].parent
    with tempfile.TemporaryDirectory(prefix="dujin-pg-") as folder:
        shutil.chown(folder, "postgres")
        as_postgres = ("runuser", "-u", "postgres", "--")
        run(
            *as_postgres,
            str(programs_of / "initdb"),
            "-D",
            f"{folder}/data",
            "-U",
            "dujin",
            "-A",
            "trust",
            "-E",
            "UTF8",
        )
        with Path(f"{folder}/data/pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {NETWORK}.0/24 trust\n")
        options = ("-c", f"listen_addresses={CENTRE}", "-c", f"port={DATABASE_PORT}", "-k", folder)
        command = (*as_postgres, str(programs_of / "postgres"), "-D", f"{folder}/data", *options)
        programs.start("postgres", command, dict(os.environ))
        address = f"postgresql://dujin@{CENTRE}:{DATABASE_PORT}"
        wait_until(lambda: answers(f"{address}/postgres"))
        with_database = psycopg2.connect(f"{address}/postgres")
        with_database.autocommit = True
        with with_database.cursor() as cursor:
            cursor.execute("CREATE DATABASE dujin")
        with_database.close()
        try:
            yield f"{address}/dujin"
        finally:
            programs.kill("postgres")


def answers(address: str) -> bool:
    try:
        psycopg2.connect(address, connect_timeout=3).close()
    except psycopg2.Error:
        return False
    return True


class County:
    """The hosts with what runs on them."""

    def __init__(self, work: Path, programs: Programs, database: str, uploads: str, mail_port: int) -> None:
        self._work, self._programs, self._database = work, programs, database
        self._key = secrets.token_urlsafe(50)
        self._shared = {
            "DUJIN_PROFILE": "production",
            "DUJIN_SECRET_KEY": self._key,
            "DUJIN_HOSTS": ",".join(f"{NETWORK}.{number}" for number in HOSTS.values()),
            "DUJIN_DATABASE_URL": database,
            "DUJIN_REDIS_URL": f"redis://{CENTRE}:{REDIS_PORT}/0",
            "DUJIN_UPLOADS_URL": uploads,
            "DUJIN_HTTPS": "0",
            "DUJIN_LEASE_SECONDS": str(LEASE_SECONDS),
            "DUJIN_SMTP_HOST": CENTRE,
            "DUJIN_SMTP_PORT": str(mail_port),
            "DUJIN_MAIL_FROM": "dujin@qinghe.example",
        }

    def environment(self, host: str) -> dict[str, str]:
        outer = {name: value for name, value in os.environ.items() if not name.startswith("DUJIN_")}
        return {**outer, **self._shared, "DUJIN_DATA": str(self.folder(host)), "PYTHONUNBUFFERED": "1"}

    def folder(self, host: str) -> Path:
        return self._work / host

    def start(self, host: str, *programs: tuple[str, ...]) -> None:
        for name, *arguments in programs:
            program = str(Path(sys.executable).with_name(name))
            named = ("unshare", "--uts", "sh", "-c", f'hostname {host} && exec "$@"', "sh", program, *arguments)
            self._programs.start(host, ("ip", "netns", "exec", f"dujin-{host}", *named), self.environment(host))

    def kill(self, host: str) -> None:
        self._programs.kill(host)

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment("centre"),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def rows(self, query: str) -> list[tuple]:
        connection = psycopg2.connect(self._database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return cursor.fetchall()
        finally:
            connection.close()

    def number(self, query: str) -> int:
        return int(self.rows(query)[0][0])


class Proof:
    def __init__(self, county: County, sink: MailSink) -> None:
        self.county, self.sink = county, sink
        self.table = Table("Two web and two worker hosts, one PostgreSQL, one Redis, one S3 store")

    def move_in(self, office: Path) -> None:
        told = self.county.manage("move_database", "--from", str(office))
        arrived = next(line for line in told.splitlines() if line.startswith("共"))
        self.table.line("an embedded office moves in, its files into the S3 store", arrived, "两边逐行一致" in arrived)

    def start(self) -> None:
        for host in ("web1", "web2"):
            self.county.start(host, WEB)
        for host in ("work1", "work2"):
            beat = ("celery", "--app", "tracker", "beat", "--loglevel", "warning", "--pidfile=")
            self.county.start(host, WORKER, (*beat, "--schedule", str(self.county.folder(host) / "beat")))
        for host in ("web1", "web2"):
            visitor = Visitor(home(host))
            wait_until(lambda visitor=visitor: is_ready(visitor))
        self.table.line("both web hosts ready; two workers, two beats", "200 ready", True)

    def sessions(self) -> None:
        line = self.table.line
        visitor = Visitor(home("web1"))
        visitor.sign_in("transport")
        visitor.home = home("web2")
        visitor.get("/reports/")
        line(
            "signed in on web1, working on web2",
            visitor.status,
            visitor.status == 200 and "/sign-in/" not in visitor.url,
        )
        form = report_form(visitor, words="同一份表单发到两台")
        visitor.post(form)
        visitor.home = home("web1")
        visitor.post(form)
        twice = self.county.number("SELECT count(*) FROM projects_reportrevision WHERE progress = '同一份表单发到两台'")
        line("one form sent to web2 and to web1: reports made", f"{twice}; second answer {visitor.status}", twice == 1)
        visitor.home = home("web2")
        visitor.send("/", "/sign-out/")
        visitor.home = home("web1")
        visitor.get("/reports/")
        line("signed out on web2, asked on web1", visitor.url.removeprefix(home("web1")), "/sign-in/" in visitor.url)

    def throttling(self) -> None:
        for attempt in range(WRONG_GUESSES):
            Visitor(home(("web1", "web2")[attempt % 2])).sign_in("housing", f"wrong-guess-{attempt}")
        answers_now = []
        for host in ("web1", "web2"):
            visitor = Visitor(home(host))
            visitor.sign_in("housing")
            answers_now.append(visitor.status)
        colleague = Visitor(home("web1")).sign_in("housing-head")
        self.table.line("8 wrong passwords over both hosts, then the right one", answers_now, answers_now == [429, 429])
        self.table.line("a colleague behind the same address", "signed in" if colleague else "refused", colleague)

    def uploads(self) -> None:
        county, line = self.county, self.table.line
        visitor = Visitor(home("web1"))
        visitor.sign_in("zhongdian")
        project = county.number("SELECT min(id) FROM projects_project")
        data = pdf("跨主机的批复")
        path = f"/projects/{project}/documents/new/"
        kind = re.search(r'<option value="(\w+)"', visitor.get(path))
        visitor.send(path, "document_no", files={"file": ("批复.pdf", data)}, kind=kind[1] if kind else "")
        document = county.number("SELECT max(id) FROM projects_projectdocument")
        visitor.home = home("web2")
        visitor.get(f"/projects/{project}/documents/{document}/")
        line("uploaded on web1, opened on web2, byte for byte", f"{len(visitor.data)} bytes", visitor.data == data)
        local = [str(folder) for host in HOSTS if (folder := county.folder(host) / "uploads").exists()]
        line("files kept on a host's own disk", len(local), not local)

    def work(self) -> None:
        county, line = self.county, self.table.line
        sysadmin, desk = Visitor(home("web1")), Visitor(home("web2"))
        sysadmin.sign_in("sysadmin")
        desk.sign_in("zhongdian")
        ((week,),) = county.rows("SELECT key FROM projects_period WHERE kind = 'week' ORDER BY starts_on DESC LIMIT 1")
        asking = threading.Thread(target=ask_for_jobs, args=(sysadmin,))
        asking.start()
        desk.send(f"/periods/{week}/", f"/notices/remind/{week}/")
        wait_until(lambda: len(self.sink.messages) >= 3)
        held: list[tuple] = []

        def in_hand() -> bool:
            held[:] = county.rows(f"SELECT worker {MAILS} AND state = 'sending' LIMIT 1")
            return bool(held)

        wait_until(in_hand)
        lost = held[0][0].partition(":")[0]
        county.kill(lost)
        county.kill("web2")
        line("a worker host with work in hand and web2 switched off", f"{lost}, web2", True)
        desk.home = home("web1")
        desk.get("/reviews/")
        line("the person of web2 goes on, on web1", desk.status, is_inside(desk))
        asking.join()
        seconds = wait_until(lambda: county.number(OPEN) == 0, 300)
        line("the other worker host took over and finished", f"{seconds:.0f} s (lease {LEASE_SECONDS} s)", True)
        runs = f"FROM supervision_jobrun WHERE name = '{JOB}' AND requested_by_id IS NOT NULL"
        done = county.number(f"SELECT count(*) {runs} AND state = 'done'")
        hosts = [host for (host,) in county.rows(f"SELECT DISTINCT split_part(worker, ':', 1) {runs} ORDER BY 1")]
        line("jobs asked for / done, by", f"{JOBS_ASKED} / {done}, {' and '.join(hosts)}", done == JOBS_ASKED)
        every, sent = (
            county.number(f"SELECT count(*) {MAILS}"),
            county.number(f"SELECT count(*) {MAILS} AND state = 'sent'"),
        )
        said = f"{every} / {sent} / {len(self.sink.messages)}"
        line("e-mails written / sent / arrived", said, every == sent == len(self.sink.messages) > 3)
        marked = sum(self.sink.marked.values())
        unmarked = sum(self.sink.first.values()) - len(self.sink.first)
        line("e-mails that arrived again: marked 补发 / not marked", f"{marked} / {unmarked}", unmarked == 0)
        double = county.number("SELECT count(*) - count(DISTINCT (name, due_at)) FROM supervision_jobrun")
        line("runs that two beats made twice", double, double == 0)
        visitor = Visitor(home("web1"))
        visitor.sign_in("transport")
        address = file_report(visitor, words="一台之后的报送")
        line("a report on what is left", address.removeprefix(home("web1")), visitor.status == 200)
        told = county.manage("verify_audit").strip()
        line("the audit chain after all of it", told, "审计链完好" in told)


def ask_for_jobs(sysadmin: Visitor) -> None:
    for _ in range(JOBS_ASKED):
        sysadmin.send("/operations/", f"/operations/jobs/{JOB}/run/")


def is_inside(visitor: Visitor) -> bool:
    """The page asked for was shown, not the one to sign in."""
    return visitor.status == 200 and "/sign-in/" not in visitor.url


def is_ready(visitor: Visitor) -> bool:
    try:
        visitor.get("/readyz")
    except OSError:
        return False
    return visitor.status == 200


def main() -> None:
    arguments = argparse.ArgumentParser(description="Prove several hosts on this machine.")
    arguments.add_argument("--work", type=Path, default=ROOT / "var" / "proofs")
    given = arguments.parse_args()
    if os.geteuid():
        sys.exit("this proof makes network namespaces: run it as root")
    office = copy_of_demo(given.work, "hosts")
    folder = given.work / "hosts"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    programs = Programs(folder)
    with ExitStack() as stack:
        stack.enter_context(network())
        stack.callback(programs.end)
        redis = ("redis-server", "--bind", CENTRE, "--port", str(REDIS_PORT), "--protected-mode", "no", "--save", "")
        programs.start("redis", redis, dict(os.environ))
        database = stack.enter_context(postgres(programs))
        uploads = stack.enter_context(s3_server(CENTRE))
        sink = MailSink(CENTRE, seconds_each=0.4)
        stack.callback(sink.stop)
        proof = Proof(County(folder, programs, database, uploads, sink.port), sink)
        proof.move_in(office)
        proof.start()
        proof.sessions()
        proof.throttling()
        proof.uploads()
        proof.work()
    proof.table.end()


if __name__ == "__main__":
    main()
