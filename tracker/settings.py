"""The one settings module. Two profiles, one code path (docs/adr/0001-two-profiles.md).

Every variable is listed in `.env.example`. A value that cannot be read stops the start here; a missing or contradictory
one is named by `tracker.checks`, which every entry point runs.
"""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import Any

from tracker import env
from tracker.web.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env.load(BASE_DIR / ".env")

# --- profile -------------------------------------------------------------------------------------------------------

PROFILE = env.choice("DUJIN_PROFILE", ("embedded", "production"), "embedded")
EMBEDDED = PROFILE == "embedded"
DEBUG = env.flag("DUJIN_DEBUG", False)
DATA_DIR = Path(env.text("DUJIN_DATA", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _kept_secret(path: Path) -> str:
    """The embedded profile makes its own key once; a key lost means only that everybody signs in again."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = env.text("DUJIN_SECRET_KEY") or (_kept_secret(DATA_DIR / "secret_key") if EMBEDDED else "")
SECRET_KEY_FALLBACKS = env.words("DUJIN_SECRET_KEY_OLD")
ALLOWED_HOSTS = env.words("DUJIN_HOSTS", "*" if EMBEDDED else "")
CSRF_TRUSTED_ORIGINS = env.words("DUJIN_ORIGINS")
TRUSTED_PROXIES = env.number("DUJIN_PROXIES", 0, most=5)
"""How many reverse proxies stand before the site; as many addresses at the end of X-Forwarded-For are believed."""

AS_OF = env.day("DUJIN_AS_OF")
"""Shows the whole site as of this day, for rehearsals and screenshots. Nothing else shifts: records carry real time."""

# --- applications --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # its widgets' templates, of which templates/django/forms/ overrides the slow one
    "django_htmx",
    "lucide",
    "tracker",
    "projects",
    "supervision",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

MIDDLEWARE = [
    "tracker.web.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tracker.web.security.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tracker.web.security.BodySizeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that lengths tell nothing of a page's tokens
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tracker.web.sessions.SessionAgeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.web.asof.AsOfMiddleware",
    "tracker.web.refusals.RefusalMiddleware",
    "projects.middleware.AccessMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "projects.context.page",
            ],
            "builtins": [
                "django.templatetags.static",
                "tracker.templatetags.dujin",
                "tracker.templatetags.form_tokens",
            ],
        },
    }
]

# --- wiring: what the composition root hands down by name (docs/adr/0004-wiring.md) ---------------------------------

SCHEDULE = "tracker.schedule.JOBS"
BELL = "" if EMBEDDED else "tracker.celery.ring"
"""What wakes a worker after a commit; the embedded dispatcher looks by itself."""
READINESS = [
    "tracker.readiness.database",
    "tracker.readiness.migrations",
    "tracker.readiness.heartbeats",
    "tracker.readiness.work",
]
"""Probes of `/readyz`: each takes the moment and answers a problem in Chinese, or an empty text."""
LEASE_SECONDS = env.number("DUJIN_LEASE_SECONDS", 120, least=1)
"""After this time without a sign of life, another worker takes a run or delivery over."""
SWEEP_SECONDS = env.number("DUJIN_SWEEP_SECONDS", 60, least=1)
"""How often Celery beat has a worker look for rows whose bell nobody heard."""

# --- data ----------------------------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",  # a deferred read-then-write fails at once when another writer commits between
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
        "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
    ),
}
DATABASE_URL = env.url("DUJIN_DATABASE_URL", ("postgresql", "postgres"))
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.postgres(DATABASE_URL)
    if DATABASE_URL
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "dujin.sqlite3", "OPTIONS": SQLITE_OPTIONS}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.url("DUJIN_REDIS_URL", ("redis", "rediss"))
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "dujin"}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

MEDIA_ROOT = DATA_DIR / "uploads"
UPLOADS_URL = env.url("DUJIN_UPLOADS_URL", ("s3+https", "s3+http"))
"""Kept files lie in this bucket instead of the folder; needed once several machines serve the site."""
SPOOL_DIR = DATA_DIR / "spool"
FILE_UPLOAD_PERMISSIONS = 0o600
LARGEST_BODY = 32 * 1024 * 1024
"""The largest ledger is 20 MiB (`projects.excel.limits`); the rest is room for the form around it."""
UPLOADS_A_DAY = env.number("DUJIN_UPLOADS_A_DAY", 500, least=20) * 1024 * 1024
"""What one account may send within 24 hours, in MiB: ledgers, documents and photos together."""

# --- accounts and sessions -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "projects.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "projects.services.passwords.ContextWordsValidator",
        "OPTIONS": {"words": ("dujin", "督进", "重点项目", "发改", "政府", "password", "admin", "mima")},
    },
]
PASSWORD_DAYS = env.number("DUJIN_PASSWORD_DAYS", 0, most=730)
"""A password older than this must be replaced at the next request; 0: never by age alone."""
SECOND_FACTOR = env.choice("DUJIN_SECOND_FACTOR", ("", "administrators", "everybody"), "")
"""Who must have a second factor before anything else opens; empty: each as he likes."""
SIGN_IN_CODE = dt.timedelta(minutes=5)
"""How long a right password waits for the code of the second factor."""
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"

SESSION_IDLE = dt.timedelta(minutes=30)
SESSION_LONGEST = dt.timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True

SIGN_IN_TRIES = 8
SIGN_IN_PAUSE = dt.timedelta(minutes=15)
"""So many wrong passwords for one name from one address, then a pause of so long for that pair alone."""
SIGN_IN_STRANGERS_PER_NAME = 40
SIGN_IN_STRANGERS_PER_ADDRESS = 100
"""A day's wrong passwords for one name, and from one address, counting only pairs that never signed in before."""
SIGN_IN_REMEMBERED = dt.timedelta(days=180)
"""An address from which the account signed in within this time is its own (docs/adr/0013-throttle.md)."""

# --- transport -----------------------------------------------------------------------------------------------------

HTTPS = env.flag("DUJIN_HTTPS", not EMBEDDED)
"""Off in production only for an intranet without certificates; `check --deploy` then names what is lost."""
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the container platform itself, without the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: the county's other sites under the same domain are not ours to bind
    "security.W021",  # HSTS preload: an intranet name is on no public list
]

# --- language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- static files ----------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
"""Built from the code by `collectstatic`, so it belongs to the installation, not to the data folder."""
MANUAL_DIR = BASE_DIR / "docs" / "manual"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [BASE_DIR / "static", ("manual", MANUAL_DIR / "images")]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "tracker.web.vendor.PlotlyFinder",
]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "tracker.web.s3.S3Uploads", "OPTIONS": env.bucket(UPLOADS_URL)}
    if UPLOADS_URL
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# --- mail ------------------------------------------------------------------------------------------------------------

