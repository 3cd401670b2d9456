"""Reading the environment: typed, with errors that name the variable."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tracker import env

NAME = "DUJIN_SAMPLE"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "  ")
    assert env.text(NAME, "default") == "default"


@pytest.mark.parametrize(("value", "read"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("no", False)])
def test_flag(monkeypatch: pytest.MonkeyPatch, value: str, read: bool) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.flag(NAME, not read) is read


def test_day_words_and_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "2026-09-24")
    assert env.day(NAME) == dt.date(2026, 9, 24)
    monkeypatch.setenv(NAME, "a.cn, b.cn,,")
    assert env.words(NAME) == ["a.cn", "b.cn"]
    monkeypatch.setenv(NAME, "587")
    assert env.number(NAME, 25, least=1, most=65535) == 587


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("maybe", lambda: env.flag(NAME, False)),
        ("x", lambda: env.number(NAME, 1)),
        ("70000", lambda: env.number(NAME, 1, most=65535)),
        ("24.9.2026", lambda: env.day(NAME)),
        ("other", lambda: env.choice(NAME, ("a", "b"), "a")),
        ("mysql://u:secret@h/d", lambda: env.url(NAME, ("postgresql",))),
    ],
)
def test_a_bad_value_is_refused_by_name_without_showing_secrets(
    monkeypatch: pytest.MonkeyPatch, value: str, read: object
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read()
    assert NAME in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_postgres_address_is_taken_apart() -> None:
    settings = env.postgres("postgresql://dujin:p%40ss@db.county:5433/dujin?sslmode=require")
    assert settings["USER"] == "dujin"
    assert settings["PASSWORD"] == "p@ss"
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.county", "5433", "dujin")
    assert settings["OPTIONS"] == {"sslmode": "require"}


def test_postgres_without_host_is_the_local_socket() -> None:
    settings = env.postgres("postgresql:///dujin")
    assert (settings["HOST"], settings["PORT"], settings["USER"]) == ("", "", "")


def test_env_file_gives_way_to_the_real_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUJIN_HELD", "real")
    monkeypatch.setenv("DUJIN_FRESH", "")
    monkeypatch.delenv("DUJIN_FRESH")
    file = tmp_path / ".env"
    file.write_text("# comment\n\nDUJIN_HELD=file\nDUJIN_FRESH='青 禾=县'\n", encoding="utf-8")
    env.load(file)
    assert env.text("DUJIN_HELD") == "real"
    assert env.text("DUJIN_FRESH") == "青 禾=县"


def test_a_line_without_equals_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\nDUJIN_HOSTS dujin.cn\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match="第2行"):
        env.load(file)


def test_an_absent_file_is_no_fault(tmp_path: Path) -> None:
    env.load(tmp_path / ".env")
