"""Settings of the test run: the site's own, on one of the two profiles.

`DUJIN_TEST_DB=sqlite` (default) is the embedded profile; `postgres` the production profile with PostgreSQL and Redis,
by default those of this machine. Test databases carry the process number, and each xdist worker has a Redis database
of its own, so that runs side by side do not meet.
"""

import atexit
import os
import secrets
import shutil
import tempfile

XDIST_NUMBER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

if os.environ.get("DUJIN_TEST_DB", "sqlite") == "postgres":
    os.environ["DUJIN_PROFILE"] = "production"
    os.environ.setdefault("DUJIN_DATABASE_URL", "postgresql:///dujin")
    os.environ.setdefault("DUJIN_REDIS_URL", "redis://127.0.0.1:6379/9")
    redis_server, _, redis_number = os.environ["DUJIN_REDIS_URL"].rpartition("/")
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ["DUJIN_REDIS_URL"] = f"{redis_server}/{(int(redis_number) + XDIST_NUMBER) % 16}"
    os.environ.setdefault("DUJIN_HOSTS", "localhost,127.0.0.1,testserver")
    os.environ.setdefault("DUJIN_HTTPS", "0")
    os.environ.setdefault("DUJIN_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ.setdefault("DUJIN_LOG", "text")
if "DUJIN_DATA" not in os.environ:
    os.environ["DUJIN_DATA"] = tempfile.mkdtemp(prefix="dujin-test-")
    atexit.register(shutil.rmtree, os.environ["DUJIN_DATA"], ignore_errors=True)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop lives in the thread of the test

from tracker.settings import *  # noqa: E402, F403
from tracker.settings import DATA_DIR, DATABASES, EMBEDDED, INSTALLED_APPS, MIDDLEWARE, STORAGES  # noqa: E402

if EMBEDDED:
    # A file, not memory: the live server's threads then have connections of their own, as in real life.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / f"test-{os.getpid()}.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_dujin_{os.getpid()}"}

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = [
    *MIDDLEWARE,
    "zeal.middleware.zeal_middleware",
    "tests.support.guards.GetNeverWrites",
]
ZEAL_RAISE = True
ZEAL_ALLOWLIST = [{"model": "projects.AuditHead", "field": "*"}]  # the end of the chain is locked anew for every row
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
