"""A project as the list's query gives it: the row and what `project_rows` puts beside it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias, TypedDict

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from projects.models import Project


class ListColumns(TypedDict):
    """What holds on the day of the list; None where nothing is known."""

    annual_class: str | None
    seq: int | None
    unit_id: int | None
    unit_name: str | None
    unit_label: str | None
    unit_order: int | None
    leader_id: int | None
    leader_name: str | None
    leader_order: int | None
    planned_start: dt.date | None
    planned_finish: dt.date | None


ListedProject: TypeAlias = "WithAnnotations[Project, ListColumns]"
