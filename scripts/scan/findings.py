"""What a scanner found, what was explained before, and what is left."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

FILE = Path(__file__).parent / "explained.toml"


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule`: the tool's own name for it. `where`: a file, or role, method and path. `detail`: a line to look at."""

    tool: str
    rule: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why findings of a rule are none. With `count`, just so many: one more is a finding, one less a stale reason."""

    tool: str
    rule: str
    where: str
    why: str
    count: int | None = None

    def covers(self, finding: Finding) -> bool:
        same = (finding.tool, finding.rule) == (self.tool, self.rule)
        return same and fnmatchcase(finding.where, self.where)


@dataclass(slots=True)
class Outcome:
    """One tool's run. `done`: what it looked at, in figures. `errors`: why the run itself cannot be believed."""

    tool: str
    version: str
    done: str
    findings: list[Finding] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome with its findings told apart."""

    outcome: Outcome
    explained: Sequence[tuple[Explanation, int]]
    unexplained: Sequence[Finding]

    @property
    def passed(self) -> bool:
        return not self.unexplained and not self.outcome.errors


def explanations(file: Path = FILE) -> list[Explanation]:
    """Those of the file, in its order."""
    return [Explanation(**entry) for entry in tomllib.loads(file.read_text(encoding="utf-8"))["explained"]]


def judge(outcome: Outcome, known: Sequence[Explanation]) -> Judged:
    """Each finding goes to the first explanation that covers it and has room."""
    used: Counter[int] = Counter()
    unexplained = []
    for finding in outcome.findings:
        for index, explanation in enumerate(known):
            has_room = explanation.count is None or used[index] < explanation.count
            if has_room and explanation.covers(finding):
                used[index] += 1
                break
        else:
            unexplained.append(finding)
    for index, explanation in enumerate(known):
        mine = explanation.tool == outcome.tool and explanation.count is not None
        if mine and used[index] != explanation.count:
            stale = f"explained {explanation.count} times, found {used[index]} times: correct explained.toml"
            unexplained.append(Finding(outcome.tool, explanation.rule, explanation.where, stale))
    return Judged(outcome, [(known[index], number) for index, number in sorted(used.items())], unexplained)
