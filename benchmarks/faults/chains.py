"""The audit chain bent by somebody who may switch the triggers off, and a database replaced by an old copy."""

from __future__ import annotations

import json

from benchmarks.faults.prepare import REPORTER
from benchmarks.faults.reporting import expected_reports, report
from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import BOTH, Entry, Run, fill


def bent_chain(run: Run, tally: Tally) -> None:
    places = run.size(40, 8)
    tally.wanted = 5 * places
    with run.site() as site:
        fill(site, 1, places)
        site.start_web()
        site.wait_for_web()
        person = site.browser(REPORTER)
        for expected in expected_reports(site):
            report(person, expected, "完成路面")
        found = json.loads(site.must("-m", "benchmarks.faults.bending", str(places)).splitlines()[-1])
        tally.tries = sum(tried for tried, _ in found.values())
        for name, (tried, seen) in found.items():
            tally.expect(tried == seen, f"{name}: {seen} of {tried} found")
        site.manage("backup", "--to", str(run.folder / "old"))
        report(person, expected_reports(site)[0], "完成路面之后")
        printed = site.one("SELECT digest FROM projects_audithead")
        with run.site("copy") as copy:
            if not copy.database:
                copy.folder.rmdir()
            copy.manage("restore", str(next((run.folder / "old").glob("*.tar"))))
            copy.manage("verify_audit")
            refused = copy.run("manage.py", "verify_audit", "--expect-head", printed)
            tally.expect("旧副本" in refused.stderr and refused.returncode != 0, "an old copy was not found")
        tally.note = ", ".join(f"{name} {seen} of {tried}" for name, (tried, seen) in found.items()) + ", old copy"


FAULTS = (Entry("chain", "Audit chain edited, forged, deleted, swapped, cut, old copy", BOTH, bent_chain),)
