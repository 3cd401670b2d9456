"""Who may open what: every URL, every role, own rows, strangers' rows and rows that do not exist.

What must happen is worked out from `projects.permissions` (RIGHTS and the scope of each relation), what happens is
asked of the site. The scopes themselves are held to a table written by hand.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from projects.enums import ADMIN_ROLES, Role
from projects.models import AuditEntry, Project, ReportRevision, RoleGrant, User
from projects.permissions import PUBLIC_URLS, RIGHTS, URL_ACTIONS, Access, Relation, project_scope
from projects.selectors.people import access_of
from projects.services import reports
from tests.support import addresses
from tests.support.addresses import NOBODY, Address, address, arguments, methods
from tests.support.guards import refuse_writes
from tests.support.site import NOW, Site
from tests.support.web import token

TODAY = NOW.date()
SIGN_IN, PASSWORD, REFUSED, MISSING, WRONG_METHOD, ADMITTED = "sign in", "password", "403", "404", "405", "admitted"
AT_THE_DOOR = {SIGN_IN, PASSWORD, REFUSED}
OPEN_WITH_FIRST_PASSWORD = {"password_change", "sign_out"}
AFTER_A_PASSWORD = {"sign_in_code"}
"""Public, but who has typed no right password is led back to the door."""
CSRF_TOKENS = re.compile(rb'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"')
CHANGING_HEADERS = {"X-Request-ID"}
WITHOUT_FORM_TOKEN = {("sign_out", "POST"), ("report_draft", "POST")}
"""Ends the session; keeps what is being typed, which is nobody's statement yet."""


def everybody(site: Site) -> dict[str, User | None]:
    """The eleven roles, nobody, somebody with a one-time password, somebody without a role, a cooperating unit, a
    substitute."""
    return {
        **{role.value: user for role, user in site.by_role.items()},
        "nobody": None,
        "first password": site.newcomer,
        "no role": site.idle,
        "cooperating unit": site.county.chengguan_staff,
        "other unit": site.county.park_staff,
        "substitute": site.deputy,
    }


class Table:
    """What the rights table says must happen. Rights are read once per person: nothing moves during a walk."""

    def __init__(self) -> None:
        self._access: dict[int, Access] = {}
        self._scopes: dict[tuple[int, str], frozenset[int]] = {}

    def wanted(self, user: User | None, target: Address, method: str) -> str:
        name = target.name
        if name in AFTER_A_PASSWORD and user is None:
            return SIGN_IN
        if name in PUBLIC_URLS:
            return ADMITTED if method in methods(name) else WRONG_METHOD
        if user is None:
            return SIGN_IN
        if user.must_change_password and name not in OPEN_WITH_FIRST_PASSWORD:
            return PASSWORD
        if user.pk not in self._access:
            self._access[user.pk] = access_of(user, TODAY)
        access = self._access[user.pk]
        if not any(grant.role in RIGHTS[URL_ACTIONS[name]] for grant in access.grants):
            return REFUSED
        if method not in methods(name):
            return WRONG_METHOD
        if target.is_missing:
            return MISSING
        if target.project is not None and target.project.pk not in self._scope(access, URL_ACTIONS[name]):
            return MISSING
        return ADMITTED

    def _scope(self, access: Access, action: str) -> frozenset[int]:
        key = (access.user_id or 0, action)
        if key not in self._scopes:
            both = project_scope(access, "projects.view") & project_scope(access, action)
            self._scopes[key] = frozenset(Project.objects.filter(both).values_list("pk", flat=True))
        return self._scopes[key]


def happened(answer: HttpResponse) -> str:
    if answer.status_code == 302:
        page = answer.url.split("?")[0]
        if page == reverse("sign_in"):
            return SIGN_IN
        return PASSWORD if page == reverse("password_change") else ADMITTED
    known = {403: REFUSED, 404: MISSING, 405: WRONG_METHOD}
    assert answer.status_code != 500
    return known.get(answer.status_code, ADMITTED)


def ask(site: Site, user: User | None, url: str, method: str) -> HttpResponse:
    """One request with an empty form that carries no form token."""
    client = site.open(user)
    return client.get(url) if method == "GET" else client.post(url)


