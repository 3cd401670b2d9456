"""Settings of the test run: the site's own, on one of the two profiles.

`DUJIN_TEST_DB=sqlite` (default) is the embedded profile, `postgres` the production profile with PostgreSQL and Redis,
by default those of this machine. The test database carries the process number, so that two runs on one server do not
meet.
"""

import os
import secrets
import tempfile

if os.environ.get("DUJIN_TEST_DB", "sqlite") == "postgres":
    os.environ["DUJIN_PROFILE"] = "production"
    os.environ.setdefault("DUJIN_DATABASE_URL", "postgresql:///dujin")
    os.environ.setdefault("DUJIN_REDIS_URL", "redis://127.0.0.1:6379/9")
    os.environ.setdefault("DUJIN_HOSTS", "localhost,127.0.0.1,testserver")
    os.environ.setdefault("DUJIN_HTTPS", "0")
    os.environ.setdefault("DUJIN_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("DUJIN_LOG", "text")
os.environ.setdefault("DUJIN_DATA", tempfile.mkdtemp(prefix="dujin-test-"))

from tracker.settings import *  # noqa: F403
from tracker.settings import DATA_DIR, DATABASES, STORAGES

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["TEST"] = {"NAME": f"test_dujin_{os.getpid()}"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
