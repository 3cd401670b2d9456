"""`make prove-compose`: the whole production stack as containers, a report filed through it, and what kills do to it.

    python -m scripts.proofs.compose [--https-port 8443] [--http-port 8480] [--work var/proofs] [--keep]

Builds the image, starts what docker-compose.yml describes, moves a demonstration county into its PostgreSQL, works in
it through the TLS proxy while one web and one worker container die and while all are replaced. Ends with a table.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import secrets
import signal
import sys
import threading
import time
from pathlib import Path

from scripts.proofs.common import ROOT, Table, Visitor, copy_of_demo, file_report, wait_until
from scripts.proofs.engine import APP, BASE, Engine, stand_in
from scripts.proofs.sink import MailSink

PROJECT = "dujin-proof"
CLERKS = ("transport", "housing", "water", "education", "park", "farm", "industry", "chengtou")
JOB = "recompute_lights"
JOBS_ASKED = 12
LEASE_SECONDS = 20
MESSAGE_SECONDS = 0.4
"""How long the mail server takes over each message, so that a worker dies with some in hand."""

IN_HAND = "SELECT split_part(worker, ':', 1) FROM supervision_delivery WHERE state = 'sending' AND channel = 'email'"
OPEN = (
    "SELECT (SELECT count(*) FROM supervision_jobrun WHERE state IN ('waiting', 'running'))"
    " + (SELECT count(*) FROM supervision_delivery WHERE state IN ('waiting', 'sending'))"
)
MAILS = "SELECT count(*) FROM supervision_delivery WHERE channel = 'email'"
WRITTEN = "FROM projects_reportrevision WHERE progress LIKE '验证%'"


class Stack:
    """The services of docker-compose.yml under the project name of the proof."""

    def __init__(self, engine: Engine, *, http_port: int, https_port: int, mail_port: int) -> None:
        self.engine = engine
        engine.environment |= {
            "DUJIN_IMAGE": APP,
            "DUJIN_BASE": BASE,
            "POSTGRES_IMAGE": stand_in("postgres"),
            "REDIS_IMAGE": stand_in("redis"),
            "CADDY_IMAGE": stand_in("caddy"),
            "DUJIN_SITE": "localhost",
            "DUJIN_HTTP_PORT": str(http_port),
            "DUJIN_HTTPS_PORT": str(https_port),
            "DUJIN_COUNTY": "青禾县",
            "DUJIN_SECRET_KEY": secrets.token_urlsafe(50),
            "POSTGRES_PASSWORD": secrets.token_urlsafe(12),
            "DUJIN_SMTP_HOST": "host.containers.internal",
            "DUJIN_SMTP_PORT": str(mail_port),
            "DUJIN_MAIL_FROM": "dujin@qinghe.example",
            "DUJIN_LEASE_SECONDS": str(LEASE_SECONDS),
        }
        composer = str(Path(sys.executable).with_name("podman-compose"))
        self._composer = (composer, "--in-pod", "false", "--project-name", PROJECT)

    def compose(self, *arguments: str) -> str:
        return self.engine.run(*self._composer, *arguments)

    def up(self, *services: str) -> None:
        """Start services whose dependencies are ready: without systemd this podman asks no health checks itself."""
        self.compose("up", "--detach", "--no-build", "--no-deps", *services)

    def containers(self, service: str) -> list[str]:
        names = self.engine.run("podman", "ps", "--all", "--format", "{{.Names}}").split()
        return sorted(name for name in names if name.startswith(f"{PROJECT}_{service}_"))

    def wait_healthy(self, *services: str) -> None:
        for name in [name for service in services for name in self.containers(service)]:
            self.wait_healthy_one(name)

    def wait_healthy_one(self, name: str) -> None:
        wait_until(lambda: self.engine.succeeds("podman", "healthcheck", "run", name))

    def state(self, name: str, what: str) -> str:
        return self.engine.run("podman", "inspect", "--format", what, name).strip()

    def pid(self, name: str) -> int:
        return int(self.state(name, "{{.State.Pid}}"))

    def kill(self, name: str) -> int:
        """SIGKILL to the container's first process, as when memory runs out; answers its number."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def replace(self, name: str) -> None:
        """An orderly end within the grace period, and a start: what an upgrade does to each container."""
        self.engine.run("podman", "stop", name)
        self.engine.run("podman", "start", name)

    def sql(self, query: str) -> str:
        (database,) = self.containers("postgres")
        told = self.engine.run("podman", "exec", database, "psql", "-h", "/tmp", "-U", "dujin", "-tAc", query, "dujin")
        return told.strip()

    def number(self, query: str) -> int:
        return int(self.sql(query))

    def manage(self, *command: str) -> str:
        return self.engine.run("podman", "exec", self.containers("web")[0], "python", "manage.py", *command)


