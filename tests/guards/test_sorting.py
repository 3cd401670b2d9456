"""Every sortable column of every list sorts both ways, unknown values last, ties in a fixed order.

Lists are found by their sortable heads. The project list has two ways to sort (stored lights in the database, computed
lights in memory); both must answer alike.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from projects.enums import ADMIN_ROLES, Role
from projects.models import Indicator, Project
from projects.selectors.project_list import SORTS
from tests.support.pages import Cell, Page, read
from tests.support.site import Site
from tests.support.walk import rendered

SORT = re.compile(r"[?&]sort=(-?)([a-z_]+)")
UNKNOWN = {"", "—", "-"}
NUMERIC = {"seq", "plan", "done", "rate", "gap", "growth", "share"}


def sort_links(page: Page) -> dict[str, int]:
    """Sort key -> column, from the heads of the page's tables."""
    return {
        found[2]: column
        for table in page.tables
        for column, cell in enumerate(table[0] if table else ())
        for link in cell.links
        if (found := SORT.search(link))
    }


def shown(client: Client, url: str, sort: str) -> list[tuple[str, list[str]]]:
    """The rows of the list: the addresses that each leads to, and the texts of its cells."""
    answer = client.get(url, {"sort": sort, "basis": ""})
    assert answer.status_code == 200
    page = read(answer.content.decode())
    table = next(
        table for table in page.tables if table and any(SORT.search(link) for cell in table[0] for link in cell.links)
    )
    return [(_leads_to(row), [cell.text for cell in row]) for row in table[1:]]


def _leads_to(row: list[Cell]) -> str:
    """Every address of a row, without the filters that go along."""
    return " ".join(link.split("?")[0] for cell in row for link in cell.links)


def lists(site: Site) -> dict[str, dict[str, int]]:
    """Address -> its sortable columns, over every page: these four roles open them all."""
    found = {}
    for role in (Role.BUREAU, *ADMIN_ROLES):
        for one in rendered(site, role):
            if links := sort_links(one.page):
                found[one.url.split("?")[0]] = links
    return found


def value(key: str, text: str) -> Decimal | str | None:
    """The text of a cell as what it sorts by; None where nothing is known."""
    if text.strip() in UNKNOWN:
        return None
    if key in NUMERIC:
        number = re.search(r"[+\-−]?[\d,]+(?:\.\d+)?", text)
        if number is None:
            return None
        return Decimal(number[0].replace(",", "").replace("−", "-"))
    return text


@pytest.fixture
def ties(site: Site) -> Site:
    """Rows that only the last key tells apart: same name, plan and day, made in the opposite order of their codes."""
    road = site.county.road
    for code in ("QH900", "QH899", "QH898"):
        Project.objects.create(
            code=code, name="同名工程", match_name="同名工程", stage=road.stage, created_at=road.created_at
        )
    return site


def test_lists_are_found(site: Site) -> None:
    found = lists(site)
    assert set(found[reverse("project_list")]) == set(SORTS), "every sort of the list has its head"


@pytest.mark.parametrize("stored", [True, False], ids=["in the database", "in memory"])
def test_every_column_sorts_both_ways(ties: Site, stored: bool) -> None:
    if not stored:
        Indicator.objects.update(as_of="2026-05-31")
    client = ties.open(ties.county.bureau)
    for url in lists(ties):
        columns = sort_links(read(client.get(url, {"basis": ""}).content.decode()))
        plain = [link for link, _ in shown(client, url, "seq")]
        for key, column in columns.items():
            up, down = shown(client, url, key), shown(client, url, f"-{key}")
            assert sorted(link for link, _ in up) == sorted(link for link, _ in down) == sorted(plain), key
            assert len(set(plain)) == len(plain) >= (9 if url == reverse("project_list") else 2), url
            for rows, descending in ((up, False), (down, True)):
                assert shown(client, url, f"-{key}" if descending else key) == rows, "asked twice, answered alike"
                values = [value(key, cells[column]) for _, cells in rows]
                known = [item for item in values if item is not None]
                assert values == known + [None] * (len(values) - len(known)), f"{key}: unknown values come last"
                if key in NUMERIC or key == "finish":
                    assert known == sorted(known, reverse=descending), key
                for before, after in pairwise(rows):
                    if value(key, before[1][column]) == value(key, after[1][column]) and key != "seq":
                        assert plain.index(before[0]) < plain.index(after[0]), f"{key}: ties keep the list's order"


def test_both_ways_to_sort_answer_alike(ties: Site) -> None:
    client, url = ties.open(ties.county.bureau), reverse("project_list")
    orders = []
    for moved in (False, True):
        if moved:  # one light of another day: the list is then computed in memory
            Indicator.objects.update(as_of="2026-05-31")
        orders.append(
            {sort: [link for link, _ in shown(client, url, sort)] for key in SORTS for sort in (key, f"-{key}")}
        )
    assert orders[0] == orders[1]


def test_nonsense_sorts_as_the_list_stands(site: Site) -> None:
    client, url = site.open(site.county.bureau), reverse("project_list")
    assert shown(client, url, "password") == shown(client, url, "seq")
    assert shown(client, url, "-") == shown(client, url, "seq")
