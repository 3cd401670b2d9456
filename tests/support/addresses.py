"""Every named URL of the site with real addresses: of one's own rows, of a stranger's, of rows that do not exist.

The list is read from the resolver. A URL that takes an argument which is not known here stops the guards, so that a new
page comes with its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpResponseNotAllowed
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from projects.models import Project
from tests.support.county import YEAR
from tests.support.site import Site

NOBODY = 999_983
"""A number that no row has."""


def patterns() -> Iterator[URLPattern]:
    """Every pattern of the site, below includes too."""

    def walk(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
        for item in found:
            if isinstance(item, URLResolver):
                yield from walk(item.url_patterns)
            else:
                yield item

    yield from walk(get_resolver().url_patterns)


@cache
def names() -> tuple[str, ...]:
    """URL names, each once."""
    return tuple(dict.fromkeys(str(pattern.name) for pattern in patterns()))


@cache
def arguments(name: str) -> tuple[str, ...]:
    """The arguments of the URL's fullest pattern."""
    return max((tuple(item.pattern.converters) for item in patterns() if item.name == name), key=len)


@cache
def methods(name: str) -> frozenset[str]:
    """The methods that the view takes; it must say so before anything else."""
    view = next(item.callback for item in patterns() if item.name == name)
    refusal = view(RequestFactory().delete("/"))
    assert isinstance(refusal, HttpResponseNotAllowed), f"{name} does not say which methods it takes"
    return frozenset(part.strip() for part in refusal["Allow"].split(","))


@dataclass(frozen=True, slots=True)
class Address:
    """One URL with its arguments. `project`: the project whose row it names, None where the row is nobody's own."""

    name: str
    kwargs: tuple[tuple[str, Any], ...]
    project: Project | None = None

    @property
    def url(self) -> str:
        return reverse(self.name, kwargs=dict(self.kwargs))

    @property
    def is_row(self) -> bool:
        """Whether it names a row by its number alone."""
        return bool({"pk", "expected_id", "snapshot_id"} & set(dict(self.kwargs))) and "board" not in dict(self.kwargs)

    @property
    def is_missing(self) -> bool:
        return any(value == NOBODY for _, value in self.kwargs)

    @property
    def missing(self) -> Address:
        """The same with numbers that no row has."""
        return Address(self.name, tuple((key, NOBODY) for key, _ in self.kwargs))


IN_PROJECT = {
    "report": "report",
    "review": "revision",
    "flag_settle": "flag",
    "photo": "photo",
    "photo_remove": "photo",
}
"""URLs whose `pk` is a row below a project; those that begin with projects/ have the project's own."""
CORRECTING = ("report_correct",)
"""URLs about a report that is accepted already."""

Finder = Callable[[Site], dict[str, Any]]
ELSEWHERE: dict[str, Finder] = {
    "manual_page": lambda site: {"key": "unit"},
    "annual_list": lambda site: {"year": YEAR},
    "period": lambda site: {"key": "2026-05"},
    "period_waive_many": lambda site: {"key": "2026-05"},
    "period_export": lambda site: {"key": "2026-05"},
    "period_edit": lambda site: {"key": "2026-05"},
    "calendar_edit": lambda site: {"year": YEAR, "part": "status"},
    "policy_edit": lambda site: {"key": "override_max_days"},
    "unit": lambda site: {"pk": site.county.transport.pk},
    "unit_alias": lambda site: {"pk": site.county.transport.pk},
    "unit_oversee": lambda site: {"pk": site.county.housing.pk},
    "officer": lambda site: {"pk": site.county.executive.pk},
    "officer_alias": lambda site: {"pk": site.county.executive.pk},
    "account": lambda site: {"pk": site.county.park_staff.pk},
    "account_state": lambda site: {"pk": site.county.park_staff.pk},
    "account_second_factor": lambda site: {"pk": site.county.park_staff.pk},
    "account_reset": lambda site: {"pk": site.county.park_staff.pk},
    "grant_end": lambda site: {"pk": site.grant.pk},
    "substitution_end": lambda site: {"pk": site.substitution.pk},
    "import_preview": lambda site: {"pk": site.ledger.pk},
    "import_answer": lambda site: {"pk": site.ledger.pk},
    "import_confirm": lambda site: {"pk": site.ledger.pk},
    "import_undo": lambda site: {"pk": site.confirmed_ledger.pk},
    "import_file": lambda site: {"pk": site.ledger.pk},
    "ranking_explain": lambda site: {
        "snapshot_id": site.published.pk,
        "board": "projects",
        "subject_id": site.county.road.pk,
    },
    "ranking_compare": lambda site: {"board": "projects"},
    "ranking_history": lambda site: {"board": "projects", "subject_id": site.county.road.pk},
    "ranking_compare_export": lambda site: {"board": "projects"},
    "ranking_history_export": lambda site: {"board": "projects", "subject_id": site.county.road.pk},
    "snapshot_publish": lambda site: {"snapshot_id": site.draft.pk},
    "snapshot_supersede": lambda site: {"snapshot_id": site.published.pk},
    "notice_batch": lambda site: {"kind": "weekly_overdue", "period_key": "2026-W23"},
    "notice_remind": lambda site: {"key": "2026-05"},
    "job_run": lambda site: {"name": "recompute_lights"},
    "job_retry": lambda site: {"pk": site.run.pk},
    "delivery_retry": lambda site: {"pk": site.delivery.pk},
}
"""Arguments of the URLs whose rows belong to no project."""

PERSONAL = ("notice", "notice_read", "notice_acknowledge")
"""URLs of a row that belongs to one person."""


def exports() -> tuple[str, ...]:
    """URLs that answer with a file made of many rows, and tell the audit log first (docs/adr/0012-exports.md)."""
    return (*(name for name in names() if name.endswith("_export")), "import_file")


def address(site: Site, name: str, project: Project) -> Address:
    """The URL with a row of `project`, or with its one row where it is not about projects."""
    wanted = arguments(name)
    if not wanted:
        return Address(name, ())
    if name in ELSEWHERE:
        return Address(name, tuple(ELSEWHERE[name](site).items()))
    rows = site.rows_of(project)
    if name in IN_PROJECT:
        return Address(name, (("pk", rows[IN_PROJECT[name]]),), project)
    in_projects = any(str(item.pattern).startswith("projects/") for item in patterns() if item.name == name)
    assert (in_projects and "pk" in wanted) or wanted == ("expected_id",), (
        f"{name} takes {', '.join(wanted)}: say in tests/support/addresses.py which row that is"
    )
    if name in CORRECTING:
        return Address(name, (("expected_id", rows["accepted_id"]),), project)
    return Address(name, tuple((key, rows[key]) for key in wanted), project)


def project_names() -> tuple[str, ...]:
    """URLs about a row of a project."""
    return tuple(name for name in names() if arguments(name) and name not in (*ELSEWHERE, *PERSONAL))
