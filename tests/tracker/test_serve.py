"""`manage.py serve` as a whole: three processes, a page that answers, and an end that leaves nothing running."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.tracker.test_supervisor import PATIENCE, is_alive, wait_until

pytestmark = pytest.mark.crash


def _environment(data: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DUJIN_", "DJANGO_"))}
    return {**environment, "DUJIN_DATA": str(data), "DUJIN_DEBUG": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _manage(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=_environment(data),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _children(pid: int) -> dict[str, int]:
    """Process numbers of the direct children by what they run."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        command = Path(f"/proc/{child}/cmdline").read_bytes().decode().replace("\0", " ")
        name = re.search(r"granian|dispatcher|scheduler", command)
        if name:
            found[name[0]] = int(child)
    return found


class Served:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_port()
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", "1", "--demo"],
            cwd=settings.BASE_DIR,
            env=_environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)

    def answer(self, path: str) -> int:
        """The status of one page, 0 while nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            status = error.code
            error.close()
            return status
        except OSError:
            return 0


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty, migrated database."""
    folder = tmp_path_factory.mktemp("served")
    prepared = _manage(folder, "migrate", "--verbosity", "0")
    assert prepared.returncode == 0, prepared.stderr
    return folder


@pytest.fixture
def served(data: Path) -> Iterator[Served]:
    running = Served(data)
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGINT)
        try:
            running.process.wait(PATIENCE * 2)
        except subprocess.TimeoutExpired:
            running.process.kill()
    running._reader.join(PATIENCE)
    running.process.stdout.close()


def test_the_whole_site_lives_heals_and_ends(served: Served) -> None:
    wait_until(lambda: served.answer("/healthz") == 200)
    wait_until(lambda: any("按 Ctrl-C 结束" in line for line in served.said))
    told = "".join(served.said)
    assert f"http://127.0.0.1:{served.port}/" in told
    assert "县长（领导看板）" in told
    wait_until(lambda: served.answer("/readyz") == 200)

    children = _children(served.process.pid)
    assert children.keys() == {"granian", "dispatcher", "scheduler"}

    for name in ("dispatcher", "granian"):
        os.kill(children[name], signal.SIGKILL)
    wait_until(lambda: len(_children(served.process.pid).items() - children.items()) == 2)
    wait_until(lambda: served.answer("/healthz") == 200)
    healed = _children(served.process.pid)
    assert healed["scheduler"] == children["scheduler"]

    second = _manage(served.data, "serve", "--port", str(_free_port()))
    assert second.returncode != 0
    assert f"已在运行（进程 {served.process.pid}）" in second.stderr

    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(PATIENCE * 2) == 0
    assert not any(map(is_alive, healed.values()))


def test_an_unprepared_database_is_said_so(tmp_path: Path) -> None:
    refused = _manage(tmp_path, "serve", "--port", str(_free_port()))
    assert refused.returncode != 0
    assert "数据库结构尚未升级" in refused.stderr


def test_a_taken_port_is_said_so(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = _manage(data, "serve", "--port", str(port))
    assert refused.returncode != 0
    assert f"端口 127.0.0.1:{port} 不可用" in refused.stderr
