"""Tables out of the site: the one way in which a page's rows leave as a workbook (docs/adr/0012-exports.md)."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from projects.excel.outgoing import LedgerSheet
from projects.models import User
from projects.permissions import URL_ACTIONS
from projects.services import exports
from projects.views.acting import on_behalf_of
from tracker.web.respond import xlsx


def export(request: HttpRequest, sheet: LedgerSheet, name: str, *, obj: models.Model | None = None) -> HttpResponseBase:
    """The sheet as the file `name`, once the audit log tells who took it; without that entry there is no file."""
    from projects.excel.writer import write_xlsx  # a worker that never exports does not hold the library

    rows = list(sheet.rows)
    content = write_xlsx([replace(sheet, rows=rows)])
    exports.workbook(
        title=name,
        note=sheet.note,
        rows=len(rows),
        content=content,
        obj=obj,
        actor=request.user,
        at=request.now,
        acting_for=represented(request),
    )
    return xlsx(content, name)


def represented(request: HttpRequest) -> User | None:
    """The person for whom the reader may open this URL, when only by a substitution."""
    return on_behalf_of(request.access, URL_ACTIONS[request.resolver_match.view_name])
