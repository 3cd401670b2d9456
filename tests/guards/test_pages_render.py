"""Every page renders for everybody who may open it: in an empty county, in full work, with long texts, on a past day.

Undefined template variables fail in every test of the suite. Here the text is read as well: it is Chinese, without the
words of the database, and no value is shown raw.
"""

from __future__ import annotations

import re

import pytest
from django.urls import Resolver404, resolve, reverse

from projects.enums import Role
from projects.models import Milestone, Officer, Project, StatisticsInclusion, Unit, UnitAlias, User
from projects.permissions import PUBLIC_URLS, URL_ACTIONS
from projects.selectors.people import access_of
from tests.support import addresses
from tests.support.addresses import methods
from tests.support.pages import Page
from tests.support.site import NOW, PAST, Site
from tests.support.walk import FILES, read_all, rendered
from tests.support.web import token

ALLOWED = frozenset(("DOCX", "XLSX", "xlsx", "xls", "CSV", "csv", "Dujin", "dujin"))
"""Latin words that an official knows: file types, and the product."""
CODE = re.compile(r"[A-Za-z]*[-_./:@〔]?\d|@|^[A-Z]{1,3}$")
"""Something with a number in it is a code, not a word; so are an address and initials."""
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@/+-]*")
RAW = {
    "None": re.compile(r"\bNone\b"),
    "True or False": re.compile(r"\b(?:True|False)\b"),
    "a template tag": re.compile(r"\{\{|\{%|%\}|\}\}"),
    "a tail of digits": re.compile(r"\d\.\d{5,}"),
    "an exponent": re.compile(r"\d[Ee][+-]\d"),
    "a Python value": re.compile(r"Decimal\(|datetime\.|<[A-Za-z]+: |\[\]|\{\}|&lt;|object at"),
}


def faults(page: Page, names: frozenset[str]) -> list[str]:
    """What a reader should not see."""
    found = [kind for kind, pattern in RAW.items() if pattern.search(page.text)]
    for word in WORD.findall(page.text):
        word = word.strip(".:/+-")
        if re.search(r"[A-Za-z]", word) and not CODE.search(word) and word not in ALLOWED | names:
            found.append(f"the word “{word}”")
    return sorted(set(found))


def names_of_people() -> frozenset[str]:
    """User names and registration numbers are typed by people."""
    codes = StatisticsInclusion.objects.values_list("code", flat=True)
    return frozenset(User.objects.values_list("username", flat=True)) | frozenset(codes)


def walk(site: Site, users: list[User]) -> None:
    """Open everything and read it."""
    known = names_of_people()
    pages = [(user, shown) for user in users for shown in read_all(site, user)]
    problems = [f"{user.username} {shown.url}: {fault}" for user, shown in pages for fault in faults(shown.page, known)]
    assert not problems, "\n".join(problems)
    assert len(pages) > 40


def few(site: Site) -> list[User]:
    """One of each kind of reader."""
    county = site.county
    return [county.bureau, county.transport_staff, county.owner, county.sysadmin, county.secadmin, county.auditor]


@pytest.mark.parametrize("role", list(Role))
def test_full_county(site: Site, role: Role) -> None:
    known = names_of_people()
    problems = [f"{shown.url}: {fault}" for shown in rendered(site, role) for fault in faults(shown.page, known)]
    assert not problems, "\n".join(problems)


def test_every_page_is_read_by_somebody(site: Site) -> None:
    """The walk reaches every page that answers to GET: nothing hides behind a refusal for everybody."""
    reached = {str(resolve(shown.url.split("?")[0]).url_name) for role in Role for shown in rendered(site, role)}
    pages = {name for name in addresses.names() if "GET" in methods(name)}
    assert pages - reached == {"home", "manual", "sign_in", "sign_in_code", "healthz", "readyz", *FILES}


def test_past_day(site: Site) -> None:
    """As it was on 6 May 2026, before May was reported."""
    chosen = token() | {"day": PAST.isoformat()}
    for user in (site.county.bureau, site.county.mayor):
        assert site.open(user).post(reverse("as_of"), chosen).status_code == 302
    walk(site, [site.county.bureau, site.county.mayor])


def test_long_texts(site: Site) -> None:
    """Names as long as the columns hold, without a place to break them."""
    for model, field, length in (
        (Project, "name", 200),
        (Unit, "name", 100),
        (Unit, "short_name", 40),
        (UnitAlias, "alias", 100),
        (Officer, "name", 40),
        (Officer, "post", 100),
        (Milestone, "title", 300),
        (User, "name", 40),
    ):
        for row in model.objects.all():
            text = f"{row.pk}号" + "超长名称" * 80
            model.objects.filter(pk=row.pk).update(**{field: text[:length]})
    walk(site, few(site))


def test_links_lead_somewhere_and_are_open_to_whom_they_are_shown(site: Site) -> None:
    """No dead link, and no page offers what its reader may not open."""
    problems = []
    for role, user in site.by_role.items():
        access = access_of(user, NOW.date())
        for shown in rendered(site, role):
            for link in [*shown.page.links, *(form.action for form in shown.page.forms)]:
                path = link.split("#")[0].split("?")[0]
                if not path:
                    continue
                try:
                    name = str(resolve(path).url_name)
                except Resolver404:
                    problems.append(f"{shown.url}: {link} leads nowhere")
                    continue
                if name not in PUBLIC_URLS and not access.may(URL_ACTIONS[name]):
                    problems.append(f"{role} on {shown.url}: {link} is not open")
    assert not problems, "\n".join(sorted(set(problems)))
