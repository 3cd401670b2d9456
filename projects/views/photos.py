"""Photos of a report: sent while it is typed, taken away again, shown to whoever sees the project."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from projects import uploads
from projects.permissions import may_on
from projects.selectors.photos import visible_photos
from projects.services import photos
from projects.views.acting import present_only, submit_once
from projects.views.reports import find_expected
from tracker.web import tokens
from tracker.web.errors import UserError


@require_POST
def photo_add(request: HttpRequest, expected_id: int) -> JsonResponse:
    """One photo from the entry page. Answers what the page then shows, and the token of the next photo."""
    expected = find_expected(request, expected_id, "reports.submit")
    present_only(request)
    tokens.once(request)
    file = request.FILES.get("photos")
    try:
        if file is None:
            raise UserError("没有收到照片，请重新选择。", field="photos")
        photo = photos.add(expected=expected, data=file.read(), actor=request.user, at=request.now)
    except UserError as refusal:
        return JsonResponse({"message": refusal.message, "token": tokens.issue()}, status=422)
    url = reverse("photo", args=[photo.pk])
    return JsonResponse(
        {"url": url, "remove": reverse("photo_remove", args=[photo.pk]), "number": photo.pk, "token": tokens.issue()}
    )


@require_POST
def photo_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a photo off the draft and go back to it."""
    rows = visible_photos(request.access, request.as_of).select_related("report__project")
    photo = get_object_or_404(rows, pk=pk)
    if not may_on(request.access, "reports.submit", photo.report.project):
        raise Http404
    present_only(request)
    url = reverse("report_entry", args=[photo.report.expected_id])
    try:
        return submit_once(
            request, lambda: photos.remove(photo=photo, actor=request.user, at=request.now), lambda _: f"{url}#photos"
        )
    except UserError as refusal:
        messages.error(request, refusal.message)
        return redirect(url)


@require_safe
@cache_control(private=True, no_store=True)
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture itself; `?small` its thumbnail."""
    found = get_object_or_404(visible_photos(request.access, request.as_of), pk=pk)
    try:
        data = uploads.read(found.thumbnail_name if "small" in request.GET else found.stored_name)
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(data, content_type="image/jpeg", headers={"Content-Disposition": "inline"})
