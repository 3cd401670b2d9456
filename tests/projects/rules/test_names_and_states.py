"""Names that mean the same, and the state tables (docs/rules.md, Names; States)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.rules import transitions
from projects.rules.naming import (
    edit_distance,
    normalise_person_name,
    normalise_project_name,
    one_character_apart,
    similarity,
)


@pytest.mark.parametrize(
    "spelling",
    [
        "青禾水厂（二期）扩建项目",
        "★青禾水厂(二期)扩建项目",
        "青禾水厂【二期】扩建工程",
        "▲ 青禾水厂〔二期〕\n扩建建设项目",
        "青禾水厂　（二期）扩建",
    ],
)
def test_one_project_many_spellings(spelling):
    assert normalise_project_name(spelling) == "青禾水厂(二期)扩建"


def test_what_differs_stays_different():
    assert normalise_project_name("青禾水厂一期") != normalise_project_name("青禾水厂二期")
    assert normalise_project_name("项目") == "项目", "a suffix alone is not eaten"


@pytest.mark.parametrize("spelling", ["宋　岚", "宋 岚", "宋岚", "宋岚（县委常委）", "宋岚(副县长)"])
def test_padded_person_names(spelling):
    assert normalise_person_name(spelling) == "宋岚"


def test_near_names_are_asked_about_not_merged():
    assert one_character_apart("齐望生", "齐望声")
    assert not one_character_apart("齐望生", "齐望生")
    assert not one_character_apart("齐望生", "齐望")
    assert edit_distance("水厂扩建", "水厂改扩建") == 1


def test_similarity_falls_with_the_distance():
    assert similarity("青禾水厂扩建", "青禾水厂扩建") == 1
    assert similarity("青禾水厂", "青禾水厂及配套管网工程一期") == Decimal("0.8")
    assert similarity("青禾水厂扩建", "县城污水管网") < Decimal("0.5")
    assert similarity("", "青禾水厂") == 0


@pytest.mark.parametrize(
    ("table", "state", "act", "then"),
    [
        (transitions.REPORT, "draft", "submit", "submitted"),
        (transitions.REPORT, "submitted", "return", "returned"),
        (transitions.REPORT, "returned", "submit", "submitted"),
        (transitions.REPORT, "submitted", "accept", "accepted"),
        (transitions.PLAN, "draft", "approve", "effective"),
        (transitions.SNAPSHOT, "draft", "publish", "published"),
        (transitions.SNAPSHOT, "published", "supersede", "superseded"),
    ],
)
def test_the_way_forward(table, state, act, then):
    assert transitions.allowed(table, state, act)
    assert transitions.after(table, state, act) == then


@pytest.mark.parametrize(
    ("table", "state", "act"),
    [
        (transitions.REPORT, "draft", "accept"),
        (transitions.REPORT, "accepted", "return"),
        (transitions.PLAN, "superseded", "approve"),
        (transitions.SNAPSHOT, "published", "publish"),
        (transitions.SNAPSHOT, "superseded", "publish"),
    ],
)
def test_what_is_published_or_accepted_does_not_move_back(table, state, act):
    assert not transitions.allowed(table, state, act)
    with pytest.raises(ValueError, match="不能进行"):
        transitions.after(table, state, act)
