"""kill -9, Redis restarted empty, PostgreSQL restarted at once: while notices go out and people report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from benchmarks.faults.mailbox import MARK, mail_server
from benchmarks.faults.reporting import Reporters
from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import BOTH, PRODUCTION, Entry, Run, Site, fill, mail_settings

PROJECTS = 20
ORDER = ("work", "web", "work", "beat")
"""Half of the kills meet the process that sends."""


class Running:
    """The processes of a site by name."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._starts: dict[str, Callable] = {"web": site.start_web, "work": site.start_work, "beat": site.start_beat}
        self._processes = {name: start() for name, start in self._starts.items()}

    def kill_and_restart(self, name: str) -> None:
        self._site.kill(self._processes[name])
        self._processes[name] = self._starts[name]()


def kill_nine(run: Run, tally: Tally) -> None:
    """Kills spread over the whole time from the first notice written to the last message sent."""
    persons, kills = run.size(10_000, 600), run.size(50, 8)
    tally.wanted = kills

    def disturb(site: Site, running: Running) -> None:
        site.wait(lambda: site.count("supervision_notice") >= persons // 20, "no notice was written")
        for number in range(kills):
            site.wait(lambda number=number: site.sent() >= number * persons // (kills + 2), "sending stood still")
            running.kill_and_restart(ORDER[number % len(ORDER)])
            tally.tries += 1

    _while_working(run, tally, persons, disturb)
    tally.note = f"{persons} notices, {kills} kills, {tally.note}"


def redis_empty(run: Run, tally: Tally) -> None:
    def restart() -> None:
        assert run.redis is not None
        run.redis.kill()
        run.redis.start()

    _restarts(run, tally, restart)


def postgres_immediate(run: Run, tally: Tally) -> None:
    def restart() -> None:
        assert run.postgres is not None
        run.postgres.stop()
        run.postgres.start()

    _restarts(run, tally, restart)


def _restarts(run: Run, tally: Tally, restart: Callable[[], None]) -> None:
    persons, times = run.size(4000, 600), 3
    tally.wanted = times

    def disturb(site: Site, running: Running) -> None:
        for number in range(1, times + 1):
            site.wait(lambda number=number: site.sent() >= number * persons // (times + 1), "sending stood still")
            restart()
            tally.tries += 1

    _while_working(run, tally, persons, disturb)
    tally.note = f"{persons} notices, {tally.note}"


def _while_working(run: Run, tally: Tally, persons: int, disturb: Callable[[Site, Running], None]) -> None:
    with ExitStack() as stack:
        mailbox = stack.enter_context(mail_server()) if run.profile == PRODUCTION else None
        site = stack.enter_context(run.site(**(mail_settings(mailbox.port) if mailbox else {})))
        fill(site, persons, PROJECTS)
        running = Running(site)
        reporters = Reporters(site)
        site.wait_for_web()
        reporters.start()
        disturb(site, running)
        site.wait(lambda: site.sent() >= persons, "not all was sent")
        reporters.stop()
        site.end()
        site.check_notices(tally, persons)
        reporters.check(tally)
        if mailbox is not None:
            mailbox.count_repeats(tally, site.message_rows())
        else:
            count_spooled(site, tally)
        tally.note = f"{len(reporters.confirmed)} reports confirmed meanwhile"


def count_spooled(site: Site, tally: Tally) -> None:
    """Files of the spool folder beside the rows: a repeat replaces its first copy, and says so."""
    from email import message_from_bytes, policy

    subjects = {}
    for file in (site.folder / "spool").glob("*.eml"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        subjects[message["Message-ID"]] = message["Subject"]
    rows = site.message_rows()
    tally.lost += len(set(rows) - set(subjects))
    marked = {key for key, subject in subjects.items() if subject.startswith(MARK)}
    repeats = {key for key, is_repeat in rows.items() if is_repeat}
    tally.repeats = len(repeats)
    tally.unmarked += len(repeats - marked)


FAULTS = (
    Entry("kill", "kill -9 of worker or dispatcher, web and beat", BOTH, kill_nine),
    Entry("redis", "Redis killed and restarted empty", (PRODUCTION,), redis_empty),
    Entry("postgres", "PostgreSQL restarted at once (immediate)", (PRODUCTION,), postgres_immediate),
)
