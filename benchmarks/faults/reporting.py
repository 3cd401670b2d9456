"""People who report through the real pages while something breaks."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.faults.browser import Browser
from benchmarks.faults.prepare import REPORTER, ROAD
from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import Site

BROKEN = (ConnectionError, TimeoutError, http.client.HTTPException, RuntimeError)
"""What a browser sees of a dead or restarting server; RuntimeError is a page that did not answer 200."""


def expected_reports(site: Site) -> list[int]:
    """The reports that the reporter may send, by number."""
    return [
        pk
        for (pk,) in site.query(
            "SELECT e.id FROM projects_expectedreport e JOIN projects_project p ON p.id = e.project_id"
            f" WHERE p.name LIKE '{ROAD}%' ORDER BY e.id"
        )
    ]


def report(person: Browser, expected: int, text: str, retry: Callable[[], bool] = lambda: False) -> int:
    """Open the page of one report, fill it in and send it; the same form again while `retry` says so. The status."""
    path = f"/reports/{expected}/entry/"
    form = person.form(path, path)
    while True:
        try:
            answer = person.send(form, path, done="5000", progress=text, flag_reason="已核对原始凭证")
        except BROKEN:
            if not retry():
                raise
            time.sleep(0.2)
            continue
        if answer.status < 500 or not retry():
            return answer.status
        time.sleep(0.2)


@dataclass(slots=True)
class Reporters:
    """One person reports without a pause, presses again when the server was away, and remembers what was confirmed."""

    site: Site
    confirmed: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    broken: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        person = self.site.browser(REPORTER)
        self._thread = threading.Thread(target=self._work, args=(person, expected_reports(self.site)), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(120)

    def check(self, tally: Tally) -> None:
        """Everything that was confirmed is there, once; nothing was refused."""
        check_texts(self.site, self.confirmed, tally)
        tally.expect(bool(self.confirmed), "nobody could report")
        tally.expect(not self.refused, f"reports answered {sorted(set(self.refused))}")

    def _work(self, person: Browser, reports: list[int]) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            text = f"完成路面{number}米"
            try:
                status = report(person, reports[number % len(reports)], text, retry=self._again)
            except BROKEN:
                self.broken += 1
                time.sleep(0.2)
                continue
            (self.confirmed.append(text) if status == 302 else self.refused.append(status))

    def _again(self) -> bool:
        self.broken += 1
        return not self._stop.is_set()


def check_texts(site: Site, texts: list[str], tally: Tally) -> None:
    """Each of these texts stands in one revision."""
    rows = site.query("SELECT progress, count(*) FROM projects_reportrevision GROUP BY progress")
    times = dict(rows)
    tally.lost += sum(1 for text in texts if text not in times)
    tally.doubled += sum(count - 1 for text, count in times.items() if text in set(texts))
