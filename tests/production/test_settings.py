"""What an operator writes into `.env` arrives, and keys change under people at work: docs/operations.md."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from django.conf import settings as site

from tests.support.county import County
from tests.support.web import browser

OF_ONE_MACHINE = {
    "DUJIN_PROFILE",
    "DUJIN_DATA",
    "DUJIN_HOSTS",  # from DUJIN_SITE
    "DUJIN_HTTPS",  # the proxy always ends TLS
    "DUJIN_DEBUG",
    "DUJIN_AS_OF",
}
"""Variables that compose fixes itself, or that have no place in production."""


def test_compose_hands_every_setting_on() -> None:
    compose_file = (site.BASE_DIR / "docker-compose.yml").read_text()
    named = set(re.findall(r"^#?(\w+)=", (site.BASE_DIR / ".env.example").read_text(), re.MULTILINE))
    taken = set(re.findall(r"\$\{(\w+)", compose_file))
    assert len(named) > 25
    assert named - OF_ONE_MACHINE - taken == set()
    web = yaml.safe_load(compose_file)["services"]["web"]["environment"]
    assert all(str(web[name]).startswith(f"${{{name}") for name in (named & web.keys()) - OF_ONE_MACHINE)


@pytest.mark.django_db
def test_sessions_outlive_a_new_key_while_the_old_one_is_named(county: County, settings: Any) -> None:
    person = browser(county.office_one)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert person.get("/projects/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    other = browser(county.office_two)
    settings.SECRET_KEY = "leaked" * 10
    answer = other.get("/projects/")
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]
