"""`make screenshots`: the pictures of the manual, taken from the demonstration county as it runs.

Each shot names the picture, who looks, where, and how wide; steps, if any, are done on the page first. A page that does
not answer, or a button that is gone, ends the run: a picture is never older than the site.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "manual" / "images"
PASSWORD = "Qinghe-2026-demo"
CHROMIUM = os.environ.get("DUJIN_CHROMIUM", "/usr/bin/chromium")
PHONE, DESK = (390, 844), (1440, 900)
COLOURS = 256
"""The palette of a picture, chosen to cover what is rare: the mark of a light is small."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture. `act` does what a person would do before looking."""

    name: str
    account: str
    path: str
    size: tuple[int, int] = DESK
    act: Callable[[Page], None] | None = None


def _open_first(link: str) -> Callable[[Page], None]:
    return lambda page: page.locator("main").get_by_role("link", name=link, exact=True).first.click()


def _upload_plan(page: Page) -> None:
    """A ledger of the tests' own making, looked at and not confirmed."""
    sys.path.insert(0, str(ROOT))
    from tests.ledgers.made_up import annual_plan_xls

    page.get_by_label("台账文件").set_input_files(
        {"name": "2026年计划表.xls", "mimeType": "application/vnd.ms-excel", "buffer": annual_plan_xls()}
    )
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("heading", name="逐行核对").wait_for()


def _review_first(page: Page) -> None:
    page.get_by_role("link", name="逐份审核").click()


SHOTS = (
    Shot("unit-todo", "transport", "/reports/", PHONE),
    Shot("unit-entry", "transport", "/reports/", PHONE, _open_first("填报")),
    Shot("office-bench", "zhongdian", "/"),
    Shot("office-import", "zhongdian", "/imports/new/", act=_upload_plan),
    Shot("office-review", "zhongdian", "/reviews/", act=_review_first),
    Shot("office-ranking", "zhongdian", "/rankings/"),
    Shot("office-wall", "zhongdian", "/wall/"),
    Shot("leader-board", "lu", "/dashboard/"),
    Shot("it-operations", "sysadmin", "/operations/"),
)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        environment = os.environ | {"DUJIN_DATA": data, "DUJIN_COUNTY": "青禾县"}
        manage = [sys.executable, str(ROOT / "manage.py")]
        subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True, env=environment)
        subprocess.run([*manage, "seed_demo"], check=True, env=environment)
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            port = probe.getsockname()[1]
        site = subprocess.Popen([*manage, "serve", "--port", str(port), "--workers", "1"], env=environment)
        try:
            home = f"http://127.0.0.1:{port}"
            _wait(home)
            _take(home)
        finally:
            site.terminate()
            site.wait(30)


def _wait(home: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"{home}/readyz") as answer:
            if answer.status == 200:
                return
        time.sleep(0.5)
    raise SystemExit("the site did not start")


def _take(home: str) -> None:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=zh-CN"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        for shot in SHOTS:
            context = browser.new_context(
                viewport={"width": shot.size[0], "height": shot.size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
            )
            page = context.new_page()
            page.goto(f"{home}/sign-in/")
            page.get_by_label("账号").fill(shot.account)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            answer = page.goto(home + shot.path)
            if answer is None or answer.status != 200:
                raise SystemExit(f"{shot.name}: {shot.path} answered {answer and answer.status}")
            if shot.act:
                shot.act(page)
            page.wait_for_load_state("networkidle")
            target = IMAGES / f"{shot.name}.png"
            page.screenshot(path=target)
            with Image.open(target) as picture:
                picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE).save(target, optimize=True)
            print(f"{shot.name}: {target.stat().st_size // 1024} kB")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
