"""The project list, its export, and the form of master data."""

from __future__ import annotations

import pytest
from django.urls import reverse

from projects.models import Project
from projects.selectors.project_list import SORTS
from tests.support.county import County
from tests.support.web import browser, page_text, send

pytestmark = pytest.mark.django_db


def form_of(project: Project, **changed: str) -> dict[str, str]:
    data = {"name": project.name, "level": project.level, "version": str(project.version)}
    return data | changed


def test_every_column_sorts_both_ways(county: County) -> None:
    client = browser(county.office_one)
    for key in SORTS:
        for sort in (key, f"-{key}"):
            assert client.get(reverse("project_list"), {"sort": sort}).status_code == 200


def test_the_list_finds_by_initials_and_shows_only_what_one_may_see(county: County) -> None:
    office, unit = browser(county.office_one), browser(county.vice)
    assert county.road.name in page_text(office.get(reverse("project_list"), {"q": county.road.initials[:4]}))
    assert office.get(reverse("project_list")).context["page"].paginator.count == 8
    assert unit.get(reverse("project_list")).context["page"].paginator.count < 8


def test_a_child_joins_its_package_and_tags_are_kept(county: County) -> None:
    client = browser(county.office_one)
    url = reverse("project_edit", args=[county.library.pk])
    answer = send(client, url, **form_of(county.library, parent=str(county.solar.pk), tags="专项债、民生"))
    assert answer.status_code == 302, page_text(answer)
    county.library.refresh_from_db()
    assert county.library.parent == county.solar
    assert sorted(tag.name for tag in county.library.tags.all()) == ["专项债", "民生"]


def test_a_stale_form_meets_the_conflict_page(county: County) -> None:
    client = browser(county.office_one)
    url = reverse("project_edit", args=[county.road.pk])
    stale = form_of(county.road, sector="交通")
    assert send(client, url, **stale).status_code == 302
    assert send(client, url, **{**stale, "sector": "水利"}).status_code == 409


def test_the_export_is_a_workbook(county: County) -> None:
    answer = browser(county.office_one).get(reverse("project_export"))
    assert answer.getvalue()[:2] == b"PK"
