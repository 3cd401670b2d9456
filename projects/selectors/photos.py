"""Which photos a report has, and which one a person may open."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from projects.models import Project, ReportPhoto
from projects.permissions import Access, project_scope
from tracker.clock import end_of


def photos_of(report_id: int | None) -> tuple[ReportPhoto, ...]:
    """Everything on a report, the draft's included, oldest first. One query, none without a report."""
    return tuple(ReportPhoto.objects.filter(report=report_id)) if report_id else ()


def visible_photos(access: Access, as_of: dt.date) -> QuerySet[ReportPhoto]:
    """Photos of visible projects by the day. What is not submitted yet only those may see who report for the
    project."""
    projects = Project.objects.visible_to(access)
    rows = ReportPhoto.objects.filter(report__project__in=projects, uploaded_at__lt=end_of(as_of))
    own = projects.filter(project_scope(access, "reports.submit"))
    return rows.exclude(revision=None) | rows.filter(report__project__in=own)
