"""Journeys in a real browser: Debian's Chromium, driven by playwright, against the live server.

Whatever the page loads must come from the site itself, and nothing may reach the console as an error: every page
fixture checks both when its test ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Route, sync_playwright

CHROMIUM = "/usr/bin/chromium"
OFFLINE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

REFUSALS = ("409 (Conflict)", "422 (Unprocessable")
"""Answers that belong to a conversation: a form that came back, another person who was faster. Chromium logs each."""

MAP_SHEET = "sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o="
"""The sheet of Plotly's unused map, which the content policy refuses (docs/design.md, Charts)."""
EXPECTED = (*REFUSALS, MAP_SHEET)

NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives Chromium."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, live_server: object) -> Iterator[NewPage]:
    """Opens pages of separate people: `new_page()` at a desk, `new_page(PHONE)` on a telephone.

    Addresses are relative to the live server.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    home = str(live_server)

    def keep_inside(route: Route, request: Request) -> None:
        if urlsplit(request.url).netloc == urlsplit(home).netloc:
            route.continue_()
        else:
            faults.append(f"the page asked for {request.url}")
            route.abort()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in EXPECTED):
            faults.append(f"console: {message.text} ({message.location.get('url')})")

    def opened(viewport: dict[str, int] = DESK, *, console: bool = True, javascript: bool = True) -> Page:
        """`console=False` for a journey over error pages or a cut line: the browser logs each as an error."""
        context = browser.new_context(
            base_url=home,
            viewport=viewport,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=viewport["width"] < 600,
            has_touch=viewport["width"] < 600,
            java_script_enabled=javascript,
        )
        context.set_default_timeout(15_000)
        context.route(lambda url: url.startswith("http"), keep_inside)
        contexts.append(context)
        page = context.new_page()
        if console:
            page.on("console", note)
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One person at a desk."""
    return new_page()


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """One person with a telephone."""
    return new_page(PHONE)
