"""Ledgers in: upload, a preview a clerk can trust, answers, confirmation, undo, and the kept file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import uploads
from projects.enums import ImportKind, ImportState, RowFate
from projects.forms.imports import AnswersForm, ImportFilterForm, RowSearchForm, UploadForm
from projects.models import LedgerImport
from projects.selectors.imports import results
from projects.selectors.imports.preview import preview
from projects.selectors.imports.screen import fate_tabs, screen
from projects.services import exports, imports
from projects.views.acting import present_only, refuse, submit_once
from projects.views.exporting import represented
from tracker.web.errors import UserError
from tracker.web.paging import address, page_of
from tracker.web.respond import download

ROWS_A_PAGE = 100


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """Uploads, newest first, as narrowed in the address."""
    form = ImportFilterForm(request.GET)
    rows = results.uploaded(text=form.asked("q"), state=form.asked("state"))
    return render(request, "imports/list.html", {"page": page_of(rows, request), "form": form})


@require_http_methods(["GET", "POST"])
def import_upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, today=request.as_of)
    if request.method == "POST":
        present_only(request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                return submit_once(
                    request,
                    lambda: imports.upload(
                        data=data["file"].read(),
                        filename=data["file"].name,
                        year=data["year"],
                        kind=data["kind"],
                        document_no=data["document_no"],
                        issued_on=data["issued_on"],
                        answers=form.answers(),
                        actor=request.user,
                        at=request.now,
                    ),
                    lambda ledger: reverse("import_preview", args=[ledger.pk]),
                )
            except UserError as refusal:
                refuse(form, refusal)
    return render(request, "imports/upload.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What was read beside what stands in the file, row by row; after confirmation, each row's fate."""
    ledger = _ledger(pk)
    if ledger.state != ImportState.PREVIEW:
        return _result_page(request, ledger)
    return _preview_page(request, ledger)


def _result_page(request: HttpRequest, ledger: LedgerImport) -> HttpResponse:
    """What became of each row: its fate, and what was written over what."""
    form, asked = RowSearchForm(request.GET), request.GET.get("fate", "")
    fates = results.fates_of(ledger)
    fate = asked if asked in RowFate.values else ""
    tabs = [{"label": "全部", "url": address(request, fate=None), "active": not fate, "count": sum(fates.values())}]
    tabs += [
        {"label": item.label, "url": address(request, fate=item.value), "active": fate == item, "count": count}
        for item, count in fates.items()
        if count
    ]
    rows = results.rows_of(ledger, fate=fate, text=form.asked("q"))
    context = {"ledger": ledger, "page": page_of(rows, request, ROWS_A_PAGE), "tabs": tabs, "form": form}
    return render(request, "imports/result.html", context)


def _preview_page(request: HttpRequest, ledger: LedgerImport, form: AnswersForm | None = None) -> HttpResponse:
    result = preview(ledger)
    asked = request.GET.get("fate", "")
    fate = asked if asked in RowFate.values else ""
    context = {
        "ledger": ledger,
        "result": result,
        "screen": screen(result, fate, request.GET.get("page")),
        "tabs": fate_tabs(result, fate),
        "kind": _kind_label(ledger.kind or result.kind),
        "form": form or AnswersForm(questions=result.questions),
        "is_same_person": ledger.uploaded_by_id == request.user.pk,
    }
    return render(request, "imports/preview.html", context, status=422 if form is not None else 200)


@require_POST
def import_answer(request: HttpRequest, pk: int) -> HttpResponse:
    ledger = _ledger(pk)
    present_only(request)
    if ledger.state != ImportState.PREVIEW:
        raise UserError(f"该台账{ledger.get_state_display()}，不能再回答问题。")
    form = AnswersForm(request.POST, questions=preview(ledger).questions)
    if form.is_valid():
        try:
            return submit_once(
                request,
                lambda: imports.answer(
                    ledger=ledger,
                    answers=form.given(),
                    version=_version(request),
                    actor=request.user,
                    at=request.now,
                ),
                lambda _: reverse("import_preview", args=[ledger.pk]),
            )
        except UserError as refusal:
            refuse(form, refusal)
    return _preview_page(request, ledger, form)


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    ledger = _ledger(pk)
    present_only(request)
    url = reverse("import_preview", args=[ledger.pk])
    answer = submit_once(
        request,
        lambda: imports.confirm(
            ledger=ledger,
            version=_version(request),
            actor=request.user,
            at=request.now,
        ),
        lambda _: url,
    )
    messages.success(request, "台账已导入，每一行的处理结果如下。")
    return answer


@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    ledger = _ledger(pk)
    present_only(request)
    kept: list[str] = []

    def act() -> None:
        outcome = imports.undo(ledger=ledger, version=_version(request), actor=request.user, at=request.now)
        kept.extend(outcome.kept)

    answer = submit_once(request, act, lambda _: reverse("import_preview", args=[ledger.pk]))
    messages.success(request, "导入已撤销。")
    for text in kept:
        messages.warning(request, text)
    return answer


@require_POST
def import_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was uploaded: a whole ledger, so an export like any other (docs/adr/0012-exports.md)."""
    ledger = _ledger(pk)
    try:
        data = uploads.read(ledger.stored_name)
    except FileNotFoundError as error:
        raise Http404 from error
    exports.ledger(ledger=ledger, content=data, actor=request.user, at=request.now, acting_for=represented(request))
    return download(data, ledger.filename, "application/octet-stream")


def _ledger(pk: int) -> LedgerImport:
    return get_object_or_404(LedgerImport.objects.select_related("uploaded_by", "confirmed_by"), pk=pk)


def _version(request: HttpRequest) -> int | None:
    value = request.POST.get("version", "")
    return int(value) if value.isdecimal() else None


def _kind_label(kind: str) -> str:
    return ImportKind(kind).label if kind else "类型待定"