def rows() -> dict[str, int]:
    """How many rows each table holds, but for the framework's own."""
    counts = {}
    for model in apps.get_models():
        if not model._meta.db_table.startswith("django_session"):
            counts[model._meta.label] = model.objects.count() if hasattr(model, "objects") else 0
    return counts


def plain(answer: HttpResponse) -> tuple[int, dict[str, str], bytes]:
    """The answer without what is new in every answer."""
    headers = {key: value for key, value in answer.items() if key not in CHANGING_HEADERS}
    return answer.status_code, headers, CSRF_TOKENS.sub(b"", answer.content)


# The table is whole


def test_every_url_is_in_the_table_and_the_table_names_nothing_else() -> None:
    known = set(URL_ACTIONS) | set(PUBLIC_URLS)
    found = set(addresses.names())
    assert found - known == set(), "not in projects.permissions.URL_ACTIONS"
    assert known - found - {"style"} == set(), "in the table, but there is no such URL"
    assert not set(URL_ACTIONS) & set(PUBLIC_URLS)


def test_every_action_is_used_and_known() -> None:
    assert set(URL_ACTIONS.values()) <= set(RIGHTS)
    assert all(RIGHTS[action] for action in RIGHTS)
    assert {role for rights in RIGHTS.values() for role in rights} == set(Role)


def test_administrators_hold_no_action_that_any_business_role_holds_but_their_own() -> None:
    shared = {action for action, rights in RIGHTS.items() if set(rights) & set(ADMIN_ROLES)}
    assert shared == {
        *("home", "account", "accounts.edit", "grants.edit", "substitutions.edit"),
        *("audit.view", "operations.view", "operations.retry"),
    }
    kinds = {action: set(rights) & set(ADMIN_ROLES) for action, rights in RIGHTS.items() if action in shared}
    assert [action for action, roles in kinds.items() if len(roles) > 1] == ["home", "account"]


PROJECTS = ("road", "plant", "factory", "expressway", "library", "airport", "solar", "solar_school")
SEES: dict[str, str | set[str]] = {
    "mayor": "all",
    "vice": {"road", "expressway", "airport"},
    "supervisor": "all",
    "bureau": "all",
    "office_one": "all",
    "transport_head": {"road", "expressway", "airport"},
    "transport_staff": {"road", "expressway", "airport"},
    "housing_staff": {"plant", "lake"},
    "chengguan_staff": {"road", "library"},
    "park_staff": {"factory", "solar", "solar_school"},
    "owner": {"factory"},
    "sysadmin": set(),
    "secadmin": set(),
    "auditor": set(),
}
"""By hand from tests/support/county.py; 城关镇 cooperates on the road, the lake came in by a ledger."""
REPORTS: dict[str, str | set[str]] = {
    **SEES,
    "mayor": set(),
    "vice": set(),
    "supervisor": set(),
    "chengguan_staff": {"library"},
}
"""For whom each may report: leaders and 督查室 for none, a cooperating unit not for the project it helps on."""


@pytest.mark.parametrize(("action", "table"), [("projects.view", SEES), ("reports.submit", REPORTS)])
def test_scopes_are_as_written_by_hand(site: Site, action: str, table: dict[str, str | set[str]]) -> None:
    cast = {**{name: getattr(site.county, name) for name in PROJECTS}, "lake": site.lake}
    for who, which in table.items():
        scope = project_scope(access_of(getattr(site.county, who), TODAY), action)
        found = set(Project.objects.filter(scope))
        assert found == {cast[name] for name in (cast if which == "all" else which)}, who


def test_only_relations_with_a_scope_are_used() -> None:
    assert {relation for rights in RIGHTS.values() for relation in rights.values()} <= set(Relation)


# Everybody against every address


