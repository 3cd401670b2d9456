"""Every act of the site has its sentence, and the log leaks no code to the screen."""

from __future__ import annotations

import ast
import re

from projects.enums import AdjustmentKind
from projects.models import User
from projects.rules.audit_words import ACTIONS, sentence
from projects.selectors.audit import AuditFilters, audit_lines, audit_rows
from projects.services import calendar, lists, people
from tests.guards.source import modules
from tests.support.county import CREATED, County, moment


def _codes() -> set[str]:
    """Every literal that is passed as `action=` to `audit.record`; both ends of a conditional one."""
    found: set[str] = set()
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                value = next(keyword.value for keyword in node.keywords if keyword.arg == "action")
                found |= {
                    inner.value
                    for inner in ast.walk(value)
                    if isinstance(inner, ast.Constant) and re.fullmatch(r"[a-z]+\.[a-z_]+[a-z]", str(inner.value))
                }
    return found


BUILT = {"project.retract_unit", "project.retract_officer"}
"""Put together from the name of what is taken back (`services.assignments.retract_assignment`)."""


def test_every_act_has_a_sentence_and_every_sentence_an_act() -> None:
    codes = _codes()
    assert len(codes) > 50
    assert sorted(codes - ACTIONS.keys()) == []
    assert sorted(ACTIONS.keys() - codes - BUILT) == []


def test_sentences_are_chinese() -> None:
    assert [text for text in ACTIONS.values() if re.search("[A-Za-z]", text)] == []
    assert sentence("project.unheard_of") == "其他操作"


def test_content_is_told_in_words(county: County) -> None:
    at = moment(3, 2)
    people.oversee(unit=county.housing, officer=county.executive, valid_from=at.date(), actor=county.office_one, at=at)
    calendar.set_day(day=moment(3, 7).date(), is_workday=True, name="调休", actor=county.office_one, at=at)
    lists.adjust(
        entry=county.road.entries.get(),
        kind=AdjustmentKind.PAUSED,
        reason="用地调整",
        effective_on=at.date(),
        actor=county.office_one,
        at=at,
    )
    lines = {line.entry.action: line for line in audit_lines(audit_rows(AuditFilters()))}
    details = {detail.label: detail.new for detail in lines["unit.oversee"].details}
    assert details == {"领导": "温以宁", "起始日期": "2026-03-02"}
    day = {detail.label: (detail.old, detail.new) for detail in lines["calendar.set_day"].details}
    assert day["上班"] == ("否", "是")
    adjusted = {detail.label: detail.new for detail in lines["list.adjust"].details}
    assert adjusted["类别"] == "暂停"
    assert lines["list.adjust"].object_kind == "项目"
    assert {detail.new for detail in lines["project.stage"].details} >= {"暂停"}


def test_filters_narrow(county: County) -> None:
    for name, at in (("县水利局", moment(3, 2, 23)), ("县林业局", moment(3, 3, 0))):
        people.create_unit(name=name, kind="department", board="departments", actor=_actor(county, name), at=at)
    first = AuditFilters(until=moment(3, 2).date())
    assert [entry.object_label for entry in audit_rows(first)] == ["县水利局"]
    assert [entry.object_label for entry in audit_rows(AuditFilters(since=moment(3, 3).date()))] == ["县林业局"]
    assert audit_rows(AuditFilters(person="段")).count() == 1
    assert audit_rows(AuditFilters(text="林业")).count() == 1
    assert audit_rows(AuditFilters(action="unit.alias")).count() == 0


def _actor(county: County, name: str) -> User:
    return county.bureau if name == "县水利局" else county.office_one


def test_as_many_queries_whatever_the_number_of_rows(county: County, django_assert_num_queries) -> None:
    for number in range(3):
        people.create_officer(
            name=f"甲{number}", kind="unit_officer", unit=county.housing, actor=county.bureau, at=CREATED
        )
    with django_assert_num_queries(2):
        audit_lines(audit_rows(AuditFilters())[:1])
    with django_assert_num_queries(2):
        audit_lines(audit_rows(AuditFilters()))
