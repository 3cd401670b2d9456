"""The same form sent twice at once, two people saving the same form at once, and twenty writers on one file."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import replace

from benchmarks.faults.browser import Browser
from benchmarks.faults.prepare import REPORTER
from benchmarks.faults.reporting import check_texts, expected_reports
from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import BOTH, EMBEDDED, Entry, Run, fill
from tests.support.at_once import at_once

REPORTS = 50
WRITERS = 20
FULL_WORK = dt.datetime(2026, 6, 1, 1, tzinfo=dt.UTC)
"""When the county of `tests.support.site` is in full work: Monday 1 June 2026, 09:00 in Shanghai."""


def double_submit(run: Run, tally: Tally) -> None:
    """Each form leaves twice in the same moment, as from an impatient double click: both are led to one record."""
    tally.wanted = run.size(500, 40)
    with run.site() as site:
        fill(site, 1, REPORTS)
        site.start_web()
        site.wait_for_web()
        person, texts = site.browser(REPORTER), []
        reports = expected_reports(site)
        for number in range(tally.wanted):
            path = f"/reports/{reports[number % REPORTS]}/entry/"
            form = person.form(path, path)
            texts.append(f"完成路面{number}米")
            sent = {"done": "5000", "progress": texts[-1], "flag_reason": "已核对"}
            answers = at_once(
                *(lambda path=path, form=form, sent=sent: _twin(person).send(form, path, **sent) for _ in range(2))
            )
            found = [(answer.status, answer.location) for answer in answers]
            tally.expect(found[0] == found[1] and found[0][0] == 302, f"two clicks were answered {found}")
            tally.tries += 1
        check_texts(site, texts, tally)
        site.check_chain(tally)


def lost_update(run: Run, tally: Tally) -> None:
    """Two people save the same report at once, both from the version they saw: one is saved, one sees both versions."""
    tally.wanted = run.size(100, 20)
    with run.site() as site:
        fill(site, 1, REPORTS)
        site.start_web()
        site.wait_for_web()
        people = [site.browser(REPORTER), site.browser(REPORTER)]
        reports, saved = expected_reports(site), []
        for number in range(tally.wanted):
            path = f"/reports/{reports[number % REPORTS]}/entry/"
            forms = [person.form(path, path) for person in people]
            texts = [f"甲填{number}次", f"乙填{number}次"]
            answers = at_once(
                *(
                    lambda person=person, form=form, text=text, path=path: person.send(
                        form, path, done="5000", progress=text, flag_reason="已核对"
                    )
                    for person, form, text in zip(people, forms, texts, strict=True)
                )
            )
            tally.tries += 1
            statuses = [answer.status for answer in answers]
            tally.expect(sorted(statuses) == [302, 409], f"two people were answered {statuses}")
            for answer, text in zip(answers, texts, strict=True):
                if answer.status == 302:
                    saved.append(text)
                elif answer.status == 409:
                    tally.expect(all(each in answer.text for each in texts), "the page does not show both")
        check_texts(site, saved, tally)
        found = site.count("projects_reportrevision", "progress LIKE '甲填%' OR progress LIKE '乙填%'")
        tally.lost += max(tally.wanted - found, 0)
        tally.doubled += max(found - tally.wanted, 0)


def lost_update_everywhere(run: Run, tally: Tally) -> None:
    """The same on every form of the site that carries a version, in a county in full work."""
    times = run.size(10, 2)
    office = replace(run, profile=EMBEDDED)
    with office.site("office") as filled, run.site(**run.clock_at(FULL_WORK)) as site:
        filled.must("-m", "tests.production.office")
        if site.database:
            site.manage("migrate", "--verbosity", "0")
            site.manage("move_database", "--from", str(filled.folder))
        else:
            shutil.copytree(filled.folder, site.folder, dirs_exist_ok=True)
        site.start_web()
        site.wait_for_web()
        outcome = json.loads(site.must("-m", "benchmarks.faults.forms", str(site.port), str(times)).splitlines()[-1])
        for name, (tried, errors) in outcome.items():
            tally.tries += tried
            tally.errors += [f"{name}: {error}" for error in errors]
        tally.wanted = len(outcome)
        site.check_chain(tally)
    tally.note = f"{len(outcome)} forms"


def many_writers(run: Run, tally: Tally) -> None:
    """Processes that all write at once, through the services: none is told that the database is locked."""
    times = run.size(50, 5)
    tally.wanted = WRITERS * times
    with run.site() as site:
        fill(site, 1, WRITERS)
        processes = [
            site.start("-m", "benchmarks.faults.writer", "reports", str(place), str(times)) for place in range(WRITERS)
        ]
        for process in processes:
            tally.expect(process.wait() == 0, "a writer was refused")
            site.running.remove(process)
        said = site.log.read_text(encoding="utf-8")
        tally.expect("locked" not in said, f"database is locked: {said[-500:]}")
        tally.tries = site.count("projects_reportrevision")
        tally.lost += tally.wanted - tally.tries
        site.check_chain(tally)
        slowest = max(float(line) for line in said.split() if line.replace(".", "", 1).isdigit())
        tally.note = f"{WRITERS} processes, {times} reports each, the slowest report {slowest:.1f} s"


def _twin(person: Browser) -> Browser:
    return Browser(person.port, dict(person.cookies))


FAULTS = (
    Entry("double-submit", "The same form sent twice at once", BOTH, double_submit),
    Entry("lost-update", "Two people save the same report at once", BOTH, lost_update),
    Entry("lost-update-forms", "Two people save at once, on every form", BOTH, lost_update_everywhere),
    Entry("writers", "Twenty writers on SQLite", (EMBEDDED,), many_writers),
)
