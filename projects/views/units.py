"""Units: the list, one unit with its other names and overseeing leaders."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects.enums import Board, UnitKind
from projects.forms.people import OverseeForm, SearchForm, UnitAliasForm, UnitForm
from projects.models import Unit
from projects.selectors.people import unit_cards, unit_history
from projects.services import people
from projects.views.acting import acted, form_page, status_of
from tracker.web.paging import address


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Units in official order; `?state=ended` those that no longer exist."""
    ended = request.GET.get("state") == "ended"
    form = SearchForm(request.GET)
    cards = [
        card
        for card in unit_cards(request.as_of, request.access, ended=ended)
        if form.finds(card.unit.name, card.unit.short_name, card.unit.initials, *card.aliases)
    ]
    tabs = [
        {"label": "现有单位", "url": address(request, state=None), "active": not ended, "count": None},
        {"label": "已撤销", "url": address(request, state="ended"), "active": ended, "count": None},
    ]
    return render(request, "units/list.html", {"cards": cards, "form": form, "tabs": tabs, "ended": ended})


@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Create or edit a unit."""
    found = get_object_or_404(Unit, pk=pk) if pk else None
    form = UnitForm(request.POST or None, initial=_initial(found, request))
    if found is None:
        del form.fields["valid_to"]

    def act() -> Unit:
        data = dict(form.cleaned_data)
        version = data.pop("version")
        data |= {"kind": UnitKind(data["kind"]), "board": Board(data["board"])}
        if found is None:
            return people.create_unit(**data, actor=request.user, at=request.now)
        return people.update_unit(unit=found, values=data, version=version, actor=request.user, at=request.now)

    answer = acted(request, form, act, done="单位信息已保存。", url=lambda made: reverse("unit", args=[made.pk]))
    if answer is not None:
        return answer
    context = {
        "form": form,
        "unit": found,
        "history": unit_history(found) if found else None,
        "crumbs": _crumbs(),
        "may_edit": not request.is_past_view,
    }
    return render(request, "units/unit.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def unit_alias(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name under which ledgers write the unit."""
    found = get_object_or_404(Unit, pk=pk)
    form = UnitAliasForm(request.POST or None)

    def act() -> None:
        people.add_unit_alias(unit=found, alias=form.cleaned_data["alias"], actor=request.user, at=request.now)

    url = reverse("unit", args=[pk])
    return form_page(
        request,
        form,
        act,
        title="添加别名",
        done="别名已记住，以后导入台账时按本单位处理。",
        url=url,
        crumbs=[*_crumbs(), (found.label, url)],
    )


@require_http_methods(["GET", "POST"])
def unit_oversee(request: HttpRequest, pk: int) -> HttpResponse:
    """The county leader whose field covers the unit from a day on."""
    found = get_object_or_404(Unit, pk=pk)
    form = OverseeForm(request.POST or None, initial={"valid_from": request.as_of})

    def act() -> None:
        people.oversee(unit=found, **form.cleaned_data, actor=request.user, at=request.now)

    url = reverse("unit", args=[pk])
    return form_page(
        request,
        form,
        act,
        title="变更分管领导",
        done="分管领导已登记。",
        url=url,
        crumbs=[*_crumbs(), (found.label, url)],
    )


def _crumbs() -> list[tuple[str, str]]:
    return [("单位", reverse("unit_list"))]


def _initial(found: Unit | None, request: HttpRequest) -> dict[str, object]:
    if found is None:
        return {"valid_from": request.as_of}
    return {name: getattr(found, name) for name in UnitForm.base_fields}
