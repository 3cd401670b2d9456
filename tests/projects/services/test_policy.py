"""Rule parameters as dated rows (docs/rules.md, Parameters)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from projects.models import AuditEntry, PolicyRow
from projects.rules.policy import Policy
from projects.selectors.policy import policy_lines, policy_on, policy_steps
from projects.services import policy
from tests.support.county import County, moment
from tracker.web.errors import UserError

TODAY = moment(3, 10)
MAY = dt.date(2026, 5, 1)


def test_a_value_holds_from_its_day_on(county: County) -> None:
    _set(county, "ratio_yellow", "0.65", effective_on=MAY)
    assert policy_on(dt.date(2026, 4, 30)) == Policy()
    assert policy_on(MAY).ratio_yellow == Decimal("0.65")


def test_a_later_row_replaces_an_earlier_one_and_both_stay_readable(county: County) -> None:
    _set(county, "ratio_yellow", "0.65", effective_on=MAY)
    _set(county, "ratio_yellow", "0.70", effective_on=dt.date(2026, 7, 1))
    assert policy_on(dt.date(2026, 6, 30)).ratio_yellow == Decimal("0.65")
    assert policy_on(dt.date(2026, 7, 1)).ratio_yellow == Decimal("0.70")
    assert [step.row.value for step in policy_steps("ratio_yellow")] == ["0.70", "0.65"]


def test_of_two_rows_on_one_day_the_later_counts(county: County) -> None:
    _set(county, "schedule_method", "points", effective_on=MAY)
    _set(county, "schedule_method", "ratio", effective_on=MAY)
    assert policy_on(MAY).schedule_method == "ratio"


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("ratio_yellow", "很多", "value"),
        ("no_such_key", "1", "value"),
        ("season_curve", "tropical", "value"),
        ("weekly_due_weekday", "8", "value"),
        ("due_hour", "24", "value"),
        ("override_max_days", "32", "value"),
    ],
)
def test_a_bad_value_is_refused(county: County, key: str, value: str, field: str) -> None:
    with pytest.raises(UserError) as refusal:
        _set(county, key, value)
    assert refusal.value.field == field


def test_the_past_keeps_its_rules(county: County) -> None:
    with pytest.raises(UserError, match="不能早于今天"):
        _set(county, "ratio_yellow", "0.65", effective_on=dt.date(2026, 3, 9))


def test_a_change_needs_its_ground(county: County) -> None:
    with pytest.raises(UserError, match="依据"):
        _set(county, "ratio_yellow", "0.65", reason=" ")


def test_setting_what_holds_already_writes_nothing(county: County) -> None:
    assert _set(county, "ratio_yellow", "0.60") is None
    assert not PolicyRow.objects.exists()


def test_the_change_is_audited_with_old_and_new(county: County) -> None:
    _set(county, "repeat_rule", "false")
    assert AuditEntry.objects.get(action="policy.set_value").data["value"] == [True, False]


def test_the_page_names_where_each_value_comes_from(county: County, django_assert_num_queries) -> None:
    _set(county, "ratio_yellow", "0.65")
    _set(county, "ratio_yellow", "0.70", effective_on=MAY)
    with django_assert_num_queries(2):
        lines = {line.parameter.key: line for line in policy_lines(dt.date(2026, 3, 10))}
    changed = lines["ratio_yellow"]
    assert (changed.shown, changed.is_default, changed.row.actor) == ("0.65", False, county.bureau)
    assert [row.value for row in changed.upcoming] == ["0.70"]
    assert lines["ratio_blue"].is_default
    assert lines["season_curve"].shown == "按月均摊（m/12）"
    assert lines["notice_lead_workdays"].shown == "7、3、1"


def _set(
    county: County, key: str, value: Any, effective_on: dt.date = dt.date(2026, 3, 10), reason: str = "常务会纪要"
) -> PolicyRow | None:
    return policy.set_value(
        key=key, value=value, effective_on=effective_on, reason=reason, actor=county.bureau, at=TODAY
    )