SMTP_HOST = env.text("DUJIN_SMTP_HOST")
"""Empty: notices are written to the spool folder instead."""
SMTP_PORT = env.number("DUJIN_SMTP_PORT", 25, least=1, most=65535)
SMTP_USER = env.text("DUJIN_SMTP_USER")
SMTP_PASSWORD = env.text("DUJIN_SMTP_PASSWORD")
SMTP_SECURITY = env.choice("DUJIN_SMTP_SECURITY", ("none", "starttls", "tls"), "none")
MAIL_DOMAIN = env.text("DUJIN_MAIL_DOMAIN", "dujin.local")
MAIL_FROM = env.text("DUJIN_MAIL_FROM", f"dujin@{MAIL_DOMAIN}")

# --- trust and logs --------------------------------------------------------------------------------------------------

AUDIT_ALGORITHM = env.choice("DUJIN_AUDIT_ALGORITHM", ("sha256", "sm3"), "sha256")
AUDIT_DAYS = env.number("DUJIN_AUDIT_DAYS", 1096, least=180)
"""How long audit rows stay in the database at least: three years, by law never less than half a year."""
LOGGING = logging_config(
    as_json=env.choice("DUJIN_LOG", ("text", "json"), "text" if EMBEDDED else "json") == "json",
    level=env.choice("DUJIN_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
)

COUNTY_NAME = env.text("DUJIN_COUNTY", "")
"""Shown in the head of every page; empty shows the product's name alone."""
