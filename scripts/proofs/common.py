"""What the proofs share: a visitor who fills in forms, the lines of the table, and waiting with an end."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Qinghe-2026-demo"
"""Of every account of the demonstration county."""


class Table:
    """One line for each promise; the process ends with 1 when one was not kept."""

    def __init__(self, title: str) -> None:
        self.kept = True
        print(f"\n{title}\n{'-' * 100}", flush=True)

    def line(self, promise: str, found: object, kept: bool) -> None:
        self.kept = self.kept and kept
        print(f"{'ok  ' if kept else 'FAIL'}  {promise:<58} {found}", flush=True)

    def end(self) -> None:
        print("-" * 100 + ("\nall kept" if self.kept else "\nNOT ALL KEPT"), flush=True)
        sys.exit(0 if self.kept else 1)


def wait_until(reached: Callable[[], bool], seconds: float = 120) -> float:
    """How long it took, in seconds; TimeoutError when it never happened."""
    began = time.monotonic()
    while not reached():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"nothing after {seconds:.0f} s")
        time.sleep(0.3)
    return time.monotonic() - began


def copy_of_demo(work: Path, name: str, *, owner: int | None = None) -> Path:
    """A copy of an embedded demonstration county's data folder for one proof. The county is told once a day: its
    reports are owed as of today."""
    told = work / f"demo-{time.strftime('%Y%m%d')}"
    if not (told / "complete").exists():
        shutil.rmtree(told, ignore_errors=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DUJIN_")}
        environment |= {"DUJIN_DATA": str(told), "DUJIN_COUNTY": "青禾县"}
        for command in (["migrate", "--verbosity", "0"], ["seed_demo", "--months", "2"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        (told / "complete").touch()
    copy = work / f"office-{name}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(told, copy)
    if owner is not None:
        for path in (copy, *copy.rglob("*")):
            os.chown(path, owner, owner)
    return copy


@dataclass
class Form:
    """One form of a page with what stands in it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", "")))
        elif self.found and tag in {"input", "select", "textarea"} and given.get("name"):
            if given.get("type") not in {"checkbox", "radio", "submit", "file"}:
                self.found[-1].fields[given["name"]] = given.get("value", "")
            self._area = given["name"] if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1].fields[self._area] += data.strip()


class Visitor:
    """A person at a browser without scripts. `home` may be changed to come to another machine with the same cookies."""

    def __init__(self, home: str, *, authority: Path | None = None) -> None:
        self.home = home
        context = ssl.create_default_context(cafile=str(authority) if authority else None)
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(_OneSite()),
            urllib.request.HTTPSHandler(context=context),
            urllib.request.ProxyHandler({}),
        )
        self.status, self.url, self.page, self.data = 0, "", "", b""

    def get(self, path: str) -> str:
        return self._ask(path, None, {})

    def send(self, path: str, having: str, /, files: dict[str, tuple[str, bytes]] | None = None, **typed: str) -> str:
        """Open the page, fill in its form that has the field `having` or leads to that address, and send it."""
        return self.post(self.fill(path, having, **typed), files)

    def fill(self, path: str, having: str, /, **typed: str) -> Form:
        """The form as `send` would send it, not sent."""
        page = self.get(path)
        form = next((form for form in _forms(page) if having in form.fields or having == form.action), None)
        if form is None:
            raise LookupError(f"{self.url} ({self.status}) has no form with {having}: {page_text(page)[:300]}")
        return Form(urllib.parse.urlsplit(urllib.parse.urljoin(self.url, form.action)).path, {**form.fields, **typed})

    def post(self, form: Form, files: dict[str, tuple[str, bytes]] | None = None) -> str:
        if files is None:
            body = urllib.parse.urlencode(form.fields).encode()
            return self._ask(form.action, body, {"Content-Type": "application/x-www-form-urlencoded"})
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in form.fields.items()
        ]
        for name, (filename, data) in files.items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
            parts.append(head.encode() + data + b"\r\n")
        body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
        return self._ask(form.action, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def sign_in(self, username: str, password: str = PASSWORD) -> bool:
        self.send("/sign-in/", "username", username=username, password=password)
        return self.status == 200 and "/sign-in/" not in self.url

    def _ask(self, path: str, body: bytes | None, headers: dict[str, str]) -> str:
        address = urllib.parse.urljoin(self.home, path)
        request = urllib.request.Request(address, body, {**headers, "Referer": self.home + "/", "Origin": self.home})
        try:
            with self._opener.open(request, timeout=60) as answer:
                self.status, self.url, self.data = answer.status, answer.url, answer.read()
        except urllib.error.HTTPError as error:
            self.status, self.url, self.data = error.code, error.url, error.read()
        self.page = self.data.decode(errors="replace")
        return self.page


class _OneSite(http.cookiejar.CookieJar):
    """All machines of the proof are one site to the browser, as behind one name."""

    def __init__(self) -> None:
        super().__init__(http.cookiejar.DefaultCookiePolicy())
        self._kept: dict[str, str] = {}

    def extract_cookies(self, response, request) -> None:
        for cookie in self.make_cookies(response, request):
            if cookie.value:
                self._kept[cookie.name] = cookie.value
            else:
                self._kept.pop(cookie.name, None)

    def add_cookie_header(self, request) -> None:
        if self._kept:
            request.add_unredirected_header(
                "Cookie", "; ".join(f"{name}={value}" for name, value in self._kept.items())
            )


def page_text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def file_report(visitor: Visitor, *, words: str) -> str:
    """File the first report that the signed-in clerk owes; answers the address of what was filed."""
    visitor.post(report_form(visitor, words=words))
    if visitor.status != 200 or "/entry/" in visitor.url:
        raise LookupError(f"the report was not filed: {visitor.url} {visitor.status} {page_text(visitor.page)[:500]}")
    return visitor.url


def report_form(visitor: Visitor, *, words: str) -> Form:
    """The first report that the signed-in clerk owes, filled in and not sent. LookupError when none is owed."""
    todo = visitor.get("/reports/")
    addresses = re.findall(r'href="(/reports/\d+/entry/)"', todo)
    if not addresses:
        raise LookupError(f"no report is owed: {visitor.url} {visitor.status}")
    form = visitor.fill(addresses[0], "done", progress=words, flag_reason="核对无误")
    form.fields["done"] = form.fields["done"] or "100"
    return form


def _forms(page: str) -> list[Form]:
    parser = _Forms()
    parser.feed(page)
    return parser.found
