"""`python -m scripts.scan.fuzzed FIRST LAST`: reads the cases of that range, one line of JSON before and after each.

A process of its own, because a case may end it: it has little memory and whoever started it counts the seconds.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
import traceback
from pathlib import Path

from projects.excel.errors import LedgerDeclined
from projects.excel.reader import read_ledger
from projects.excel.readings import LedgerReading
from scripts.scan.mutations import case, originals

MEMORY_BYTES = 1 << 30
"""Of address space; what a case really takes is measured."""


def main(first: int, last: int) -> None:
    """Originals are made and read first, so that imports and caches are not counted as a case's."""
    for name, data in originals().items():
        read_ledger(data, name)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for number in range(first, last):
        kind, name, data = case(number)
        _say(begin=number, kind=kind)
        before = _reset_peak()
        started = time.process_time()
        outcome, detail = _read(name, data)
        seconds = time.process_time() - started
        _say(end=number, outcome=outcome, detail=detail, seconds=seconds, kib=_status("VmHWM") - before)


def _read(name: str, data: bytes) -> tuple[str, str]:
    """`read`, `declined`, or what it must never be."""
    try:
        reading = read_ledger(data, name)
    except LedgerDeclined as refusal:
        is_chinese = bool(re.search(r"[\u4e00-\u9fff]", refusal.reason))
        return ("declined", "") if is_chinese else ("declined without Chinese words", refusal.reason)
    except BaseException as error:  # a panic of the library below is no Exception
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(where.filename).name}", f"line {where.lineno}: {error}"[:300]
    return ("read", "") if isinstance(reading, LedgerReading) else ("no reading", repr(reading)[:100])


def _reset_peak() -> int:
    """Forget the most memory held so far; what is held now, in KiB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def _status(name: str) -> int:
    text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    assert found is not None, f"this kernel does not tell {name}"
    return int(found[1])


def _say(**line: object) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
