"""Verification tasks as the office works through them."""

from __future__ import annotations

from django.db.models import Count, F, QuerySet

from projects.enums import FlagState
from projects.models import Project, VerificationFlag
from projects.permissions import Access
from projects.selectors.projects import found_by


def flags_for(access: Access, *, state: FlagState | None = FlagState.OPEN) -> QuerySet[VerificationFlag]:
    """Tasks on the projects this access sees (default: the open ones; None: all), newest first, with everything a line
    shows. One query."""
    rows = VerificationFlag.objects.filter(project__in=Project.objects.visible_to(access))
    if state is not None:
        rows = rows.filter(state=state)
    return rows.select_related(
        "project",
        "settled_by",
        "revision__submitted_by",
        "revision__on_behalf_of",
        "revision__report__period",
        "revision__report__expected__unit",
    )


SORTS = {
    "name": "project__name",
    "code": "code",
    "period": "revision__report__period__cutoff",
    "done": "revision__done",
}
"""Sort key of the list -> column; without one the newest stand first."""


def listed(
    access: Access, state: FlagState, *, text: str = "", code: str = "", sort: str = ""
) -> QuerySet[VerificationFlag]:
    """The list of one state, narrowed and sorted. One query."""
    rows = flags_for(access, state=state)
    if text:
        rows = rows.filter(project__in=found_by(text))
    if code:
        rows = rows.filter(code=code)
    column = SORTS.get(sort.lstrip("-"))
    if column is None:
        return rows
    first = F(column).desc(nulls_last=True) if sort.startswith("-") else F(column).asc(nulls_last=True)
    return rows.order_by(first, "-raised_at", "pk")


def open_flag_count(access: Access) -> int:
    """How many tasks wait. One query."""
    return flags_for(access).count()


def flags_of(project: Project) -> QuerySet[VerificationFlag]:
    """Every task one project ever had, newest first. One query."""
    return VerificationFlag.objects.filter(project=project).select_related("revision__report__period", "settled_by")


def flag_counts(access: Access) -> dict[str, int]:
    """State -> how many tasks. One query."""
    rows = flags_for(access, state=None).order_by().values_list("state").annotate(count=Count("pk"))
    return dict(rows)
