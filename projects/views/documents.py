"""Documents of a project: adding, opening and voiding them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from projects import uploads
from projects.enums import DocumentKind
from projects.forms.documents import DocumentForm, VoidForm
from projects.models import Project, ProjectDocument
from projects.permissions import may_on
from projects.rules.file_kinds import KINDS
from projects.services import documents
from projects.views.acting import on_behalf_of
from projects.views.projects import find, project_form
from tracker.clock import end_of
from tracker.web.errors import UserError
from tracker.web.respond import download


@require_http_methods(["GET", "POST"])
def document_add(request: HttpRequest, pk: int) -> HttpResponse:
    project = find(request, pk, "documents.edit")
    form = DocumentForm(request.POST or None, request.FILES or None)

    def act() -> ProjectDocument:
        data = form.cleaned_data
        return documents.add(
            project=project,
            kind=DocumentKind(data["kind"]),
            data=data["file"].read(),
            filename=data["file"].name,
            title=data["title"],
            document_no=data["document_no"],
            dated_on=data["dated_on"],
            actor=request.user,
            at=request.now,
            acting_for=on_behalf_of(request.access, "documents.edit"),
        )

    return project_form(
        request, project, form, act, title="上传资料", done="资料已上传。", submit="上传", section="documents"
    )


@require_http_methods(["GET", "POST"])
def document_void(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    project = find(request, pk, "documents.edit")
    row = _document(project, document)
    form = VoidForm(request.POST or None)

    def act() -> None:
        documents.void(
            document=row,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=request.now,
            acting_for=on_behalf_of(request.access, "documents.edit"),
        )

    return project_form(
        request,
        project,
        form,
        act,
        title=f"作废“{row.title}”",
        done="已作废，记录和原因保留在资料清单中。",
        submit="作废",
        intro="作废后其他人不能再打开这份文件；记录不删除。",
        section="documents",
    )


@require_safe
@cache_control(private=True, no_store=True)
def document_file(request: HttpRequest, pk: int, document: int) -> HttpResponseBase:
    """The file, to keep. A voided one opens only for those who may void; one uploaded after the day shown is not there
    yet."""
    project = find(request, pk)
    row = _document(project, document)
    hidden = hasattr(row, "void") and not may_on(request.access, "documents.edit", project)
    if hidden or row.uploaded_at >= end_of(request.as_of):
        raise Http404
    try:
        data = uploads.read(row.stored_name)
    except FileNotFoundError as error:
        raise UserError("这份资料的文件找不到了，请系统管理员从备份中恢复。") from error
    return download(data, row.download_name, KINDS[row.suffix].media_type)


def _document(project: Project, pk: int) -> ProjectDocument:
    return get_object_or_404(ProjectDocument.objects.select_related("project", "void"), pk=pk, project=project)
