"""The stored lights: recomputed nightly and after each acceptance, lowered by a person with reason and expiry
(docs/rules.md, Lights)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from projects import audit
from projects.models import AnnualListEntry, Indicator, LightChange, LightOverride, Project, User
from projects.models.indicators import POINTS_PLACES, RATE_PLACES, TEXT_LENGTH
from projects.rules.colours import Colour
from projects.rules.facts import to_json
from projects.rules.lights import Judgement
from projects.selectors.indicators import IndicatorView, computed
from projects.selectors.policy import policy_on
from projects.services.editing import required
from tracker.clock import day_of
from tracker.web.errors import UserError

CHUNK = 200
"""Projects judged and written together, so that a long run holds no long transaction."""

INVESTMENT = "W1"
"""The dimension that rests on the figures of a period rather than on the day."""

_STORED = (
    "as_of",
    "colour",
    "computed_colour",
    "is_stale",
    "plan",
    "done",
    "rate",
    "expected_rate",
    "schedule_ratio",
    "gap_points",
    "detail",
    "rule_version",
    "policy_version",
    "input_digest",
)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many projects were judged, and in how many the overall colour changed."""

    projects: int
    changed: int


def recompute(
    *,
    at: dt.datetime,
    projects: Iterable[Project] | None = None,
    actor: User | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Recomputed:
    """Judge projects (default: everything on the year's list) as of the day of `at`, and store what the rules answer.

    A colour that changed leaves a `LightChange`; running twice leaves none the second time. Each chunk is one
    transaction. A whole run writes one audit row; a single project after an acceptance is told by that act's own row.
    """
    as_of = day_of(at)
    wanted = list(projects) if projects is not None else _listed(as_of)
    changed = done = 0
    for chunk in _chunks(wanted):
        with transaction.atomic():
            changed += _store(chunk, as_of)
        done += len(chunk)
        if progress is not None:
            progress(done, len(wanted))
    if projects is None:
        data = {"as_of": as_of.isoformat(), "projects": len(wanted), "changed": changed}
        audit.record(actor=actor, at=at, action="indicator.recompute", data=data)
    return Recomputed(projects=len(wanted), changed=changed)


@transaction.atomic
def override(
    *, project: Project, colour: Colour, reason: str, expires_on: dt.date, actor: User, at: dt.datetime
) -> LightOverride:
    """A person sets a colour worse than the computed one, for a limited time. A better one comes only from a recognised
    cause, an approved plan change or a corrected report."""
    today = day_of(at)
    reason = required(reason, "请写明人工调整的理由。", "reason")
    longest = policy_on(today).override_max_days
    if not today <= expires_on <= today + dt.timedelta(days=longest):
        raise UserError(f"有效期应从今天起，最长{longest}天。", field="expires_on")
    _store([project], today)
    current = Colour(Indicator.objects.get(project=project).computed_colour)
    if colour.severity <= current.severity:
        raise UserError(
            f"计算结果为“{current.label}”，人工调整只能更严。改善须通过原因认定、计划调整或更正报告。", field="colour"
        )
    LightOverride.objects.filter(project=project, withdrawn_at=None).update(withdrawn_at=at)
    row = LightOverride.objects.create(
        project=project, colour=colour, reason=reason, actor=actor, at=at, expires_on=expires_on
    )
    _store([project], today)
    data = {"colour": [current.value, colour.value], "reason": reason, "expires_on": expires_on.isoformat()}
    audit.record(actor=actor, at=at, action="light.override", obj=project, data=data)
    return row


@transaction.atomic
def withdraw_override(*, override: LightOverride, actor: User, at: dt.datetime) -> LightOverride:
    """End a manual colour before its expiry; the computed one shows again."""
    if override.withdrawn_at is not None or override.expires_on < day_of(at):
        raise UserError("该人工调整已失效。")
    override.withdrawn_at = at
    override.save(update_fields=["withdrawn_at"])
    _store([override.project], day_of(at))
    data = {"colour": [override.colour, None]}
    audit.record(actor=actor, at=at, action="light.withdraw_override", obj=override.project, data=data)
    return override


def _listed(as_of: dt.date) -> list[Project]:
    entries = AnnualListEntry.objects.current(as_of).filter(year=as_of.year)
    return list(Project.objects.filter(voided_at=None, pk__in=entries.values("project")))


def _chunks(projects: list[Project]) -> Iterator[list[Project]]:
    for start in range(0, len(projects), CHUNK):
        yield projects[start : start + CHUNK]


def _store(projects: list[Project], as_of: dt.date) -> int:
    """Judge and write one chunk; how many overall colours changed. A result for an older day never replaces a newer."""
    results = computed(as_of, projects=projects)
    held = {row.project_id: row for row in Indicator.objects.select_for_update().filter(project__in=projects)}
    newest = [
        (view, judgement)
        for view, judgement in results
        if view.project_id not in held or held[view.project_id].as_of <= as_of
    ]
    changes = [change for view, judgement in newest for change in _changes(held.get(view.project_id), view, judgement)]
    LightChange.objects.bulk_create(changes)
    Indicator.objects.bulk_create(
        [_row(view) for view, _ in newest],
        update_conflicts=True,
        unique_fields=["project"],
        update_fields=_STORED,
    )
    return sum(change.dimension == LightChange.OVERALL and bool(change.old) for change in changes)


def _row(view: IndicatorView) -> Indicator:
    return Indicator(
        project_id=view.project_id,
        as_of=view.as_of,
        colour=view.colour.value,
        computed_colour=view.computed.value,
        is_stale=view.is_stale,
        plan=view.plan,
        done=view.done,
        rate=_rounded(view.rate, RATE_PLACES),
        expected_rate=_rounded(view.expected_rate, RATE_PLACES),
        schedule_ratio=_rounded(view.schedule_ratio, RATE_PLACES),
        gap_points=_rounded(view.gap_points, POINTS_PLACES),
        detail=to_json(view),
        rule_version=view.rule_version,
        policy_version=view.policy_version,
        input_digest=view.input_digest,
    )


def _rounded(value: Decimal | None, places: int) -> Decimal | None:
    """The value as the sortable column holds it; the unrounded one stays in `detail`."""
    if value is None:
        return None
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _changes(held: Indicator | None, view: IndicatorView, judgement: Judgement) -> Iterator[LightChange]:
    """The colours that differ from what is stored, dimension by dimension and overall. A dimension that no longer
    applies turns grey; the raw colour is kept beside for the repeat rule."""
    before = _colours(held)
    after = {light.dimension: (light.colour, light.raw) for light in judgement.lights}
    lights = {light.dimension: light for light in judgement.lights}
    if judgement.reporting is not None:
        after["W9"] = (judgement.reporting.colour, judgement.reporting.raw)
        lights["W9"] = judgement.reporting
    for dimension in sorted({*before, *after}):
        old = before.get(dimension)
        new = after.get(dimension, (Colour.GREY, Colour.GREY))
        if old == new or (old is None and dimension not in after):
            continue
        light = lights.get(dimension)
        numbers = {**(light.numbers if light else {}), "raw": new[1].value}
        if dimension == INVESTMENT:
            numbers["compared_on"] = view.compared_on.isoformat()
        yield _change(view, dimension, old[0] if old else None, new[0], light.text if light else "不再适用。", numbers)
    old_colour = Colour(held.colour) if held else None
    if old_colour is not view.colour:
        numbers = {"computed": view.computed.value}
        yield _change(view, LightChange.OVERALL, old_colour, view.colour, view.text, numbers)


def _colours(held: Indicator | None) -> dict[str, tuple[Colour, Colour]]:
    """Dimension -> (shown, raw) as stored."""
    if held is None:
        return {}
    lights = [*held.detail["lights"], *([held.detail["reporting"]] if held.detail["reporting"] else [])]
    return {light["dimension"]: (Colour(light["colour"]), Colour(light["raw"])) for light in lights}


def _change(
    view: IndicatorView, dimension: str, old: Colour | None, new: Colour, text: str, numbers: dict[str, str]
) -> LightChange:
    return LightChange(
        project_id=view.project_id,
        on=view.as_of,
        dimension=dimension,
        old=old.value if old else "",
        new=new.value,
        text=text if len(text) <= TEXT_LENGTH else f"{text[: TEXT_LENGTH - 1]}…",
        numbers=numbers,
        rule_version=view.rule_version,
    )
