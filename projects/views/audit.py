"""The audit log and the proof that nobody changed it (docs/trust.md, Audit chain)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import audit
from projects.forms.audit import AuditForm
from projects.selectors.audit import audit_lines, audit_rows
from tracker.web.paging import page_of


@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    """Entries by filter, newest first; with `?verify=1` the whole chain is walked and the result shown."""
    form = AuditForm(request.GET)
    page = page_of(audit_rows(form.filters()), request)
    context = {
        "form": form,
        "page": page,
        "lines": audit_lines(page.object_list),
        "verification": audit.verify() if request.GET.get("verify") else None,
    }
    return render(request, "audit/log.html", context)
