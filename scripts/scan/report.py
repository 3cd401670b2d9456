"""The tables at the end, for the screen and for docs/quality.md."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator, Sequence

from scripts.scan.findings import Judged

HEADS = ("tool", "version", "looked at", "found", "explained", "unexplained", "seconds")


def text(judged: Sequence[Judged]) -> str:
    """Aligned columns, then every explained and unexplained finding."""
    rows = [HEADS, *map(_row, judged)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    explained = [f"  {number} x {tool} {rule} {where}: {why}" for number, tool, rule, where, why in _reasons(judged)]
    if explained:
        lines += ["", "Explained (scripts/scan/explained.toml):", *explained]
    found = [finding for each in judged for finding in each.unexplained]
    left = [f"  {each.tool} {each.rule} {each.where}  {each.detail}" for each in found]
    if left:
        lines += ["", "UNEXPLAINED:", *left]
    errors = [f"  {each.outcome.tool}: {error}" for each in judged for error in each.outcome.errors]
    if errors:
        lines += ["", "NOT DONE:", *errors]
    return "\n".join(["", *lines, "", _verdict(judged)])


def markdown(judged: Sequence[Judged], commit: str) -> str:
    """The same for a document, with date, commit and machine."""
    lines = [
        f"`make scan`, {time.strftime('%Y-%m-%d')}, commit {commit}, Python {platform.python_version()},"
        f" {os.cpu_count()} cores. {_verdict(judged)}",
        "",
        _line(HEADS),
        _line(["---"] * len(HEADS)),
        *(_line(_row(each)) for each in judged),
        "",
        _line(("explained", "tool", "rule", "where", "why")),
        _line(["---"] * 5),
        *(_line([str(number), *rest]) for number, *rest in _reasons(judged)),
    ]
    return "\n".join(lines)


def _row(each: Judged) -> tuple[str, ...]:
    outcome = each.outcome
    explained = sum(number for _, number in each.explained)
    counts = (len(outcome.findings), explained, len(each.unexplained))
    return (outcome.tool, outcome.version, outcome.done, *map(str, counts), f"{outcome.seconds:.0f}")


def _reasons(judged: Sequence[Judged]) -> Iterator[tuple[int, str, str, str, str]]:
    for each in judged:
        for reason, number in each.explained:
            yield number, reason.tool, reason.rule, reason.where, reason.why


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _verdict(judged: Sequence[Judged]) -> str:
    left = sum(len(each.unexplained) for each in judged)
    broken = sum(bool(each.outcome.errors) for each in judged)
    if not left and not broken:
        return "Passed: every finding is explained."
    return f"FAILED: {left} unexplained findings, {broken} tools did not do their work."
