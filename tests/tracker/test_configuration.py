"""Half a configuration is refused, naming each variable; a whole one is clean, also for `check --deploy`."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tracker import checks

WHOLE = {
    "DUJIN_PROFILE": "production",
    "DUJIN_SECRET_KEY": "0123456789" * 5 + "abcdefghijklmnopqrstuvwxyz",
    "DUJIN_HOSTS": "dujin.qinghe.example",
    "DUJIN_DATABASE_URL": "postgresql:///dujin",
    "DUJIN_REDIS_URL": "redis://127.0.0.1:6379/0",
}


def manage(*arguments: str, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` as an operator starts it: nothing of this test run's environment reaches it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DUJIN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=site.BASE_DIR,
        env={**environment, "DUJIN_DATA": str(data), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_embedded_needs_nothing_and_keeps_its_key_to_itself(tmp_path: Path) -> None:
    assert manage("check", data=tmp_path).returncode == 0
    key = tmp_path / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    first = key.read_text(encoding="ascii")
    assert len(first) >= checks.SHORTEST_KEY
    manage("check", data=tmp_path)
    assert key.read_text(encoding="ascii") == first


def test_production_whole_is_clean_for_deployment(tmp_path: Path) -> None:
    answer = manage("check", "--deploy", "--fail-level", "WARNING", data=tmp_path, **WHOLE)
    assert answer.returncode == 0, answer.stderr
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize("absent", ["DUJIN_SECRET_KEY", "DUJIN_HOSTS", "DUJIN_DATABASE_URL", "DUJIN_REDIS_URL"])
def test_production_names_what_is_missing(tmp_path: Path, absent: str) -> None:
    answer = manage("check", data=tmp_path, **{name: value for name, value in WHOLE.items() if name != absent})
    assert answer.returncode != 0
    assert absent in answer.stderr
    assert not any(name in answer.stderr for name in WHOLE if name not in {absent, "DUJIN_PROFILE"})


def test_the_web_server_refuses_half_a_configuration_too(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DUJIN_", "DJANGO_"))}
    answer = subprocess.run(
        [sys.executable, "-c", "import tracker.wsgi"],
        cwd=site.BASE_DIR,
        env={**environment, "DUJIN_DATA": str(tmp_path), **WHOLE, "DUJIN_REDIS_URL": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode != 0
    assert "DUJIN_REDIS_URL" in answer.stderr


@pytest.fixture
def embedded(settings: Settings) -> Settings:
    settings.PROFILE = "embedded"
    settings.DATABASE_URL = settings.REDIS_URL = ""
    return settings


def _ids(found: list) -> list[str]:
    return [message.id for message in found]


def test_embedded_refuses_a_database_it_would_ignore(embedded: Settings) -> None:
    assert checks.check_profile() == []
    embedded.DATABASE_URL = "postgresql:///dujin"
    (fault,) = checks.check_profile()
    assert "DUJIN_DATABASE_URL" in fault.msg and "DUJIN_PROFILE" in fault.hint


@pytest.mark.parametrize(
    ("host", "user", "password", "sender", "named"),
    [
        ("", "", "", "dujin@dujin.local", []),
        ("mail.qinghe.example", "", "", "dujin@qinghe.example", []),
        ("mail.qinghe.example", "dujin", "p", "dujin@qinghe.example", []),
        ("mail.qinghe.example", "dujin", "", "dujin@qinghe.example", ["DUJIN_SMTP_PASSWORD"]),
        ("mail.qinghe.example", "", "p", "dujin@qinghe.example", ["DUJIN_SMTP_USER"]),
        ("", "dujin", "p", "dujin@qinghe.example", ["DUJIN_SMTP_HOST"]),
        ("mail.qinghe.example", "", "", "dujin@dujin.local", ["DUJIN_MAIL_FROM"]),
    ],
)
def test_mail_is_whole_or_absent(
    settings: Settings, host: str, user: str, password: str, sender: str, named: list[str]
) -> None:
    settings.SMTP_HOST, settings.SMTP_USER, settings.SMTP_PASSWORD, settings.MAIL_FROM = host, user, password, sender
    found = checks.check_mail()
    assert len(found) == len(named)
    assert all(name in fault.msg for name, fault in zip(named, found, strict=True))


def test_any_host_and_debug_are_refused_in_production(settings: Settings) -> None:
    settings.PROFILE = "production"
    settings.DATABASE_URL, settings.REDIS_URL = "postgresql:///dujin", "redis://r"
    settings.SECRET_KEY = "k" * checks.SHORTEST_KEY
    settings.ALLOWED_HOSTS, settings.DEBUG = ["*"], True
    assert _ids(checks.check_profile()) == ["dujin.E003", "dujin.E004"]


def test_a_short_key_is_refused_in_production(settings: Settings) -> None:
    settings.PROFILE = "production"
    settings.DATABASE_URL, settings.REDIS_URL = "postgresql:///dujin", "redis://r"
    settings.ALLOWED_HOSTS = ["dujin.qinghe.example"]
    settings.SECRET_KEY = "k" * (checks.SHORTEST_KEY - 1)
    (fault,) = checks.check_profile()
    assert "DUJIN_SECRET_KEY" in fault.msg


def test_entry_points_list_every_fault_at_once(embedded: Settings) -> None:
    embedded.DATABASE_URL, embedded.REDIS_URL = "postgresql:///dujin", "redis://r"
    with pytest.raises(ImproperlyConfigured) as refusal:
        checks.refuse_half_configuration()
    assert "DUJIN_DATABASE_URL" in str(refusal.value) and "DUJIN_REDIS_URL" in str(refusal.value)


def test_a_second_factor_of_unknown_people_is_refused(tmp_path: Path) -> None:
    answer = manage("check", data=tmp_path, DUJIN_SECOND_FACTOR="admins")
    assert answer.returncode != 0
    assert "DUJIN_SECOND_FACTOR" in answer.stderr
    assert "administrators、everybody，或留空" in answer.stderr
    assert manage("check", data=tmp_path, DUJIN_SECOND_FACTOR="administrators").returncode == 0
