"""Which project a ledger row means: by code, then by normalised name, then by a former name; never by 序号.

A near name is a question, not a match (docs/imports.md, Matching).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from projects.excel.readings import ProjectRow
from projects.excel.text import squeeze
from projects.rules.naming import normalise_project_name, similarity
from projects.selectors.imports.known import Known

NEAR = Decimal("0.8")
"""Similarity from which a name is asked about."""
_COMMON = 400
"""A pair of characters found in more names than this tells nothing and is not looked up."""
_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Match:
    """`project` is sure; `near` are projects to ask about, nearest first. `how` is code, name or former."""

    project: int | None = None
    near: tuple[int, ...] = ()
    how: str = ""


class NameIndex:
    """Finds near names among many without comparing every pair: only names that share enough character pairs."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        self._names = [(name, project, _pairs(name)) for name, project in names]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for position, (_, _, pairs) in enumerate(self._names):
            for pair in pairs:
                self._postings[pair].append(position)

    def near(self, name: str) -> tuple[int, ...]:
        """Projects whose name is at least `NEAR` similar, nearest first."""
        shared: Counter[int] = Counter()
        own = _pairs(name)
        for pair in own:
            postings = self._postings.get(pair, ())
            if len(postings) <= _COMMON:
                shared.update(postings)
        scored = []
        for position, _ in shared.most_common(_CANDIDATES):
            other, project, pairs = self._names[position]
            if not _may_be_near(name, own, other, pairs):
                continue
            score = similarity(name, other)
            if score >= NEAR:
                scored.append((-score, project))
        return tuple(dict.fromkeys(project for _, project in sorted(scored)))


def _may_be_near(name: str, own: set[str], other: str, pairs: set[str]) -> bool:
    """Whether it is worth counting edits: one edit spoils two pairs at most, so too few common ones rule a name out."""
    edits = (1 - NEAR) * max(len(name), len(other))
    return name in other or other in name or max(len(own - pairs), len(pairs - own)) <= 2 * edits


def _pairs(name: str) -> set[str]:
    return {name[index : index + 2] for index in range(len(name) - 1)}


class Matcher:
    """Matches rows of one ledger; a project that one row has taken is no candidate for nearness of another."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._index: NameIndex | None = None

    def match(self, row: ProjectRow) -> Match:
        code = code_of_row(row)
        if code and (project := self._known.by_code.get(code)):
            return Match(project, how="code")
        name = normalise_project_name(row.name)
        for names, how in ((self._known.by_match, "name"), (self._known.by_former, "former")):
            found = names.get(name, [])
            if len(found) == 1:
                return Match(found[0], how=how)
            if found:
                return self._by_owner(found, row, how)
        return Match()

    def near(self, row: ProjectRow, taken: set[int]) -> tuple[int, ...]:
        """Projects with a similar name that no other row of the ledger means."""
        if self._index is None:
            self._index = NameIndex((state.project.match_name, pk) for pk, state in self._known.projects.items())
        return tuple(pk for pk in self._index.near(normalise_project_name(row.name)) if pk not in taken)

    def _by_owner(self, found: list[int], row: ProjectRow, how: str) -> Match:
        owner = squeeze(row.value("owner") or "")
        same = [pk for pk in found if owner and squeeze(self._known.projects[pk].project.owner) == owner]
        return Match(same[0], how=how) if len(same) == 1 else Match(near=tuple(found))


def code_of_row(row: ProjectRow) -> str:
    """The project code a row carries. A plain number is a serial number, which is no identity."""
    for key in ("code", "seq"):
        code = squeeze(str(row.value(key) or ""))
        if code and not code.isdigit() and len(code) > 3:
            return code
    return ""
