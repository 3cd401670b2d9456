"""Notices: a person's inbox and acknowledgement; the office's batches, preview, issue and delivery log."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects.models import Period
from projects.rules.periods import period_of
from projects.views.acting import present_only, submit_once
from supervision.enums import NoticeKind
from supervision.forms import DeliveryFilterForm, PreviewForm
from supervision.rules.notices import groups
from supervision.selectors import notices as read
from supervision.services import notices
from supervision.services.deliveries import channel_in_use
from tracker.clock import day_of
from tracker.web.paging import page_of


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The person's own notices, what is still to be read or signed first."""
    context = {
        "page": page_of(read.inbox(request.user), request),
        "to_acknowledge": read.to_acknowledge_count(request.user),
        "unread": read.unread_count(request.user),
    }
    return render(request, "notices/inbox.html", context)


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the person's own notices with its matters."""
    found = read.notice_view(request.user, pk)
    if found is None:
        raise Http404
    context = {
        "found": found,
        "notice": found.notice,
        "is_past": request.is_past_view,
        "crumbs": [("我的通知", reverse("inbox"))],
    }
    return render(request, "notices/notice.html", context)


@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The open page of a notice says that it is being read. Another's notice is left alone, as if it did not exist."""
    present_only(request)
    notices.mark_read(notice_id=pk, actor=request.user, at=request.now)
    return HttpResponse(status=204)


@require_POST
def notice_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """签收."""
    present_only(request)
    if read.notice_view(request.user, pk) is None:
        raise Http404
    answer = submit_once(
        request,
        lambda: notices.acknowledge(notice_id=pk, actor=request.user, at=request.now),
        lambda done: reverse("notice", args=[done.pk]),
    )
    messages.success(request, "已签收。")
    return answer


@require_safe
def notice_batches(request: HttpRequest) -> HttpResponse:
    """Every batch with its counts, newest first."""
    context = {"page": page_of(read.batches(), request), "channel": channel_in_use()}
    return render(request, "notices/batches.html", context)


@require_safe
def notice_batch(request: HttpRequest, kind: str, period_key: str) -> HttpResponse:
    """The delivery log of one batch."""
    found = read.batch(kind, period_key)
    if found is None:
        raise Http404
    form = DeliveryFilterForm(request.GET)
    rows = read.delivery_log(kind, period_key, text=form.asked("q"), state=form.asked("state"))
    context = {
        "batch": found,
        "page": page_of(rows, request),
        "form": form,
        "may_retry": found.failed > 0 and request.access.may("operations.retry") and not request.is_past_view,
        "crumbs": _crumbs(),
    }
    return render(request, "notices/batch.html", context)


@require_safe
def notice_preview(request: HttpRequest) -> HttpResponse:
    """Who would get which digest, before anything is written."""
    today = day_of(request.now)
    form = PreviewForm(request.GET if "as_of" in request.GET else None, today=today, initial={"as_of": request.as_of})
    as_of = form.cleaned_data["as_of"] if form.is_valid() else request.as_of
    week = period_of("week", as_of)
    digests = [] if form.errors else notices.preview(as_of=as_of, at=request.now, period_key=week.key)
    known = read.notified(NoticeKind.WEEKLY_OVERDUE, week.key)
    lines = [
        {"digest": digest, "groups": groups(digest.matters), "is_known": digest.recipient.user_id in known}
        for digest in digests
    ]
    context = {
        "form": form,
        "lines": lines,
        "week": week,
        "as_of": as_of,
        "new_count": sum(not line["is_known"] for line in lines),
        "without_address": sum(not digest.recipient.email for digest in digests),
        "channel": channel_in_use(),
        "may_issue": not request.is_past_view,
        "crumbs": _crumbs(),
    }
    return render(request, "notices/preview.html", context, status=422 if form.errors else 200)


@require_POST
def notice_issue(request: HttpRequest) -> HttpResponse:
    """Write the notices that were previewed; who has one already gets no second."""
    present_only(request)
    form = PreviewForm(request.POST, today=day_of(request.now))
    if not form.is_valid():
        messages.error(request, "数据日期有误，没有发送。请重新选择日期。")
        return redirect("notice_preview")
    as_of = form.cleaned_data["as_of"]

    def act() -> notices.Issued:
        week = period_of("week", as_of)
        made_up = week.ends_on < day_of(request.now)
        issued = notices.issue(as_of=as_of, at=request.now, period_key=week.key, made_up=made_up, actor=request.user)
        messages.success(request, _said(issued))
        return issued

    return submit_once(request, act, _after_issue)


@require_POST
def notice_remind(request: HttpRequest, key: str) -> HttpResponse:
    """催报: remind everybody who still owes a report of the period."""
    present_only(request)
    period = get_object_or_404(Period, key=key)

    def act() -> notices.Issued:
        reminded = notices.remind(period=period, at=request.now, actor=request.user)
        messages.success(request, _said_of_reminder(reminded))
        return reminded

    return submit_once(request, act, _after_reminder)


def _said_of_reminder(reminded: notices.Issued) -> str:
    if reminded.created:
        return f"已向{reminded.created}人发出催报，站内即时可见，其余渠道由后台发送。"
    if reminded.recipients:
        return "本期已催报过：尚未报送的人员均已有催报通知，不重复发送。"
    return "没有可以催报的人员：未报项目的责任单位还没有开通账号，或已全部报送。"


def _after_reminder(reminded: notices.Issued) -> str:
    if not reminded.recipients:
        return reverse("period", args=[reminded.period_key])
    return reverse("notice_batch", args=[NoticeKind.REPORT_REMINDER.value, reminded.period_key])


def _said(issued: notices.Issued) -> str:
    if not issued.created:
        return "没有新的通知：有事项的人员本周均已有通知。" if issued.recipients else "没有人需要提醒，未生成通知。"
    return f"已生成{issued.created}份通知，站内即时可见，其余渠道由后台发送。"


def _after_issue(issued: notices.Issued) -> str:
    if not issued.recipients:
        return reverse("notice_batches")
    return reverse("notice_batch", args=[NoticeKind.WEEKLY_OVERDUE.value, issued.period_key])


def _crumbs() -> list[tuple[str, str]]:
    return [("通知发送", reverse("notice_batches"))]
