"""`python -m scripts.scan [--only NAME,...] [--quick] [--markdown FILE]`, better as `make scan`.

Ends with a table of all tools, the findings that are explained and those that are not, and the exit status 1 when one
is not or when a tool did not do its work.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.scan import static
from scripts.scan.findings import Explanation, Judged, Outcome, explanations, judge
from scripts.scan.fuzz import fuzz
from scripts.scan.report import markdown, text
from scripts.scan.sqlmap import sqlmap
from scripts.scan.target import County
from scripts.scan.wapiti import wapiti

Tool = Callable[[County, bool], Outcome]
TOOLS: Mapping[str, Tool] = {
    "bandit": lambda county, quick: static.bandit(),
    "semgrep": lambda county, quick: static.semgrep(),
    "fuzz": lambda county, quick: fuzz(quick),
    "wapiti": wapiti,
    "sqlmap": sqlmap,
}
SERVED = ("wapiti", "sqlmap")
"""Those that attack a running site."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.scan")
    parser.add_argument("--only", default=",".join(TOOLS), help=f"some of {','.join(TOOLS)}")
    parser.add_argument("--quick", action="store_true", help="short times and few cases, to see that it works")
    parser.add_argument("--markdown", type=Path, help="write the tables there too")
    options = parser.parse_args()
    wanted = options.only.split(",")
    if unknown := set(wanted) - set(TOOLS):
        parser.error(f"no such tool: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # leave nothing running behind
    known = explanations()
    folder = Path(tempfile.mkdtemp(prefix="dujin-scan-"))
    county = County(folder / "county")
    try:
        if set(wanted) & set(SERVED):
            county.make()
        judged = [_run(name, TOOLS[name], county, options.quick, known) for name in TOOLS if name in wanted]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text(judged))
    if options.markdown:
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
        options.markdown.write_text(markdown(judged, commit.stdout.strip()) + "\n", encoding="utf-8")
    return 0 if all(each.passed for each in judged) else 1


def _run(name: str, tool: Tool, county: County, quick: bool, known: list[Explanation]) -> Judged:
    """One tool; what it raises is one of its errors."""
    begin = time.monotonic()
    try:
        outcome = tool(county, quick)
    except Exception:
        outcome = Outcome(name, "?", "stopped", errors=[traceback.format_exc()])
    outcome.seconds = time.monotonic() - begin
    judged = judge(outcome, known)
    verdict = "passed" if judged.passed else "FAILED"
    print(f"{verdict}: {name}, {outcome.done}, {outcome.seconds:.0f} s", file=sys.stderr, flush=True)
    return judged


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    sys.exit(main())
