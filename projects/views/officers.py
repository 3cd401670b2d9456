"""The roster: the list, one person with other spellings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects.enums import OfficerKind
from projects.forms.people import OfficerAliasForm, OfficerForm, SearchForm
from projects.models import Officer
from projects.selectors.people import officer_cards, officer_history
from projects.services import people
from projects.views.acting import acted, form_page, status_of
from tracker.web.paging import address


@require_safe
def officer_list(request: HttpRequest) -> HttpResponse:
    """The roster in official order; `?state=ended` who has left it."""
    ended = request.GET.get("state") == "ended"
    form = SearchForm(request.GET)
    cards = [
        card
        for card in officer_cards(request.as_of, request.access, ended=ended)
        if form.finds(card.officer.name, card.officer.post, card.officer.initials, *card.aliases)
    ]
    tabs = [
        {"label": "在任", "url": address(request, state=None), "active": not ended, "count": None},
        {"label": "已离任", "url": address(request, state="ended"), "active": ended, "count": None},
    ]
    return render(request, "officers/list.html", {"cards": cards, "form": form, "tabs": tabs, "ended": ended})


@require_http_methods(["GET", "POST"])
def officer(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Create or edit a person of the roster."""
    found = get_object_or_404(Officer, pk=pk) if pk else None
    form = OfficerForm(request.POST or None, initial=_initial(found, request))
    if found is None:
        del form.fields["valid_to"]

    def act() -> Officer:
        data = dict(form.cleaned_data)
        version = data.pop("version")
        data["kind"] = OfficerKind(data["kind"])
        if found is None:
            return people.create_officer(**data, actor=request.user, at=request.now)
        return people.update_officer(officer=found, values=data, version=version, actor=request.user, at=request.now)

    answer = acted(request, form, act, done="名册已保存。", url=lambda made: reverse("officer", args=[made.pk]))
    if answer is not None:
        return answer
    context = {
        "form": form,
        "officer": found,
        "history": officer_history(found) if found else None,
        "crumbs": _crumbs(),
        "may_edit": not request.is_past_view,
    }
    return render(request, "officers/officer.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def officer_alias(request: HttpRequest, pk: int) -> HttpResponse:
    """Another spelling of the name in ledgers."""
    found = get_object_or_404(Officer, pk=pk)
    form = OfficerAliasForm(request.POST or None)

    def act() -> None:
        people.add_officer_alias(officer=found, alias=form.cleaned_data["alias"], actor=request.user, at=request.now)

    url = reverse("officer", args=[pk])
    return form_page(
        request,
        form,
        act,
        title="添加姓名写法",
        done="写法已记住，以后导入台账时按此人处理。",
        url=url,
        crumbs=[*_crumbs(), (found.name, url)],
    )


def _crumbs() -> list[tuple[str, str]]:
    return [("名册", reverse("officer_list"))]


def _initial(found: Officer | None, request: HttpRequest) -> dict[str, object]:
    if found is None:
        return {"valid_from": request.as_of, "kind": OfficerKind.UNIT_OFFICER}
    return {name: getattr(found, name) for name in OfficerForm.base_fields}