class Clerks:
    """Several people who file one report after the other; what the site confirmed to them, and what it did not."""

    def __init__(self, home: str, authority: Path) -> None:
        self.confirmed: list[str] = []
        self.unanswered = 0
        self._threads = [threading.Thread(target=self._work, args=(home, authority, name)) for name in CLERKS]

    def __enter__(self) -> Clerks:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join()

    def _work(self, home: str, authority: Path, name: str) -> None:
        visitor = Visitor(home, authority=authority)
        visitor.sign_in(name)
        number = 0
        while True:
            words = f"验证{name}{number:03}"
            try:
                file_report(visitor, words=words)
            except LookupError:
                if visitor.status == 200:
                    return  # nothing is owed any more
                self.unanswered += 1
            except OSError:
                self.unanswered += 1
            else:
                self.confirmed.append(words)
                number += 1
            time.sleep(1)


class Proof:
    """One stack, one table."""

    def __init__(self, stack: Stack, sink: MailSink, home: str, work: Path) -> None:
        self.stack, self.sink, self.home = stack, sink, home
        self.authority = work / "authority.pem"
        self.table = Table("docker-compose.yml as it runs: PostgreSQL, Redis, two web, two worker, beat, TLS proxy")

    def bring_up(self, office: Path) -> None:
        stack, line = self.stack, self.table.line
        stack.up("postgres", "redis")
        stack.wait_healthy("postgres", "redis")
        stack.up("migrate")
        (migrate,) = stack.containers("migrate")
        wait_until(lambda: stack.state(migrate, "{{.State.Status}}") == "exited")
        code = stack.state(migrate, "{{.State.ExitCode}}")
        line("migrate runs once and ends", f"exit {code}", code == "0")
        command = ("python", "manage.py", "move_database", "--from", "/office")
        told = stack.compose("run", "--rm", "--no-deps", "--volume", f"{office}:/office", "migrate", *command)
        arrived = next((text for text in told.splitlines() if text.startswith("共")), told[-300:])
        line("an embedded office moves in by one command", arrived, "两边逐行一致" in arrived)
        stack.up("web", "worker", "beat", "proxy")
        stack.wait_healthy("web", "worker")
        found = {service: len(stack.containers(service)) for service in ("web", "worker", "beat", "proxy")}
        line("replicas, every health check passed", found, found == {"web": 2, "worker": 2, "beat": 1, "proxy": 1})
        web = stack.containers("web")[0]
        guard = stack.state(web, "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.EffectiveCaps}}")
        line("web: user, read-only root, capabilities", guard, guard == "10001 true []")

    def file_one(self, http_port: int) -> None:
        stack, line = self.stack, self.table.line
        certificate = "/data/caddy/pki/authorities/local/root.crt"
        read = ("podman", "exec", stack.containers("proxy")[0], "cat", certificate)
        wait_until(lambda: stack.engine.succeeds(*read))
        self.authority.write_text(stack.engine.run(*read))
        visitor = Visitor(self.home, authority=self.authority)
        wait_until(lambda: is_ready(visitor))
        line("/readyz through TLS, certificate checked", f"{visitor.status} {visitor.page.strip()}", True)
        plain = http.client.HTTPConnection("localhost", http_port, timeout=10)
        plain.request("GET", "/sign-in/")
        answer = plain.getresponse()
        line("plain HTTP is sent on to HTTPS", answer.status, answer.status == 308)
        visitor.sign_in("transport")
        address = file_report(visitor, words="经代理报送的第一份")
        line("a report filed through proxy, web and database", address.removeprefix(self.home), visitor.status == 200)

    def kill_under_load(self) -> None:
        stack, line = self.stack, self.table.line
        desk = self.signed_in("zhongdian")
        week = stack.sql("SELECT key FROM projects_period WHERE kind = 'week' ORDER BY starts_on DESC LIMIT 1")
        with Clerks(self.home, self.authority) as clerks:
            wait_until(lambda: len(clerks.confirmed) >= 4)
            desk.send(f"/periods/{week}/", f"/notices/remind/{week}/")
            Asking(self.signed_in("sysadmin")).run()
            wait_until(lambda: len(self.sink.messages) >= 3)
            web, worker = stack.containers("web")[0], self.worker_with_work()
            killed = {name: stack.kill(name) for name in (worker, web)}
        line("killed with -9 under load: web, worker with work in hand", f"{web}, {worker}", True)
        for name, pid in killed.items():
            wait_until(lambda name=name, pid=pid: stack.pid(name) not in {0, pid})
            stack.wait_healthy_one(name)
        line("both came back by themselves", "healthy", True)

        confirmed = ", ".join(f"'{words}'" for words in clerks.confirmed)
        found = stack.number(f"SELECT count(DISTINCT progress) {WRITTEN} AND progress IN ({confirmed})")
        said = f"{len(clerks.confirmed)} / {found}; {clerks.unanswered} requests had to be repeated"
        line("reports confirmed to clerks / in the database", said, found == len(clerks.confirmed) >= len(CLERKS))
        twice = stack.number(f"SELECT count(*) - count(DISTINCT report_id) {WRITTEN}")
        line("reports that stand there twice", twice, twice == 0)
        self.settle()
        self.told_of_jobs("jobs asked for before the kill / done", 1)
        every, sent = stack.number(MAILS), stack.number(f"{MAILS} AND state = 'sent'")
        needless = stack.number(f"{MAILS} AND state = 'cancelled'")
        said = f"{every} / {sent} / {needless} / {len(self.sink.messages)}"
        kept = every == sent + needless and sent <= len(self.sink.messages) <= every
        line("e-mails written / sent / no longer due / arrived", said, kept and sent > 3)
        marked = sum(self.sink.marked.values())
        unmarked = sum(self.sink.first.values()) - len(self.sink.first)
        line("e-mails that arrived again: marked 补发 / not marked", f"{marked} / {unmarked}", unmarked == 0)

    def replace_all(self) -> None:
        """As an upgrade does: every web and worker ends in order and starts anew, with jobs in flight."""
        stack = self.stack
        asking = Asking(self.signed_in("sysadmin"), pause=3)
        asking.start()
        reader, refused = self.signed_in("sysadmin"), 0
        for name in [*stack.containers("worker"), *stack.containers("web")]:
            stack.replace(name)
            reader.get("/operations/")
            refused += reader.status != 200
            stack.wait_healthy_one(name)
        asking.join()
        said = f"{refused}; {asking.repeated}"
        self.table.line("every worker and web replaced in turn: pages, forms refused", said, refused == 0)
        self.settle()
        self.told_of_jobs("jobs asked for meanwhile too / done", 2)

    def end(self) -> None:
        stack, line = self.stack, self.table.line
        told = stack.manage("verify_audit").strip()
        line("the audit chain after all of it", told, "审计链完好" in told)
        told = self.tool()
        made = next((text for text in told.splitlines() if text.startswith("已备份")), told[-300:])
        line("docker compose run --rm backup", made.partition("：")[2], "审计链" in made)
        self.restore(re.search(r"/backups/\S+?\.tar", made))
        visitor = self.signed_in("transport")
        visitor.get("/readyz")
        line("/readyz at the end", f"{visitor.status} {visitor.page.strip()}", visitor.status == 200)

    def tool(self, *command: str) -> str:
        return self.stack.compose("--profile", "tools", "run", "--rm", "--no-deps", "backup", *command)

    def restore(self, backup: re.Match[str] | None) -> None:
        """As the guide says: everything stopped, an empty database, an empty file store."""
        stack, line = self.stack, self.table.line
        (database,) = stack.containers("postgres")
        count = "SELECT count(*) FROM projects_reportrevision"
        before = stack.number(count)
        workers = [name for service in ("worker", "beat", "web") for name in stack.containers(service)]
        stack.engine.run("podman", "stop", *workers)
        for program in ("dropdb", "createdb"):
            stack.engine.run("podman", "exec", database, program, "-h", "/tmp", "-U", "dujin", "dujin")
        self.tool("mv", "/data/uploads", "/data/uploads-before")
        told = self.tool("python", "manage.py", "restore", backup[0] if backup else "")
        said = next((text for text in told.splitlines() if text.startswith("已恢复")), told[-300:])
        line("restored into an empty place, counts, chain, files equal", said.partition("，")[2], "请核查" not in told)
        stack.engine.run("podman", "start", *workers)
        stack.wait_healthy("web", "worker")
        line("reports before and after", f"{before} / {stack.number(count)}", before == stack.number(count) > 0)
        told = stack.manage("release_sending").strip()
        line("sending was stopped until released", told, "已放行" in told)

    def signed_in(self, name: str) -> Visitor:
        visitor = Visitor(self.home, authority=self.authority)
        visitor.sign_in(name)
        return visitor

    def worker_with_work(self) -> str:
        """The container that is sending a message at this moment; rows name it by its host."""
        hosts = {self.stack.state(name, "{{.Config.Hostname}}"): name for name in self.stack.containers("worker")}
        holders: list[str] = []

        def found() -> bool:
            holders[:] = self.stack.sql(IN_HAND).split()
            return bool(holders)

        wait_until(found)
        return hosts[holders[0]]

    def settle(self) -> None:
        wait_until(lambda: self.stack.number(OPEN) == 0, 300)

    def told_of_jobs(self, promise: str, rounds: int) -> None:
        """So many rounds of jobs were asked for; each run must have ended well, after however many attempts."""
        query = f"FROM supervision_jobrun WHERE name = '{JOB}' AND requested_by_id IS NOT NULL"
        asked, tries = self.stack.sql(f"SELECT count(*), sum(attempt) {query}").split("|")
        done = self.stack.number(f"SELECT count(*) {query} AND state = 'done'")
        said = f"{asked} / {done} in {tries} attempts"
        self.table.line(promise, said, int(asked) == done >= JOBS_ASKED * rounds)


