"""An import killed at every part of its way: the ledger is in the tables whole or not at all, and goes in later."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from benchmarks.faults.prepare import OFFICE
from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import BOTH, Entry, Run, Site, fill
from tests.support.ledgers import plan_book

YEAR = 2026


def killed_import(run: Run, tally: Tally) -> None:
    """As many ledgers as kills; the n-th is killed after n parts of the time that a whole one takes."""
    tally.wanted, rows = run.size(20, 4), run.size(60, 20)
    cut = whole = 0
    with run.site() as site:
        fill(site, 1)
        begin = time.monotonic()
        _import(site, _ledger(run.folder, 0, rows)).wait()
        takes = time.monotonic() - begin
        tally.expect(_rows_of(site, 0) == rows, "the first ledger is not in")
        for number in range(1, tally.wanted + 1):
            ledger = _ledger(run.folder, number, rows)
            process = _import(site, ledger)
            time.sleep(takes * (0.3 + 0.6 * number / (tally.wanted + 1)))  # it begins with the start of Python
            site.kill(process)
            tally.tries += 1
            found = _rows_of(site, number)
            tally.expect(found in (0, rows), f"ledger {number} is in by {found} of {rows} rows")
            cut, whole = cut + (found == 0), whole + (found == rows)
            status = _import(site, ledger).wait()
            tally.expect(status == 0, f"ledger {number} could not be imported again ({status})")
            found = _rows_of(site, number)
            tally.lost += max(rows - found, 0)
            tally.doubled += max(found - rows, 0)
        unfinished = "SELECT id FROM projects_ledgerimport WHERE state = 'preview'"
        half = site.count("projects_importrow", f"ledger_id IN ({unfinished})")
        tally.expect(half == 0, f"{half} rows of unfinished imports")
        site.check_chain(tally)
    tally.note = f"{rows} rows each: {cut} cut off without a trace, {whole} killed when they were in"


def _import(site: Site, ledger: Path) -> subprocess.Popen[bytes]:
    options = ("--year", str(YEAR), "--unit", "万元", "--as-user", OFFICE, "--accept-defaults", "--kind", "plan")
    return site.start("manage.py", "import_ledger", str(ledger), *options)


def _ledger(folder: Path, number: int, rows: int) -> Path:
    file = folder / f"ledger-{number}.xlsx"
    lines = [
        (place + 1, _name(number, place), "新建", 9000 + place, 3000, "2026年3月", "2027年12月", "县水利局", "温以宁")
        for place in range(rows)
    ]
    file.write_bytes(plan_book(lines))
    return file


def _name(number: int, place: int) -> str:
    return f"第{number}册河段整治第{place + 1}标段"


def _rows_of(site: Site, number: int) -> int:
    """Projects of that ledger that are on the list, with a plan."""
    return site.count(
        "projects_project",
        f"name LIKE '第{number}册河段%' AND id IN (SELECT project_id FROM projects_annuallistentry)"
        " AND id IN (SELECT project_id FROM projects_planversion)",
    )


FAULTS = (Entry("import", "Import killed half-way", BOTH, killed_import),)
