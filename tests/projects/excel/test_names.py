"""Units and people in one cell (docs/ledgers.md, Units and people)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.excel.names import split_people, split_units

KNOWN = frozenset({"东岭开发区", "区工信局", "临河街道", "区住建局"})


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("       东岭开发区  区工信局\n", ("东岭开发区", "区工信局")),
        ("东岭开发区区工信局", ("东岭开发区", "区工信局")),
        ("临河街道、区住建局，区工信局；东岭开发区", ("临河街道", "区住建局", "区工信局", "东岭开发区")),
        ("水利\n北山分局", ("水利北山分局",)),
        ("东岭开发区\n和平安置区\n建设指挥部", ("东岭开发区", "和平安置区建设指挥部")),
        ("东岭开发区临河街道        区住建局", ("东岭开发区", "临河街道", "区住建局")),
        ("青松集团（清河）有限公司", ("青松集团（清河）有限公司",)),
        ("区住建局\n区住建局", ("区住建局",)),
        ("—", ()),
        ("", ()),
    ],
)
def test_units(raw: str, names: tuple[str, ...]) -> None:
    split = split_units(raw, KNOWN)
    assert split.names == names
    assert split.question is None


def test_units_run_together_with_an_unknown_one_stay_whole_and_are_asked() -> None:
    split = split_units("东岭开发区区审计局", KNOWN)
    assert split.names == ("东岭开发区区审计局",)
    assert split.question == "“东岭开发区区审计局”是一个单位还是几个单位？"


def test_a_text_that_known_names_cover_in_two_ways_is_asked() -> None:
    split = split_units("甲乡镇中心校", {"甲乡", "镇中心校", "甲乡镇", "中心校"})
    assert split.names == ("甲乡镇中心校",)
    assert split.question


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("贺  兰", ("贺兰",)),
        ("贺　兰", ("贺兰",)),
        ("沈望舒             陆闻笛 ", ("沈望舒", "陆闻笛")),
        ("沈望舒\n陆闻笛\n贺  兰\n顾  言", ("沈望舒", "陆闻笛", "贺兰", "顾言")),
        ("贺  兰 顾  言", ("贺兰", "顾言")),
        ("沈望舒（副区长）、陆闻笛", ("沈望舒", "陆闻笛")),
        ("沈望舒 副区长", ("沈望舒",)),
        ("陆闻笛贺  兰", ("陆闻笛", "贺兰")),
        ("\n顾言\n沈望舒\n", ("顾言", "沈望舒")),
    ],
)
def test_people(raw: str, names: tuple[str, ...]) -> None:
    assert split_people(raw, {"陆闻笛", "贺兰"}).names == names


def test_people_that_cannot_be_told_apart_are_asked() -> None:
    assert split_people("沈望舒陆闻笛").question
    assert not split_people("买买提·艾力").question


@given(st.text(max_size=60))
def test_splitting_never_raises(raw: str) -> None:
    split_units(raw, KNOWN)
    split_people(raw, {"贺兰", "陆闻笛"})
