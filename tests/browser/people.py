"""How people of the county come to the site: through the door with their password, or with a session at hand."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from playwright.sync_api import Page, expect

from projects.models import PolicyRow, User
from tests.support.county import NEW_YEAR, County, moment

PASSWORD = "qinghe-2026-keys"


def sign_in(page: Page, user: User) -> None:
    """Type name and password at the door. A session that has ended in the meantime is replaced."""
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD))
    page.goto("/sign-in/")
    page.get_by_label("账号").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).not_to_have_url(re.compile("/sign-in/"))


def let_in(page: Page, user: User, home: str) -> Page:
    """Give the page a session of `user` without the door, for tests that are about another page."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": home}])
    return page


def monthly_reports_only(county: County) -> None:
    """The county asks for no weekly reports, so that a month is the only thing due."""
    PolicyRow.objects.create(
        key="weekly_scope",
        value="none",
        effective_on=NEW_YEAR,
        reason="本县不开周报",
        actor=county.bureau,
        at=moment(1, 5),
    )
