"""Scanners that read the source: bandit, and semgrep with our own rules. Neither asks the network for anything."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from scripts.scan.findings import Finding, Outcome

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv-scan"
PRODUCT = ("tracker", "projects", "supervision", "manage.py")
TOOLING = ("tests", "benchmarks", "scripts")
EXPECTED_OF_TOOLING = "B101,B105,B106,B404,B603,B607,B608"
"""Tests assert, know their own passwords, start programs by name, and count rows of tables that they name."""
RULES = Path(__file__).parent / "rules"


def bandit() -> Outcome:
    """The product with every check; tests, benchmarks and scripts without what such code is made of."""
    product = _bandit(*PRODUCT)
    tooling = _bandit(*TOOLING, "--skip", EXPECTED_OF_TOOLING, "--exclude", str(RULES.relative_to(ROOT)))
    lines = [report["metrics"]["_totals"]["loc"] for report in (product, tooling)]
    outcome = Outcome("bandit", version("bandit"), f"{lines[0]:,} lines of product, {lines[1]:,} of tooling")
    for report in (product, tooling):
        outcome.errors += [f"{error['filename']}: {error['reason']}" for error in report["errors"]]
        outcome.findings += [
            Finding("bandit", found["test_id"], found["filename"], f"{found['line_number']}: {found['issue_text']}")
            for found in report["results"]
        ]
    return outcome


def _bandit(*arguments: str) -> dict[str, Any]:
    done = run("bandit", "--quiet", "--format", "json", "--recursive", *arguments)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def run(program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program of the scanners' own virtual environment, whatever its outcome."""
    return subprocess.run(
        [str(VENV / "bin" / program), *arguments],
        cwd=ROOT,
        env={**scanner_environment(), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def scanner_environment() -> dict[str, str]:
    """What a scanner is told of its surroundings: nothing of the site's settings."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("DUJIN_", "DJANGO_"))}
    return {**outer, "PATH": f"{VENV / 'bin'}:{outer.get('PATH', '')}", "PYTHONWARNINGS": "ignore"}


def version(package: str) -> str:
    """The version of a package in the scanners' virtual environment."""
    paths = sysconfig.get_path("purelib", vars={"base": str(VENV), "platbase": str(VENV)})
    found = sorted(Path(paths).glob(f"{package}-*.dist-info"))
    match = re.search(rf"{package}-(.+)\.dist-info", found[0].name) if found else None
    return match[1] if match else "?"


def semgrep() -> Outcome:
    """The product's code and templates against our own rules, each of which first proves that it can fire."""
    names = sorted(path.stem for path in RULES.glob("*.yaml"))
    outcome = Outcome("semgrep", version("semgrep"), "")
    rules = 0
    for name in names:
        sample = next((RULES / "samples").glob(f"{name}.*"))
        tried = _semgrep("--test", "--config", str(RULES / f"{name}.yaml"), str(sample))
        checks = next(iter(tried["results"].values()))["checks"]
        rules += len(checks)
        outcome.errors += [f"rule {rule} misses its sample" for rule, check in checks.items() if not _fires(check)]
        written = len(re.findall(r"^  - id:", (RULES / f"{name}.yaml").read_text(encoding="utf-8"), re.MULTILINE))
        if written != len(checks):
            outcome.errors.append(f"{name}.yaml: {written} rules, {len(checks)} with a sample")
    configs = [part for name in names for part in ("--config", str(RULES / f"{name}.yaml"))]
    report = _semgrep(*configs, *PRODUCT, "templates")
    outcome.errors += [str(error.get("message", error)) for error in report["errors"]]
    for found in report["results"]:
        path, line = found["path"], found["start"]["line"]
        text = (ROOT / path).read_text(encoding="utf-8").splitlines()[line - 1].strip()
        outcome.findings.append(Finding("semgrep", found["check_id"].rpartition(".")[2], path, f"{line}: {text[:100]}"))
    outcome.done = f"{rules} own rules, each fires on its sample; {len(report['paths']['scanned'])} files"
    return outcome


def _fires(check: dict[str, Any]) -> bool:
    return bool(check["passed"]) and any(match["reported_lines"] for match in check["matches"].values())


def _semgrep(*arguments: str) -> dict[str, Any]:
    done = run(
        *("semgrep", "scan", "--metrics=off", "--disable-version-check", "--json", *arguments),
        SEMGREP_SEND_METRICS="off",
    )
    if not done.stdout:
        raise RuntimeError(done.stderr[-2000:])
    report: dict[str, Any] = json.loads(done.stdout)
    return report
