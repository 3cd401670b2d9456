"""The broker is away, or accepts connections and never answers: people report and press buttons that ring the bell."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, ExitStack

from benchmarks.faults.browser import Browser
from benchmarks.faults.prepare import ADMINISTRATOR, REPORTER
from benchmarks.faults.reporting import check_texts, expected_reports, report
from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import PRODUCTION, Entry, Run, Site, fill

SLOW_SECONDS = 2.0
"""For a report, which rings no bell. A pressed job may wait for the broker's own time-outs."""
SLOW_BELL_SECONDS = 5.0
BELLS = 5


def broker_down(run: Run, tally: Tally) -> None:
    assert run.redis is not None
    _work_without_broker(run, tally, run.redis.gone())


def broker_hanging(run: Run, tally: Tally) -> None:
    assert run.redis is not None
    _work_without_broker(run, tally, run.redis.hanging())


def _work_without_broker(run: Run, tally: Tally, without: AbstractContextManager[None]) -> None:
    tally.wanted = run.size(50, 10)
    with run.site() as site, ExitStack() as stack:
        fill(site, 5, tally.wanted)
        site.start_web()
        site.wait_for_web()
        reporter, texts, slowest = site.browser(REPORTER), [], 0.0
        for _ in range(10):  # a process that has just started is slow by itself
            report(reporter, expected_reports(site)[0], "准备")
        stack.enter_context(without)
        for number, expected in enumerate(expected_reports(site)):
            begin = time.monotonic()
            texts.append(f"完成路面{number}米")
            status = report(reporter, expected, texts[-1])
            slowest = max(slowest, time.monotonic() - begin)
            tally.expect(status == 302, f"a report was answered {status}")
            tally.tries += 1
        check_texts(site, texts, tally)
        tally.expect(slowest < SLOW_SECONDS, f"the slowest report took {slowest:.1f} s")
        bell = _press_jobs(site, site.browser(ADMINISTRATOR), tally)
        tally.note = f"slowest report {slowest * 1000:.0f} ms, slowest bell {bell * 1000:.0f} ms"


def _press_jobs(site: Site, person: Browser, tally: Tally) -> float:
    """Jobs asked for by hand ring; each must be written down. The slowest press in seconds."""
    path, slowest = "/operations/jobs/verify_audit/run/", 0.0
    for _ in range(BELLS):
        form = person.form("/operations/", path)
        begin = time.monotonic()
        answer = person.send(form, path)
        slowest = max(slowest, time.monotonic() - begin)
        tally.expect(answer.status == 302, f"a job asked for was answered {answer.status}")
    tally.lost += BELLS - site.count("supervision_jobrun", "name = 'verify_audit'")
    tally.expect(slowest < SLOW_BELL_SECONDS, f"the slowest bell took {slowest:.1f} s")
    return slowest


FAULTS = (
    Entry("broker", "Broker down: reports saved, none slow", (PRODUCTION,), broker_down),
    Entry("broker-hangs", "Broker hangs: reports saved, none slow", (PRODUCTION,), broker_hanging),
)
