"""A site to attack: one made county, and a copy of it with a server of its own for each attack."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults.browser import Browser
from benchmarks.faults.machines import free_port
from benchmarks.faults.sites import Site, set_clock
from scripts.scan.prepare import PASSWORD


@dataclass(slots=True)
class County:
    """A filled database that nobody serves. `people`: role -> account; `pages`: role -> addresses."""

    folder: Path
    people: dict[str, str] = field(default_factory=dict)
    pages: dict[str, list[str]] = field(default_factory=dict)
    now: dt.datetime | None = None

    def make(self) -> None:
        self.folder.mkdir()
        said = _site(self.folder).must("-m", "scripts.scan.prepare")
        made = json.loads(next(line for line in said.splitlines() if line.startswith("{")))
        self.people, self.pages = made["people"], made["pages"]
        self.now = dt.datetime.fromisoformat(made["now"])

    @contextmanager
    def served(self, name: str) -> Iterator[Site]:
        """A copy on a free port; it and its server end with the block."""
        folder = self.folder.with_name(f"{self.folder.name}-{name}")
        shutil.copytree(self.folder, folder)
        assert self.now is not None, "make() comes first"
        clock = folder / "clock"
        set_clock(clock, self.now)
        site = _site(folder, DUJIN_FAULT_CLOCK=str(clock))
        site.port = free_port()
        options = ("--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(site.port))
        counts = ("--workers", "2", "--blocking-threads", "4", "--log-level", "warning")
        try:
            site.start("-m", "granian", "scripts.scan.served:application", *options, *counts)
            site.wait_for_web()
            yield site
        finally:
            site.end()
            shutil.rmtree(folder, ignore_errors=True)

    def session(self, site: Site, role: str) -> str:
        """The cookies of somebody who has signed in as this role, for a Cookie header; empty for nobody."""
        return "; ".join(f"{key}={value}" for key, value in self.browser(site, role).cookies.items())

    def browser(self, site: Site, role: str) -> Browser:
        """Somebody who has signed in as this role, or nobody."""
        username = self.people[role]
        return site.browser(username, PASSWORD) if username else Browser(site.port)

    def failures(self, site: Site) -> list[str]:
        """Paths that answered 500, once for each time; whatever was sent, a page must have words for it."""
        return re.findall(r"Internal Server Error: (\S+)", site.log.read_text(encoding="utf-8", errors="replace"))

    def is_signed_in(self, site: Site, role: str, cookies: str) -> bool:
        """Whether these cookies still open the role's pages: an attack that lost its session proves nothing."""
        if not cookies:
            return True
        person = Browser(site.port, dict(part.split("=", 1) for part in cookies.split("; ")))
        return "/sign-in/" not in person.get("/").location


def _site(folder: Path, **settings: str) -> Site:
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("DUJIN_", "DJANGO_"))}
    return Site(folder, "", {**outer, "DUJIN_DATA": str(folder), **settings})
