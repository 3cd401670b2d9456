"""The one settings module. Two profiles, one code path (docs/adr/0001-two-profiles.md)."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tracker import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load(BASE_DIR / ".env")

PROFILE = env.choice("DUJIN_PROFILE", ("embedded", "production"), "embedded")
EMBEDDED = PROFILE == "embedded"
DEBUG = env.flag("DUJIN_DEBUG", False)
DATA_DIR = Path(env.text("DUJIN_DATA", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _kept_secret(path: Path) -> str:
    """The embedded profile makes its own key once; production must bring one."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = _kept_secret(DATA_DIR / "secret_key") if EMBEDDED else env.text("DUJIN_SECRET_KEY", "")
ALLOWED_HOSTS = env.words("DUJIN_HOSTS", "*" if EMBEDDED else "")
CSRF_TRUSTED_ORIGINS = env.words("DUJIN_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tables2",
    "lucide",
    "axes",
    "tracker",
    "projects",
    "supervision",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "projects.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
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
            ],
            "builtins": ["tracker.templatetags.dujin", "django.templatetags.static"],
        },
    }
]

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
        "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
    ),
}


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 0,
    }


DATABASE_URL = env.text("DUJIN_DATABASE_URL", "")
DATABASES: dict[str, dict[str, Any]] = {
    "default": _database(DATABASE_URL)
    if DATABASE_URL
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "dujin.sqlite3", "OPTIONS": SQLITE_OPTIONS}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("DUJIN_REDIS_URL", "")

AUTH_USER_MODEL = "projects.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 8
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = 0.25

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
UPLOAD_ROOT = DATA_DIR / "uploads"
SPOOL_DIR = DATA_DIR / "spool"

SMTP_HOST = env.text("DUJIN_SMTP_HOST", "")
"""Empty: notices are written to the spool folder instead."""
SMTP_PORT = env.number("DUJIN_SMTP_PORT", 25)
SMTP_USER = env.text("DUJIN_SMTP_USER", "")
SMTP_PASSWORD = env.text("DUJIN_SMTP_PASSWORD", "")
SMTP_SECURITY = env.choice("DUJIN_SMTP_SECURITY", ("none", "starttls", "tls"), "none")
MAIL_DOMAIN = env.text("DUJIN_MAIL_DOMAIN", "dujin.local")
MAIL_FROM = env.text("DUJIN_MAIL_FROM", f"dujin@{MAIL_DOMAIN}")

SCHEDULE = "tracker.schedule.JOBS"
BELL = "" if EMBEDDED else "tracker.celery.ring"
"""What wakes a worker after a commit; the embedded dispatcher looks by itself (docs/adr/0004-wiring.md)."""
LEASE_SECONDS = env.number("DUJIN_LEASE_SECONDS", 120)
"""After this time without a sign of life, another worker takes a run or delivery over."""

AUDIT_ALGORITHM = env.choice("DUJIN_AUDIT_ALGORITHM", ("sha256", "sm3"), "sha256")