def targets(site: Site) -> list[Address]:
    """Own, a stranger's and a missing row of every URL; two projects are each other's strangers."""
    found = []
    for name in addresses.names():
        if name in addresses.PERSONAL:
            continue
        first = address(site, name, site.county.road)
        found.append(first)
        if first.project is not None:
            found.append(address(site, name, site.county.factory))
        if first.is_row:
            found.append(first.missing)
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_is_admitted_exactly_where_the_table_says(site: Site, method: str) -> None:
    before = rows()
    table, everything, mismatches, asked, told = Table(), targets(site), [], 0, 0
    for who, user in everybody(site).items():
        last = ""
        for target in everything:
            right = table.wanted(user, target, method)
            if (target.name, method) in WITHOUT_FORM_TOKEN or (right in AT_THE_DOOR and target.name == last):
                continue  # refused before anybody looks at the row: once for each URL
            last = target.name
            is_export = method == "POST" and target.name in addresses.exports()
            if is_export or right == REFUSED:
                answer = ask(site, user, target.url, method)
                found = happened(answer)
                told += found == REFUSED or (is_export and answer.status_code == 200)
            else:
                with connection.execute_wrapper(refuse_writes):
                    found = happened(ask(site, user, target.url, method))
            asked += 1
            if found != right:
                mismatches.append(f"{who} {method} {target.url} ({target.name}): {found}, must be {right}")
    assert mismatches == []
    assert asked > 1200
    assert told > 100
    before["projects.AuditEntry"] += told
    assert rows() == before, (
        "an export and a refusal leave an audit entry each; a GET or a form without its token nothing"
    )


def test_a_strangers_row_answers_byte_for_byte_like_a_missing_one(site: Site) -> None:
    """Status, headers and body."""
    table, compared, different = Table(), 0, []
    in_projects = [target for target in targets(site) if target.project is not None]
    for who, user in everybody(site).items():
        if user is None or user.must_change_password:
            continue
        for target in in_projects:
            for method in ("GET", "POST"):
                if table.wanted(user, target, method) != MISSING:
                    continue
                compared += 1
                answers = [plain(ask(site, user, url, method)) for url in (target.url, target.missing.url)]
                if answers[0] != answers[1]:
                    different.append(f"{who} {method} {target.url}")
    assert different == []
    assert compared > 100


def test_a_row_below_another_project_is_missing_too(site: Site) -> None:
    """Own project, a stranger's milestone: the pair does not exist."""
    wrong = []
    road, factory = site.rows_of(site.county.road), site.rows_of(site.county.factory)
    for name in addresses.project_names():
        parts = arguments(name)
        if len(parts) < 2:
            continue
        mixed = Address(name, tuple((key, road["pk"] if key == "pk" else factory[key]) for key in parts))
        for user in (site.county.office_one, site.county.bureau, site.county.transport_staff):
            for method in methods(name) & {"GET", "POST"}:
                if ask(site, user, mixed.url, method).status_code not in (403, 404):
                    wrong.append(f"{user} {method} {mixed.url}")
    assert wrong == []


def test_a_notice_is_its_recipients_alone(site: Site) -> None:
    own = site.notice_of(site.county.transport_staff)
    assert own is not None
    for user in (site.county.park_staff, site.county.office_one, site.county.mayor):
        for name in addresses.PERSONAL:
            for method in sorted(methods(name) & {"GET", "POST"}):
                data = token() if method == "POST" else {}
                answers = [
                    plain(getattr(site.open(user), method.lower())(reverse(name, args=[pk]), data))
                    for pk in (own.pk, NOBODY)
                ]
                assert answers[0] == answers[1], (user, name, method)
    own.refresh_from_db()
    assert (own.read_at, own.acknowledged_at) == (None, None)
    assert ask(site, site.county.transport_staff, reverse("notice", args=[own.pk]), "GET").status_code == 200


def test_a_draft_ranking_is_open_only_where_rankings_are_made(site: Site) -> None:
    url = reverse("ranking_explain", args=[site.draft.pk, "projects", site.county.road.pk])
    none = reverse("ranking_explain", args=[NOBODY, "projects", site.county.road.pk])
    for role, user in site.by_role.items():
        if role in ADMIN_ROLES:
            continue
        answers = [ask(site, user, page, "GET") for page in (url, none)]
        if role in RIGHTS["rankings.take"]:
            assert answers[0].status_code == 200
        else:
            assert plain(answers[0]) == plain(answers[1])
            assert answers[0].status_code == 404


def test_without_the_csrf_token_nothing_is_taken(site: Site) -> None:
    before = rows()
    for name in addresses.names():
        if "POST" not in methods(name) or name in addresses.PERSONAL:
            continue
        for user in (site.county.office_one, site.county.transport_staff, site.county.secadmin, None):
            signed_in = site.open(user)
            client = Client(enforce_csrf_checks=True)
            client.cookies = signed_in.cookies
            answer = client.post(address(site, name, site.county.road).url, token())
            assert answer.status_code == 403, (name, user)
    assert rows() == before


