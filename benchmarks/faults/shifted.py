"""The site with a wrong clock: seconds in the file DUJIN_FAULT_CLOCK are added to every reading of the time.

`python -m benchmarks.faults.shifted COMMAND` is manage.py; as `benchmarks.faults.shifted:application` it is the site.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

from tracker import clock

_file = Path(os.environ["DUJIN_FAULT_CLOCK"])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC) + dt.timedelta(seconds=float(_file.read_text(encoding="ascii")))


clock.now = _now

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])
else:
    from tracker.wsgi import application as application