class Asking(threading.Thread):
    """A system administrator who asks for one job run after the other, and again when no answer comes."""

    def __init__(self, sysadmin: Visitor, *, pause: float = 0) -> None:
        super().__init__()
        self._sysadmin, self._pause = sysadmin, pause
        self.repeated = 0

    def run(self) -> None:
        confirmed = 0
        while confirmed < JOBS_ASKED:
            time.sleep(self._pause)
            try:
                self._sysadmin.send("/operations/", f"/operations/jobs/{JOB}/run/")
            except (LookupError, OSError):
                self.repeated += 1
            else:
                confirmed += self._sysadmin.status == 200
                self.repeated += self._sysadmin.status != 200


def is_ready(visitor: Visitor) -> bool:
    try:
        visitor.get("/readyz")
    except OSError:
        return False
    return visitor.status == 200


def main() -> None:
    arguments = argparse.ArgumentParser(description="Prove docker-compose.yml on this machine.")
    arguments.add_argument("--https-port", type=int, default=8443)
    arguments.add_argument("--http-port", type=int, default=8480)
    arguments.add_argument("--work", type=Path, default=ROOT / "var" / "proofs")
    arguments.add_argument("--keep", action="store_true", help="leave the containers running")
    given = arguments.parse_args()

    engine = Engine(given.work)
    sink = MailSink("0.0.0.0", seconds_each=MESSAGE_SECONDS)
    stack = Stack(engine, http_port=given.http_port, https_port=given.https_port, mail_port=sink.port)
    print("Images: Debian base, PostgreSQL, Redis, Caddy (once), and this code ...", flush=True)
    engine.make_base()
    engine.make_stand_ins()
    stack.compose("build", "web")
    print("A demonstration county (once a day) ...", flush=True)
    office = copy_of_demo(given.work, "compose", owner=10001)
    stack.compose("down", "--volumes")
    proof = Proof(stack, sink, f"https://localhost:{given.https_port}", given.work)
    try:
        proof.bring_up(office)
        proof.file_one(given.http_port)
        proof.kill_under_load()
        proof.replace_all()
        proof.end()
    finally:
        sink.stop()
        if not given.keep:
            stack.compose("down", "--volumes")
    proof.table.end()


if __name__ == "__main__":
    main()