# Rights in time


def test_a_right_that_ends_or_begins_holds_at_the_next_request(site: Site) -> None:
    user = site.county.transport_staff
    client = site.open(user)
    page = reverse("project", args=[site.county.road.pk])
    assert client.get(page).status_code == 200
    grant = RoleGrant.objects.get(user=user)
    RoleGrant.objects.filter(pk=grant.pk).update(valid_to=TODAY - dt.timedelta(days=1))
    assert client.get(page).status_code == 403
    RoleGrant.objects.filter(pk=grant.pk).update(valid_to=TODAY)  # the last day still counts
    assert client.get(page).status_code == 200
    RoleGrant.objects.filter(pk=grant.pk).update(unit=site.county.park)
    assert client.get(page).status_code == 404
    RoleGrant.objects.filter(pk=grant.pk).update(valid_from=TODAY + dt.timedelta(days=1), valid_to=None)
    assert client.get(page).status_code == 403
    RoleGrant.objects.filter(pk=grant.pk).update(valid_from=TODAY, unit=site.county.transport)
    assert client.get(page).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert happened(client.get(page)) == SIGN_IN


def test_an_assignment_that_ends_takes_the_project_from_the_unit(site: Site) -> None:
    client = site.open(site.county.transport_staff)
    page = reverse("project", args=[site.county.road.pk])
    assert client.get(page).status_code == 200
    site.county.road.unit_assignments.filter(unit=site.county.transport).update(valid_to=TODAY - dt.timedelta(days=1))
    assert client.get(page).status_code == 404


def test_a_substitute_acts_for_the_principal_and_only_while_it_lasts(site: Site) -> None:
    row = site.rows_of(site.county.road)
    revision = ReportRevision.objects.get(pk=row["revision"])
    reports.give_back(revision=revision, reason="请补充影像", actor=site.county.office_one, at=NOW)
    url = reverse("report_entry", args=[row["expected_id"]])
    version = site.open(site.deputy).get(url).context["form"]["version"].value()
    data = {"done": "5000", "progress": "桥面铺装完成八成", "version": version, "flag_reason": "已核对凭证"}
    answer = site.open(site.deputy).post(url, {**token(), **data})
    assert answer.status_code == 302, answer.content.decode()
    sent = ReportRevision.objects.filter(report=row["report"]).latest("number")
    assert (sent.submitted_by, sent.on_behalf_of) == (site.deputy, site.county.transport_staff)
    entry = AuditEntry.objects.filter(action="report.submit").latest("pk")
    assert (entry.actor, entry.acting_for) == (site.deputy, site.county.transport_staff)
    strange = address(site, "report_entry", site.county.factory)
    assert happened(ask(site, site.deputy, strange.url, "GET")) == MISSING
    type(site.substitution).objects.update(valid_to=TODAY - dt.timedelta(days=1))
    assert happened(ask(site, site.deputy, url, "GET")) == REFUSED


def test_a_substitute_never_becomes_an_administrator(site: Site) -> None:
    type(site.substitution).objects.update(principal=site.county.secadmin)
    assert happened(ask(site, site.deputy, reverse("grant_list"), "GET")) == REFUSED


# Administrators


def test_administrators_see_no_business_data(site: Site) -> None:
    """No page that an administrator may open names a project or what was reported. The audit log is the exception:
    it quotes what was changed, to the audit administrator alone (docs/trust.md, Audit chain)."""
    secrets = [project.name for project in site.county.projects] + ["桥面铺装完成", "征地尚余两户"]
    seen = []
    for role in ADMIN_ROLES:
        user = site.by_role[role]
        for name in addresses.names():
            if name in (*addresses.PERSONAL, "audit_log"):
                continue
            target = address(site, name, site.county.road)
            if "GET" not in methods(name) or Table().wanted(user, target, "GET") != ADMITTED:
                continue
            answer = site.open(user).get(target.url)
            text = answer.content.decode()
            seen += [f"{role} {target.url}: {secret}" for secret in secrets if secret in text]
    assert seen == []
