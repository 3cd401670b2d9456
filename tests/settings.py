"""Settings of the test run: the site's own, on SQLite or (`DUJIN_TEST_DB=postgres`) on PostgreSQL.

PostgreSQL is reached through `DUJIN_DATABASE_URL`, by default the local socket. The test database carries the process
number, so that two runs on one server do not meet.
"""

import os
import tempfile

if os.environ.get("DUJIN_TEST_DB", "sqlite") == "postgres":
    os.environ.setdefault("DUJIN_DATABASE_URL", "postgresql:///dujin")
os.environ.setdefault("DUJIN_DATA", tempfile.mkdtemp(prefix="dujin-test-"))

from tracker.settings import *  # noqa: F403
from tracker.settings import DATABASES

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["TEST"] = {"NAME": f"test_dujin_{os.getpid()}"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
