"""wapiti against a running site: one session for each role, on a copy of the county of its own.

Its crawler starts from every page that the role may open, so what is attacked does not hang on what it finds by itself.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts.scan import control
from scripts.scan.findings import Finding, Outcome
from scripts.scan.static import run, version
from scripts.scan.target import County

MODULES = "sql,xss,permanentxss,file,redirect,crlf,exec,csrf,htaccess,upload,http_headers,csp,cookieflags"
"""Left out: ssrf, xxe and log4shell, which ask a server of theirs on the internet what arrived there."""
LEAVING = ("/sign-out/", "/password/")
"""Forms that end the session."""
ATTACK_SECONDS = {"office": 15.0}
USUAL_SECONDS = 8.0
CRAWL_SECONDS = 40
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class _Scan:
    """One role's scan. `cut`: modules that reached their time before they had sent everything."""

    role: str
    found: list[Finding]
    pages: int
    requests: int
    cut: int
    errors: list[str]


def wapiti(county: County, quick: bool) -> Outcome:
    """Every role, two at a time; first a site with known holes, which must be found."""
    outcome = Outcome("wapiti", version("wapiti3"), "")
    with control.served() as address:
        told = _attack(county.folder.with_name("wapiti-control"), f"{address}/?q=1", [], "", "sql,xss", 20)
        missed = {"SQL Injection", "Reflected Cross Site Scripting"} - {rule for rule, *_ in told.found}
        if missed:
            outcome.errors.append(f"did not find in the site with holes: {', '.join(sorted(missed))}")
    roles = sorted(county.people, key=lambda role: -len(county.pages[role]))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        scans = list(pool.map(lambda role: _role(county, role, quick), roles))
    for scan in scans:
        outcome.findings += scan.found
        outcome.errors += scan.errors
    outcome.done = (
        f"{len(scans)} roles, {sum(scan.pages for scan in scans)} pages and forms, "
        f"{sum(scan.requests for scan in scans):,} attacks by {len(MODULES.split(','))} modules"
        f" ({sum(scan.cut for scan in scans)} cut by time); finds both planted holes"
    )
    return outcome


def _role(county: County, role: str, quick: bool) -> _Scan:
    with county.served(f"wapiti-{role}") as site:
        cookies = county.session(site, role)
        base = f"http://127.0.0.1:{site.port}"
        starts = [base + page for page in county.pages[role] if "?" not in page]
        seconds = 2.0 if quick else ATTACK_SECONDS.get(role, USUAL_SECONDS)
        outside = [*LEAVING, "/static/*", *(["/sign-in/*"] if cookies else [])]
        excluded = [part for path in outside for part in ("--exclude", base + path)]
        folder = county.folder.with_name(f"wapiti-{role}-session")
        told = _attack(folder, base + "/", [*_starts(starts), *excluded], cookies, MODULES, seconds)
        errors = [f"{role}: {error}" for error in told.errors]
        if not county.is_signed_in(site, role, cookies):
            errors.append(f"{role}: the session had ended when the scan did")
        if told.pages < len(starts):
            errors.append(f"{role}: only {told.pages} of {len(starts)} pages were reached")
        broken = county.failures(site)
    found = [Finding("wapiti", rule, f"{role} {method} {path}", info) for rule, method, path, info in told.found]
    found += [Finding("wapiti", "error 500", f"{role} {path}", "see the page's view") for path in broken]
    return _Scan(role, found, told.pages, told.requests, told.cut, errors)


def _starts(addresses: list[str]) -> list[str]:
    return [part for address in addresses for part in ("--start", address)]


@dataclass(frozen=True, slots=True)
class _Told:
    """What one run of the program says: category, method, path with parameter, and its sentence."""

    found: list[tuple[str, str, str, str]]
    pages: int
    requests: int
    cut: int
    errors: list[str]


def _attack(folder: Path, url: str, more: list[str], cookies: str, modules: str, seconds: float) -> _Told:
    folder.mkdir()
    report = folder / "report.json"
    done = run(
        *("wapiti", "--url", url, *more, "--module", modules),
        *("--depth", "1", "--scope", "domain", "--tasks", "4", "--timeout", "10", "--verbose", "2"),
        *("--max-scan-time", str(CRAWL_SECONDS), "--max-attack-time", str(seconds)),
        *("--store-session", str(folder), "--store-config", str(folder), "--flush-session", "--no-bugreport"),
        *("--format", "json", "--output", str(report)),
        *(("--header", f"Cookie: {cookies}") if cookies else ()),
    )
    if not report.exists():
        return _Told([], 0, 0, 0, [f"wapiti ended with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}"])
    told = json.loads(report.read_text(encoding="utf-8"))
    found = {
        (rule, each["method"], each["path"] + (f" {each['parameter']}" if each["parameter"] else ""), each["info"])
        for kind in ("vulnerabilities", "anomalies")
        for rule, rows in told[kind].items()
        for each in rows
    }
    lost = sum(map(int, re.findall(r"(\d+) requests were skipped due to network", done.stdout)))
    requests = len(re.findall(r"^\[¨\]", done.stdout, re.MULTILINE))
    cut = len(re.findall("Max attack time was reached", done.stdout))
    # Requests under way when a module's time is up count as lost; more than that means that the site did not answer.
    errors = [f"{lost} of {requests} requests had no answer"] if lost > 20 + requests // 50 else []
    return _Told(sorted(found), told["infos"]["crawled_pages_nbr"], requests, cut, errors)
