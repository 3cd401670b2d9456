"""What a browser is told and given: the policy on every answer, nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import resolve, reverse

from projects.enums import Role
from projects.models import User
from tests.support import addresses
from tests.support.addresses import address
from tests.support.pages import read
from tests.support.site import Site
from tests.support.walk import Shown, rendered
from tests.support.web import token

NEEDED_IN_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[\w.-]+")
"""An address of another site; the namespace of SVG is a name, not a request."""


def header_faults(answer: HttpResponse) -> list[str]:
    """What the answer should have said and did not."""
    found = []
    policy = dict(part.strip().split(" ", 1) for part in answer.get("Content-Security-Policy", "").split(";") if part)
    found += [f"policy {key}" for key, value in NEEDED_IN_POLICY.items() if policy.get(key) != value]
    if "unsafe" in answer.get("Content-Security-Policy", ""):
        found.append("policy is unsafe")
    if "no-store" not in answer.get("Cache-Control", ""):
        found.append("may be stored")
    if answer.get("X-Content-Type-Options") != "nosniff":
        found.append("may be sniffed")
    if answer.get("X-Frame-Options") != "DENY":
        found.append("may be framed")
    if answer.get("Referrer-Policy") != "same-origin":
        found.append("tells other sites where one came from")
    if not answer.get("Permissions-Policy"):
        found.append("leaves camera and place to any script")
    return found


def test_pages_travel_compressed(site: Site) -> None:
    """A ranking of a large county is 150 kB of text, and the line to a township is thin."""
    client = site.open(site.county.office_one)
    plain = client.get(reverse("rankings"))
    packed = client.get(reverse("rankings"), headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) * 3 < len(plain.content)


def test_headers_of_every_url_for_everybody(site: Site) -> None:
    """Pages, redirections, refusals, missing pages, files; reading and writing."""
    problems = []
    for user in (None, site.county.office_one, site.county.transport_staff):
        for name in addresses.names():
            if name in addresses.PERSONAL or name == "sign_out":
                continue
            target = address(site, name, site.county.road)
            for method in ("get", "post"):
                answer = getattr(site.open(user), method)(target.url)
                problems += [f"{user} {method} {target.url}: {fault}" for fault in header_faults(answer)]
        answer = site.open(user).get("/nowhere/")
        problems += [f"{user} /nowhere/: {fault}" for fault in header_faults(answer)]
    assert not problems, "\n".join(problems)


def test_with_https_every_url_also_binds_the_browser_to_it(site: Site, settings: Any) -> None:
    """The production profile: HSTS on every answer, and plain HTTP only leads to HTTPS."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 365 * 24 * 3600, True
    problems = []
    for name in addresses.names():
        if name in addresses.PERSONAL or name == "sign_out":
            continue
        url = address(site, name, site.county.road).url
        client = site.open(site.county.office_one)
        answer = client.get(url, secure=True)
        problems += [f"{url}: {fault}" for fault in header_faults(answer)]
        if answer.get("Strict-Transport-Security") != "max-age=31536000":
            problems.append(f"{url}: no HSTS")
        plain = client.get(url)
        led_on = plain.status_code == 301 and plain["Location"].startswith("https://")
        if not led_on and name not in ("healthz", "readyz"):  # asked by the container platform itself
            problems.append(f"{url}: answered without HTTPS")
    assert not problems, "\n".join(problems)


def test_headers_of_every_error(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.open(site.county.office_one)
    client.raise_request_exception = False
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = site.open(site.county.office_one).cookies
    export = reverse("project_export")
    answers = {
        400: client.get("/", headers={"host": "not a host"}),
        403: strict.post(export),
        404: client.get("/nowhere/"),
        405: client.get(export),
        413: client.post(export, headers={"content-length": str(10**9)}),
        422: client.post(reverse("project_create"), {"name": ""}),
        429: [Client().post(reverse("sign_in"), {"username": "x", "password": "x"}) for _ in range(9)][-1],
    }

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("projects.selectors.project_list.project_page_of", broken)
    answers[500] = client.get(reverse("project_list"))
    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    problems = [f"{status}: {fault}" for status, answer in answers.items() for fault in header_faults(answer)]
    assert not problems, "\n".join(problems)


def test_cookies_are_kept_from_scripts_and_other_sites(site: Site) -> None:
    user: User = site.county.transport_staff
    user.set_password("qinghe-2026-yue")
    user.save()
    client = Client()
    client.get(reverse("sign_in"))
    answer = client.post(
        reverse("sign_in"), {**token(), "username": user.username, "password": "qinghe-2026-yue"}, follow=False
    )
    assert answer.status_code == 302
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] in ("Lax", "Strict"), cookie.key
        assert bool(cookie["secure"]) == settings.HTTPS or cookie.key == "messages", cookie.key
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert session["max-age"] == "", "the session ends with the browser"


def test_nothing_inline_nothing_from_elsewhere_every_asset_a_file(site: Site) -> None:
    problems, assets = [], set()
    pages = [shown for role in Role for shown in rendered(site, role)]
    for url in (reverse("sign_in"), "/nowhere/"):
        html = site.open(None).get(url).content.decode()
        pages.append(Shown(url, html, read(html)))
    for shown in pages:
        problems += [f"{shown.url}: {what}" for what in shown.page.refused]
        problems += [f"{shown.url}: {what}" for what in OUTSIDE.findall(shown.html)]
        assets |= set(shown.page.assets)
    for asset in assets:
        if not asset.startswith(settings.STATIC_URL):
            if resolve(asset.split("?")[0]).url_name != "photo":
                problems.append(f"{asset} is not ours")
        elif finders.find(asset.removeprefix(settings.STATIC_URL).split("?")[0].split("#")[0]) is None:
            problems.append(f"{asset} is no file")
    assert not problems, "\n".join(sorted(set(problems)))
    assert len(assets) > 3


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_error_pages_need_nothing(status: int) -> None:
    """They render without a request, a session or a database."""
    page = read(render_to_string(f"{status}.html"))
    assert page.refused == []
    assert "错误编号" in page.text
