"""The least that the same answers can cost: a view that does nothing, fifty rows by plain means, a ranking in one
statement. What the product costs stands beside these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.template import Context, Engine
from django.test import Client

from benchmarks.measure import Figure, timed
from projects.models import Project

ROWS = 50
COLUMNS = ("code", "name", "sector", "level", "stage", "total", "area", "owner", "started_on")
PLAIN_PAGE = Engine().from_string(
    "<table>{% for row in rows %}<tr>"
    + "".join(f"<td>{{{{ row.{name} }}}}</td>" for name in COLUMNS)
    + "<td>{{ row.indicator.colour }}</td><td>{{ row.indicator.rate }}</td></tr>{% endfor %}</table>"
)
PLAIN_LIST = (
    "SELECT p.code, p.name, i.colour, i.plan, i.done, i.rate, i.gap_points FROM projects_project p"
    " JOIN projects_indicator i ON i.project_id = p.id WHERE p.voided_at IS NULL ORDER BY p.code LIMIT 50"
)
FROM_CURRENT = (
    "SELECT project_id, rank() OVER (ORDER BY schedule_ratio DESC) FROM projects_indicator"
    " WHERE schedule_ratio IS NOT NULL"
)
FROM_HISTORY = (
    "SELECT project_id, rank() OVER (ORDER BY done DESC) FROM ("
    " SELECT r.project_id, v.done, row_number() OVER (PARTITION BY r.project_id ORDER BY p.cutoff DESC, v.id DESC) AS n"
    " FROM projects_reportrevision v JOIN projects_report r ON r.id = v.report_id"
    " JOIN projects_period p ON p.id = r.period_id JOIN projects_reportreview w ON w.revision_id = v.id"
    " WHERE w.decision = 'accept') newest WHERE n = 1"
)


def figures() -> Iterator[Figure]:
    client = Client()
    yield timed("floor: a view that does nothing", lambda: client.get("/healthz"))
    yield timed("floor: 50 rows, plain ORM and template", _plain_page)
    yield timed("floor: 50 rows, plain SQL", lambda: _all(PLAIN_LIST))
    yield timed("floor: ranked from current rows, SQL", lambda: _all(FROM_CURRENT))
    yield timed("floor: ranked from history, SQL", lambda: _all(FROM_HISTORY), runs=3, warm=1)


def _plain_page() -> str:
    rows = Project.objects.filter(voided_at=None).select_related("indicator").order_by("code")[:ROWS]
    return PLAIN_PAGE.render(Context({"rows": rows}))


def _all(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
