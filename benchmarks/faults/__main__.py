"""`python -m benchmarks.faults [--only NAME,...] [--profile NAME] [--quick] [--markdown FILE]`.

Ends with a table of all faults and the exit status 1 when one of them failed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from pathlib import Path

from benchmarks.faults import chains, disks, editing, importing, keeping, killing, mails, queues, timing
from benchmarks.faults.machines import Postgres, Redis, services
from benchmarks.faults.rows import Row, Tally, markdown, text
from benchmarks.faults.sites import BOTH, EMBEDDED, PRODUCTION, Entry, Run

FAULTS: tuple[Entry, ...] = tuple(
    fault
    for module in (killing, queues, mails, timing, disks, importing, editing, keeping, chains)
    for fault in module.FAULTS
)


def main() -> int:
    names = [entry.name for entry in FAULTS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults")
    parser.add_argument("--only", default=",".join(names), help=f"some of {','.join(names)}")
    parser.add_argument("--profile", choices=BOTH, help="only this profile")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see whether it works at all")
    parser.add_argument("--markdown", type=Path, help="write the table there too")
    options = parser.parse_args()
    wanted = options.only.split(",")
    if unknown := set(wanted) - set(names):
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    chosen = [
        (entry, profile)
        for entry in FAULTS
        if entry.name in wanted
        for profile in entry.profiles
        if options.profile in (None, profile)
    ]
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # leave nothing running behind
    folder = Path(tempfile.mkdtemp(prefix="dujin-faults-"))
    try:
        with ExitStack() as stack:
            machines: tuple[Postgres | None, Redis | None] = (None, None)
            if any(profile == PRODUCTION for _, profile in chosen):
                machines = stack.enter_context(services())
            rows = [_tried(entry, profile, folder, options.quick, *machines) for entry, profile in chosen]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text(rows))
    if options.markdown:
        options.markdown.write_text(markdown(rows) + "\n", encoding="utf-8")
    return 0 if all(row.tally.passed for row in rows) else 1


def _tried(
    entry: Entry, profile: str, folder: Path, quick: bool, postgres: Postgres | None, redis: Redis | None
) -> Row:
    """One fault on one profile; what it raises is one of its errors."""
    place = folder / f"{entry.name}_{profile}"
    place.mkdir()
    tally, begin = Tally(), time.monotonic()
    embedded = profile == EMBEDDED
    try:
        entry.act(Run(profile, place, quick, None if embedded else postgres, None if embedded else redis), tally)
    except Exception:
        tally.errors.append(traceback.format_exc())
    row = Row(entry.name, entry.title, profile, tally, time.monotonic() - begin)
    print(f"{'passed' if tally.passed else 'FAILED'}: {entry.title} ({profile}), {row.seconds:.0f} s", file=sys.stderr)
    for error in tally.errors:
        print(f"    {error}", file=sys.stderr)
    shutil.rmtree(place, ignore_errors=True)
    return row


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    sys.exit(main())
