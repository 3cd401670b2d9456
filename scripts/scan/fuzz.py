"""Spoilt ledgers against the reader: it answers, or declines in Chinese, soon and in little memory, whatever comes."""

from __future__ import annotations

import json
import platform
import queue
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from scripts.scan.findings import Finding, Outcome
from scripts.scan.mutations import SEED, SPOILERS
from scripts.scan.static import ROOT, scanner_environment

CASES, QUICK_CASES = 17_000, 340
SECONDS = 2.0
KIB = 100 * 1024
PATIENCE_SECONDS = 20.0
AT_ONCE = 2


@dataclass(slots=True)
class _Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0
    most_kib: int = 0
    findings: list[Finding] = field(default_factory=list)


def fuzz(quick: bool) -> Outcome:
    """All cases in two processes. A case is told by its number: `python -m scripts.scan.fuzzed N N+1` repeats it."""
    cases = QUICK_CASES if quick else CASES
    middle = cases // 2
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tallies = list(pool.map(_range, ((0, middle), (middle, cases))))
    outcomes = sum((tally.outcomes for tally in tallies), Counter[str]())
    outcome = Outcome("fuzz", f"seed {SEED}, Python {platform.python_version()}", "")
    outcome.findings = [finding for tally in tallies for finding in tally.findings]
    if outcomes.total() != cases:
        outcome.errors.append(f"{outcomes.total()} of {cases} cases were tried")
    outcome.done = (
        f"{cases:,} ledgers spoilt {len(SPOILERS)} ways: {outcomes['read']:,} read, {outcomes['declined']:,} declined,"
        f" slowest {max(tally.slowest for tally in tallies):.2f} s,"
        f" most memory {max(tally.most_kib for tally in tallies) / 1024:.0f} MiB"
    )
    return outcome


def _range(cases: tuple[int, int]) -> _Tally:
    tally, (first, last) = _Tally(), cases
    while first < last:
        first = _until_it_ends(first, last, tally)
    return tally


def _until_it_ends(first: int, last: int, tally: _Tally) -> int:
    """Runs a process on the cases; the first case that is left when it ended before its time."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.scan.fuzzed", str(first), str(last)],
        cwd=ROOT,
        env=scanner_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=_pass_on, args=(process, lines), daemon=True)
    reader.start()
    number, kind, said = first, "", ""
    try:
        while line := lines.get(timeout=PATIENCE_SECONDS):
            if not line.startswith("{"):
                said = line.strip() or said
                continue
            told = json.loads(line)
            if "begin" in told:
                number, kind = told["begin"], told["kind"]
            else:
                _count(tally, number, kind, told)
    except queue.Empty:
        process.kill()
        tally.outcomes["no answer"] += 1
        tally.findings.append(Finding("fuzz", "no answer", f"case {number} ({kind})", f"{PATIENCE_SECONDS:.0f} s"))
        return number + 1
    finally:
        reader.join()
    status = process.wait()
    if status == 0:
        return last
    tally.outcomes["ended the process"] += 1
    detail = f"status {status}: {said[:200]}"
    tally.findings.append(Finding("fuzz", "ended the process", f"case {number} ({kind})", detail))
    return number + 1


def _pass_on(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put("")


def _count(tally: _Tally, number: int, kind: str, told: dict[str, object]) -> None:
    outcome, seconds, kib = str(told["outcome"]), float(str(told["seconds"])), int(str(told["kib"]))
    tally.outcomes[outcome] += 1
    tally.slowest, tally.most_kib = max(tally.slowest, seconds), max(tally.most_kib, kib)
    where = f"case {number} ({kind})"
    if outcome not in ("read", "declined"):
        tally.findings.append(Finding("fuzz", outcome, where, str(told["detail"])))
    if seconds > SECONDS:
        tally.findings.append(Finding("fuzz", "slow", where, f"{seconds:.1f} s"))
    if kib > KIB:
        tally.findings.append(Finding("fuzz", "much memory", where, f"{kib / 1024:.0f} MiB"))
