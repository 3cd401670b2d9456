"""The colours of the lights, with their order of severity (docs/rules.md, Lights)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Colour(StrEnum):
    GREEN = "green"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"
    PURPLE = "purple"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def severity(self) -> int:
        """0 green to 3 red; grey and purple stand outside the order and count as 0."""
        return _SEVERITY.get(self, 0)


_LABELS = {
    Colour.GREEN: "正常",
    Colour.BLUE: "关注",
    Colour.YELLOW: "预警",
    Colour.RED: "告警",
    Colour.GREY: "无数据",
    Colour.PURPLE: "豁免",
}
_SEVERITY = {Colour.GREEN: 0, Colour.BLUE: 1, Colour.YELLOW: 2, Colour.RED: 3}
_BY_SEVERITY = (Colour.GREEN, Colour.BLUE, Colour.YELLOW, Colour.RED)


def worst(colours: Iterable[Colour]) -> Colour | None:
    """The most severe of the ordered colours; None when there is none."""
    ordered = [colour for colour in colours if colour in _SEVERITY]
    return max(ordered, key=lambda colour: colour.severity, default=None)


def at_least(colour: Colour, floor: Colour) -> Colour:
    """`colour`, or `floor` where that is more severe (grey and purple give way to it)."""
    return floor if floor.severity > colour.severity else colour


def at_most(colour: Colour, cap: Colour) -> Colour:
    """`colour`, or `cap` where `colour` is more severe."""
    return _BY_SEVERITY[min(colour.severity, cap.severity)] if colour in _SEVERITY else colour
