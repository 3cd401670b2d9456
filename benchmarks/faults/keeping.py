"""Backups during writes, restored into empty places; nothing leaves after a restore until a person says so."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import BOTH, EMBEDDED, ROOT, Entry, Run, Site, fill

TOGETHER = (
    "SELECT (SELECT count(*) FROM projects_tag WHERE name LIKE '标签%'),"
    " (SELECT count(*) FROM projects_ledgerimport WHERE size = 20000),"
    " (SELECT count(*) FROM projects_auditentry WHERE action = 'import.upload')"
)
WAITING = "state = 'waiting' AND channel <> 'inbox'"


def restore_drills(run: Run, tally: Tally) -> None:
    """Each drill: a backup while a process writes, into an empty place; counts, chain and every file are compared."""
    tally.wanted, persons = run.size(10, 2), 40
    with run.site("office") as office:
        fill(office, persons)
        office.manage("weekly_notices")
        office.must("-c", _ISSUE)
        for number in range(tally.wanted):
            folder = run.folder / f"backups-{number}"
            with _writing(office):
                time.sleep(0.1 * number)
                office.manage("backup", "--to", str(folder))
            with run.site(f"place{number}") as place:
                _drill(run, place, next(folder.glob("*.tar")), tally)
            tally.tries += 1
    tally.note = f"{tally.tries} restored, {tally.note}"


def _drill(run: Run, place: Site, backup: Path, tally: Tally) -> None:
    if run.profile == EMBEDDED:
        place.folder.rmdir()
    said = place.manage("restore", str(backup))
    tally.expect("请核查" not in said, said)
    together = place.query(TOGETHER)[0]
    tally.expect(len(set(together)) == 1 and together[0] >= 5, f"rows that belong together: {together}")
    with tarfile.open(backup) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        kept = {
            member.name.removeprefix("uploads/"): hashlib.sha256(tar.extractfile(member).read()).hexdigest()
            for member in tar
            if member.name.startswith("uploads/")
        }
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (place.folder / "uploads").iterdir()}
    tally.expect(files == kept, "the files differ")
    named = {name for (name,) in place.query("SELECT stored_name FROM projects_ledgerimport")}
    tally.lost += len(named - set(files))
    place.manage("verify_audit", "--expect-head", manifest["chain_head"])
    waiting = place.count("supervision_delivery", WAITING)
    tally.expect(waiting > 0, "nothing waits to be sent")
    place.manage("dispatcher", "--once")
    tally.expect(place.count("supervision_delivery", WAITING) == waiting, "something left before it was released")
    tally.expect(not (place.folder / "spool").exists(), "something lies in the spool folder")
    place.manage("release_sending")
    place.manage("dispatcher", "--once")
    sent = place.sent()
    tally.lost += waiting - sent
    subjects = place.count("supervision_delivery", "state = 'sent' AND channel <> 'inbox' AND NOT is_repeat")
    tally.unmarked += subjects
    tally.repeats = (tally.repeats or 0) + sent
    tally.note = f"{together[0]} rows and files that belong together in the last, {waiting} messages held back"


@contextmanager
def _writing(site: Site) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.faults.writer", "kept"]
    with subprocess.Popen(command, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            yield
            if writer.poll() is not None:
                raise RuntimeError("the writer ended before the backup was made")
        finally:
            writer.kill()


_ISSUE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
django.setup()
from projects.rules.periods import period_of
from supervision.models import JobRun
from supervision.services import notices
from tracker import clock
now = clock.now()
today = clock.day_of(now)
notices.issue(as_of=today, at=now, period_key=period_of("week", today).key, made_up=False, actor=None)
JobRun.objects.all().delete()
"""
"""Notices that wait to be sent."""

FAULTS = (Entry("restore", "Backup during writes, restored into an empty place", BOTH, restore_drills),)
