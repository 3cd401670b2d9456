"""The rule parameters: all of them by group, and a new value for one (docs/rules.md, Parameters)."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects.forms.policy import ParameterForm, typed
from projects.selectors.policy import parameter_of, policy_lines, policy_steps
from projects.services import policy as policies
from projects.views.acting import acted, status_of


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Every parameter as of the day shown, and what was ever decided."""
    lines = policy_lines(request.as_of)
    context = {
        "groups": [(title, list(group)) for title, group in groupby(lines, key=lambda line: line.parameter.group)],
        "changed": sum(not line.is_default for line in lines),
        "count": len(lines),
        "steps": policy_steps(),
        "may_edit": request.access.may("policy.edit") and not request.is_past_view,
    }
    return render(request, "policy/list.html", context)


@require_http_methods(["GET", "POST"])
def policy_edit(request: HttpRequest, key: str) -> HttpResponse:
    """A new value of one parameter from a day on."""
    parameter = parameter_of(key)
    if parameter is None:
        raise Http404
    line = next(line for line in policy_lines(request.as_of) if line.parameter.key == key)
    initial = {"value": typed(line.value), "effective_on": request.as_of}
    form = ParameterForm(request.POST or None, parameter=parameter, initial=initial)

    def act() -> None:
        policies.set_value(key=key, **form.cleaned_data, actor=request.user, at=request.now)

    url = reverse("policy")
    if (
        answer := acted(request, form, act, done=f"“{parameter.title}”已登记，自生效日期起执行。", url=url)
    ) is not None:
        return answer
    context = {"form": form, "line": line, "steps": policy_steps(key), "crumbs": [("规则参数", url)]}
    return render(request, "policy/edit.html", context, status=status_of(form))
