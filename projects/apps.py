from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from projects.models.audit import AuditEntry

LIGHT_ACTIONS = (
    "plan.approve",
    "milestone.confirm",
    "milestone.move",
    "project.start",
    "project.completion",
    "project.inclusion",
)
"""Decisions after which a project's stored light is judged anew at once; reports see to theirs themselves."""


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "项目"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from projects import events

        for action in LIGHT_ACTIONS:
            events.subscribe(action, refresh_light)


def refresh_light(entry: AuditEntry) -> None:
    """Judge the project of this decision again, after its commit."""
    from projects.models import Project
    from projects.services import indicators

    project = Project.objects.filter(pk=entry.object_id, voided_at=None)
    indicators.recompute(projects=project, at=entry.at)
