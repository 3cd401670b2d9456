"""What docs/design.md promises of every page, measured on the page that is open."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE

LARGEST = 150_000
"""Bytes of a page with all its files, as served: the answer as it comes, static files compressed."""
STEADY = 0.01
"""Cumulative layout shift up to which nothing seems to move."""
CHARTS = "plotly"
MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
WATCH_SHIFTS = """
window.layoutShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
EVERYTHING = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
"""The rules of WCAG 2.2 AA, and axe's good practices: heading order, landmarks, one main heading."""
BY_WIDTH = {"resultTypes": ["violations"], "preload": False, "runOnly": ["target-size", "scrollable-region-focusable"]}
"""The rules whose answer depends on the width of the screen."""
AXE = Axe().axe_script
RUN_AXE = """rules => axe.run(rules).then(found => found.violations.map(
  violation => `${violation.id}: ${violation.help} (${violation.nodes.slice(0, 3).map(
    node => node.html.slice(0, 160)).join("; ")})`))"""


def faults_of(page: Page, url: str) -> list[str]:
    """What is wrong with the page at this address, at a desk and at the width of a telephone, every fold open."""
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    answer = page.goto(url)
    if answer is None or answer.status not in (200, 422):
        return [f"{url} answers {answer and answer.status}"]
    shift = page.evaluate("window.layoutShift")
    page.evaluate("document.querySelectorAll('details.fold').forEach(fold => fold.open = true)")
    _draw_charts(page)
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(MEASURE)
    faults = [f"moves while it loads: {shift:.3f}"] if shift > STEADY else []
    faults += [*_light(found), *_readable(page, found, EVERYTHING)]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for _ in range(20):  # charts draw themselves anew for the new width
        if page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            break
        page.wait_for_timeout(100)
    narrow: dict[str, Any] = page.evaluate(MEASURE)
    faults += [f"{fault}, on a telephone" for fault in _readable(page, narrow, BY_WIDTH)]
    faults += [f"lower than 44 px on a telephone: {target}" for target in narrow["low"]]
    return [f"{url} {fault}" for fault in faults]


def _draw_charts(page: Page) -> None:
    """Charts draw themselves when they near the window; what is judged is the drawn page."""
    for chart in page.locator("figure[data-chart]").all():
        if chart.is_visible():
            chart.scroll_into_view_if_needed()
            chart.locator(".js-plotly-plot .main-svg").first.wait_for(state="attached")
    page.evaluate("window.scrollTo(0, 0)")


def _light(found: dict[str, Any]) -> list[str]:
    """Under 150 kB without charts; the charts' file only where charts are."""
    files = [path for path in found["files"] if path.startswith(settings.STATIC_URL)]
    charts = [path for path in files if CHARTS in path]
    faults = ["loads the charts' file and has no chart"] if charts and not found["hasCharts"] else []
    weight = found["bytes"] + sum(_as_served(path) for path in files if path not in charts)
    return [*faults, f"weighs {weight} bytes"] if weight > LARGEST else faults


@cache
def _as_served(path: str) -> int:
    """Bytes of a static file, compressed as in production (there by brotli, which is smaller still)."""
    file = finders.find(path.removeprefix(settings.STATIC_URL))
    assert isinstance(file, str), path
    return len(gzip.compress(Path(file).read_bytes()))


def _readable(page: Page, found: dict[str, Any], rules: dict[str, Any]) -> list[str]:
    """What axe finds, and what it does not look for: width, language, a ring on what has the focus."""
    faults = [f"is {found['tooWide']} px wider than the screen"] if found["tooWide"] > 0 else []
    faults += [] if found["lang"].startswith("zh") else [f"speaks {found['lang']!r}"]
    faults += [f"shows no focus: {element}" for element in found["dark"]]
    return [*faults, *page.evaluate(RUN_AXE, rules)]
