"""A disk that is full: what was confirmed is kept, what cannot be is refused in words, nothing is left half done."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.faults.killing import count_spooled
from benchmarks.faults.machines import Missing
from benchmarks.faults.prepare import REPORTER
from benchmarks.faults.reporting import check_texts, expected_reports
from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import EMBEDDED, Entry, Run, fill

SIZE = "24m"
IN_WORDS = "您的操作没有完成"


def disk_full(run: Run, tally: Tally) -> None:
    """The data folder lies on a small disk of its own, which is filled up to the last byte."""
    persons, reports = 200, run.size(50, 10)
    tally.wanted = reports
    with _small_disk(run.folder / "site"), run.site() as site:
        fill(site, persons, reports)
        site.start_web()
        site.wait_for_web()
        reporter = site.browser(REPORTER)
        paths = [f"/reports/{expected}/entry/" for expected in expected_reports(site)]
        forms = [reporter.form(path, path) for path in paths]
        texts = [f"完成路面{number}米" for number in range(reports)]
        ballast = site.folder / "ballast"
        _fill_up(ballast)
        confirmed, refused = [], 0
        for form, path, text in zip(forms, paths, texts, strict=True):
            answer = reporter.send(form, path, done="5000", progress=text, flag_reason="已核对")
            tally.tries += 1
            if answer.status == 302:
                confirmed.append(text)
            else:
                refused += 1
                tally.expect(IN_WORDS in answer.text, f"refused with {answer.status} and no word")
            _fill_up(ballast)
        tally.expect(refused > 0, "the disk was never full")
        site.run("manage.py", "dispatcher", "--once")
        ballast.unlink()
        check_texts(site, confirmed, tally)
        tally.expect(site.one("PRAGMA integrity_check") == "ok", "the database is damaged")
        for form, path, text in zip(forms, paths, texts, strict=True):
            if text not in confirmed:  # the same forms again, as they stood
                status = reporter.send(form, path, done="5000", progress=text, flag_reason="已核对").status
                tally.expect(status == 302, f"with room again: {status}")
        site.start(*site.manager, "dispatcher", "--every", "0.2")
        site.wait(lambda: site.sent() >= persons, "not all was sent", 150)
        site.end()
        check_texts(site, texts, tally)
        count_spooled(site, tally)
        site.check_notices(tally, persons)
        tally.note = f"{refused} of {reports} refused in words while full, all saved with room again"


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    if os.geteuid() != 0:
        raise Missing("the right to mount a small disk (root)")
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def _fill_up(ballast: Path) -> None:
    """Write until there is no byte left."""
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)


FAULTS = (Entry("disk", "Disk full", (EMBEDDED,), disk_full),)
