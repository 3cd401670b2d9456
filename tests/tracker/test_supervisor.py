"""The supervisor with real processes: what dies comes back, what is told to end ends, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from tracker.supervisor import AlreadyRunning, Backoff, PidLock

pytestmark = pytest.mark.crash

PATIENCE = 20

CHILD = """
    import os, signal, sys, time
    name, folder = sys.argv[1], sys.argv[2]
    if name == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open(f"{folder}/{name}", "a") as file:
        file.write(f"{os.getpid()}\\n")
    if name == "mother" and os.fork() == 0:
        with open(f"{folder}/grandchild", "a") as file:
            file.write(f"{os.getpid()}\\n")
    time.sleep(600)
"""

PARENT = """
    import sys
    from tracker.supervisor import Backoff, Program, Supervisor
    folder, names = sys.argv[1], sys.argv[2:]
    programs = [Program(name, [sys.executable, f"{folder}/child.py", name, folder], stop_seconds=1) for name in names]
    Supervisor(programs, say=print, backoff=Backoff(first_seconds=0.2)).run()
"""


class Site:
    """A supervisor in a process of its own, and the process numbers its children wrote down."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self.folder = folder
        (folder / "child.py").write_text(textwrap.dedent(CHILD), encoding="ascii")
        self.output = folder / "said.txt"
        with self.output.open("w") as output:  # a pipe would stay open as long as any descendant lives
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-c", textwrap.dedent(PARENT), str(folder), *names],
                cwd=settings.BASE_DIR,
                stdout=output,
            )

    def started(self, name: str) -> list[int]:
        file = self.folder / name
        return [int(line) for line in file.read_text(encoding="ascii").split()] if file.exists() else []

    def wait_for_start(self, name: str, times: int = 1) -> int:
        wait_until(lambda: len(self.started(name)) >= times)
        return self.started(name)[times - 1]

    def everybody(self) -> list[int]:
        return [pid for file in self.folder.iterdir() if file.suffix == "" for pid in self.started(file.name)]


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Running, and not merely waiting for its parent to notice its death."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    made: list[Site] = []

    def start(*names: str) -> Site:
        made.append(Site(tmp_path, names))
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        one.process.wait(PATIENCE)
        for pid in one.everybody():
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def test_a_killed_child_is_restarted_and_the_other_left_alone(site: Callable[..., Site]) -> None:
    running = site("web", "dispatcher")
    first, other = running.wait_for_start("web"), running.wait_for_start("dispatcher")
    os.kill(first, signal.SIGKILL)
    second = running.wait_for_start("web", times=2)
    assert second != first and is_alive(second)
    assert running.started("dispatcher") == [other] and is_alive(other)


def test_a_dead_child_leaves_no_process_of_its_own_behind(site: Callable[..., Site]) -> None:
    running = site("mother")
    mother, grandchild = running.wait_for_start("mother"), running.wait_for_start("grandchild")
    os.kill(mother, signal.SIGKILL)
    running.wait_for_start("mother", times=2)
    wait_until(lambda: not is_alive(grandchild))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_everything(site: Callable[..., Site], number: signal.Signals) -> None:
    running = site("web", "dispatcher", "mother")
    for name in ("web", "dispatcher", "mother", "grandchild"):
        running.wait_for_start(name)
    running.process.send_signal(number)
    assert running.process.wait(PATIENCE) == 0
    wait_until(lambda: not any(map(is_alive, running.everybody())))


def test_a_child_that_will_not_end_is_killed_and_named(site: Callable[..., Site]) -> None:
    running = site("stubborn")
    stubborn = running.wait_for_start("stubborn")
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(PATIENCE) == 0
    assert not is_alive(stubborn)
    assert "stubborn 未在 1 秒内结束" in running.output.read_text(encoding="utf-8")


def test_a_killed_supervisor_takes_its_children_along(site: Callable[..., Site]) -> None:
    running = site("web", "dispatcher")
    pids = [running.wait_for_start("web"), running.wait_for_start("dispatcher")]
    running.process.kill()
    wait_until(lambda: not any(map(is_alive, pids)))


def test_restarts_slow_down_to_a_limit() -> None:
    backoff = Backoff(first_seconds=0.5, longest_seconds=30)
    assert [backoff.wait(deaths) for deaths in (0, 1, 2, 3, 6, 1000)] == [0.5, 1, 2, 4, 30, 30]


def test_a_second_instance_is_refused_until_the_first_has_gone(tmp_path: Path) -> None:
    path = tmp_path / "serve.pid"
    with PidLock(path):
        assert path.read_text(encoding="ascii") == str(os.getpid())
        with pytest.raises(AlreadyRunning, match=str(os.getpid())), PidLock(path):
            pass
    with PidLock(path):
        pass


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "serve.pid"
    code = (
        "import os, pathlib, sys; from tracker.supervisor import PidLock; "
        "PidLock(pathlib.Path(sys.argv[1])).__enter__(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=settings.BASE_DIR, check=False)
    with PidLock(path):
        assert path.read_text(encoding="ascii") == str(os.getpid())
