"""sqlmap on every address that searches, filters or sorts, signed in as whoever may open it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from benchmarks.faults.browser import Browser
from benchmarks.faults.sites import Site
from scripts.scan import control
from scripts.scan.findings import Finding, Outcome
from scripts.scan.static import run, version
from scripts.scan.target import County
from tests.support.pages import read

SORTED = {"sort": "name", "page": "1"}
"""What lists take beside the fields of their form."""
LIST = "/projects/"
IN_PATHS = ("/projects/1*/", "/rankings/history/projects/1*/", "/imports/2*/")
"""Addresses whose number is attacked; `*` marks it."""
USUAL_SECONDS, QUICK_SECONDS = 6, 1
"""For each parameter of an address, of which one alone takes 3 on a machine with nothing else to do."""
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class _Tried:
    """One address. `finished`: parameters that were given every payload before the time was up."""

    found: list[str]
    payloads: int
    parameters: int
    finished: int
    error: str


def sqlmap(county: County, quick: bool) -> Outcome:
    """First a page that is open to injection, which must be found; then the site."""
    outcome = Outcome("sqlmap", version("sqlmap"), "")
    folder = county.folder.with_name("sqlmap")
    folder.mkdir()
    with control.served() as address:
        if not _try(folder / "control", f"{address}/?q=1", "", 60).found:
            outcome.errors.append("did not find the injection in the page with holes")
    with county.served("sqlmap") as site, ThreadPoolExecutor(AT_ONCE) as pool:
        wanted = addresses(county, site)
        base = f"http://127.0.0.1:{site.port}"
        sessions = {role: county.session(site, role) for role in county.people}
        seconds = QUICK_SECONDS if quick else USUAL_SECONDS

        def attack(each: tuple[int, tuple[str, str]]) -> _Tried:
            number, (role, address) = each
            return _try(folder / str(number), base + address, sessions[role], seconds)

        tried = list(pool.map(attack, enumerate(wanted)))
        outcome.findings = [
            Finding("sqlmap", "error 500", path, "see the page's view") for path in county.failures(site)
        ]
        for role, cookies in sessions.items():
            if not county.is_signed_in(site, role, cookies):
                outcome.errors.append(f"{role}: the session had ended when the scan did")
    for (role, address), each in zip(wanted, tried, strict=True):
        path = urlsplit(address).path
        outcome.findings += [Finding("sqlmap", "injectable", f"{role} GET {path}", name) for name in each.found]
        outcome.errors += [f"{role} {path}: {each.error}"] if each.error else []
    outcome.done = (
        f"{len(wanted)} addresses as {len({role for role, _ in wanted})} roles, "
        f"{sum(each.payloads for each in tried):,} payloads, "
        f"{sum(each.finished for each in tried)} of {sum(each.parameters for each in tried)} parameters in time;"
        " finds the planted hole"
    )
    return outcome


def addresses(county: County, site: Site) -> list[tuple[str, str]]:
    """Role and address: each path with all its parameters, for the first role that opens it; projects for all.

    Parameters are the fields of the page's own searching form, and those of `tests.support.walk.VARIANTS`.
    """
    found: dict[str, tuple[str, dict[str, str]]] = {}
    again: list[tuple[str, str]] = []
    for role in sorted(county.pages, key=lambda role: role != "office"):
        person = county.browser(site, role)
        for page in county.pages[role]:
            path, query = urlsplit(page).path, dict(parse_qsl(urlsplit(page).query, keep_blank_values=True))
            owner, known = found.setdefault(path, (role, {}))
            if owner == role:
                known.update(query if query else _searched(person, path))
        if found.get(LIST, (role, {}))[0] != role and LIST in county.pages[role]:
            again.append((role, f"{LIST}?{urlencode(found[LIST][1])}"))
    listed = [
        (role, f"{path}?{urlencode({name: value or '1' for name, value in query.items()})}")
        for path, (role, query) in found.items()
        if query
    ]
    return [*listed, *again, *(("office", path) for path in IN_PATHS)]


def _searched(person: Browser, path: str) -> dict[str, str]:
    """The fields of the page's searching form, each with something to choose."""
    answer = person.get(path)
    if answer.status != 200:
        return {}
    forms = [form for form in read(answer.text).forms if form.method == "get" and form.action in ("", path)]
    names = {name: (form.options.get(name) or ["1"])[0] for form in forms for name in form.kinds}
    return {**names, **SORTED} if names else {}


def _try(folder: Path, url: str, cookies: str, seconds: int) -> _Tried:
    names = [name for name, _ in parse_qsl(urlsplit(url).query)]
    parameters = max(len(names), 1)
    done = run(
        *("sqlmap", "--url", url, "--batch", "--level", "2", "--risk", "1", "--technique", "BEUST"),
        *("--dbms", "SQLite", "--time-sec", "2", "--time-limit", str(seconds * parameters + 2)),
        *("--output-dir", str(folder)),
        *("--flush-session", "--disable-coloring", "--drop-set-cookie", "-v", "3"),
        *(("-p", ",".join(names)) if names else ()),
        *(("--cookie", cookies) if cookies else ()),
    )
    found = re.findall(r"^Parameter: (.+)$", done.stdout, re.MULTILINE)
    payloads = done.stdout.count("[PAYLOAD]")
    finished = len(re.findall(r"parameter '.*?' does not seem to be injectable", done.stdout)) + len(found)
    error = "" if payloads else f"nothing was sent: {(done.stdout + done.stderr)[-600:]}"
    if "/sign-in/" in done.stdout and "/sign-in/" not in url:
        error = "was led to the sign-in page"
    return _Tried(found, payloads, parameters, finished, error)
