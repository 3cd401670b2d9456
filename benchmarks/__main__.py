"""`python -m benchmarks --size 1000 --years 5`: builds that county where it is not built yet, and prints its figures.

The database is the one the environment names (DUJIN_DATA, or DUJIN_DATABASE_URL); it must be empty or a county of this
script's own making.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time

import django


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--size", type=int, default=1000, help="projects")
    parser.add_argument("--years", type=int, default=5, help="years of weekly reports")
    parser.add_argument("--weeks", type=int, help="only the last of these weeks: a county without a past")
    parser.add_argument("--parts", default="work,pages,floors,ledgers,load,mail", help="what to measure")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from benchmarks import county, floors, ledgers, load, mail, pages, work
    from benchmarks.measure import peak_memory
    from projects.models import Project
    from tracker import clock

    call_command("migrate", verbosity=0)
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    now = clock.now()
    if not Project.objects.exists():
        begin = time.perf_counter()
        county.build(
            county.Size(options.size, options.years, options.weeks), now, lambda text: print(text, file=sys.stderr)
        )
        print(f"built in {time.perf_counter() - begin:.0f} s", file=sys.stderr)
    wanted = options.parts.split(",")
    makers = {
        "work": lambda: work.figures(now),
        "pages": pages.figures,
        "floors": floors.figures,
        "ledgers": lambda: ledgers.figures(now),
        "load": load.figures,
        "mail": lambda: mail.figures(now),
    }
    figures = [figure for name, make in makers.items() if name in wanted for figure in make()]
    if options.json:
        print(json.dumps({"memory": peak_memory(), "rows": [figure.row() for figure in figures]}))
        return
    print(
        f"{connection.vendor}, {options.size} projects, {options.years} years of weekly reports; {peak_memory():.0f} MB"
    )
    print(f"{'':34}{'ms':>10}{'CPU ms':>10}{'queries':>9}{'bytes':>10}{'count':>10}")
    for f in figures:
        print(
            f"{f.name:34}{f.wall:10.1f}{f.cpu:10.1f}{f.queries or '':>9}{f.size or '':>10}{f.count or '':>10}  {f.note}"
        )


main()
