"""The plan version in force."""

from __future__ import annotations

import datetime as dt

from projects.models import PlanVersion, Project


def plan_on(project: Project, day: dt.date) -> PlanVersion | None:
    """The version of the day's year that was in force on the day. One query."""
    return PlanVersion.objects.in_force(day).filter(project=project, year=day.year).order_by("number").last()
