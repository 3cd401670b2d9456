"""Keeps a few child processes alive: restarts what dies, ends all together (docs/adr/0002-own-supervisor.md).

The children live in sessions of their own, so that Ctrl-C reaches only the supervisor and the end is orderly. Should
the supervisor itself be killed, the kernel tells each child (PR_SET_PDEATHSIG): nothing is left running unattended.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Self

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.2
FRUGAL = {"MALLOC_ARENA_MAX": "2"}
"""Each thread of a web process would keep a heap of its own otherwise, most of it empty."""
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_libc = ctypes.CDLL(None, use_errno=True)


class AlreadyRunning(Exception):
    """Another instance holds the lock; the text is its process number."""


class PidLock:
    """A file that one process holds at a time, with its process number inside. Free as soon as the holder is dead."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip()
            file.close()
            raise AlreadyRunning(holder) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


@dataclass(frozen=True, slots=True)
class Program:
    """One child: its name in messages, its command line, and how long it may take to end in order."""

    name: str
    command: Sequence[str]
    stop_seconds: float = 10


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before a restart: doubled with each early death, reset by a life of `healthy_seconds`."""

    first_seconds: float = 0.5
    longest_seconds: float = 30
    healthy_seconds: float = 60

    def wait(self, early_deaths: int) -> float:
        return min(self.first_seconds * 2 ** min(early_deaths, 16), self.longest_seconds)


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    early_deaths: int = 0
    start_at: float = field(default=0)


class Supervisor:
    """Runs `programs` until a stop signal arrives or `stop()` is called."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        say: Callable[[str], None],
        environment: Mapping[str, str] | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._children = [_Child(program) for program in programs]
        self._say = say
        self._environment = {**FRUGAL, **(os.environ if environment is None else environment)}
        self._backoff = backoff or Backoff()
        self._stopping = False

    def run(self, each_round: Callable[[], None] = lambda: None) -> None:
        """Supervise until told to stop, then end every child. `each_round` is called several times a second."""
        held = {number: signal.signal(number, self._on_signal) for number in STOP_SIGNALS}
        try:
            while not self._stopping:
                for child in self._children:
                    self._look_after(child)
                each_round()
                time.sleep(POLL_SECONDS)
        finally:
            self._end_all()
            for number, handler in held.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        self._stopping = True

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _look_after(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            status = child.process.poll()
            if status is None:
                return
            self._note_death(child, status, now)
        if now >= child.start_at:
            child.process = self._start(child.program)
            child.started = now

    def _note_death(self, child: _Child, status: int, now: float) -> None:
        if now - child.started >= self._backoff.healthy_seconds:
            child.early_deaths = 0
        wait = self._backoff.wait(child.early_deaths)
        child.early_deaths += 1
        child.start_at = now + wait
        if child.process is not None:
            _signal_group(child.process, signal.SIGKILL)  # what the dead child may have left behind
        child.process = None
        self._say(f"{child.program.name} 已退出（{_status_text(status)}），{wait:g} 秒后重新启动。")

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        parent = os.getpid()

        def tie_to_parent() -> None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # the parent died before the line above
                os._exit(1)

        return subprocess.Popen(
            list(program.command),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=tie_to_parent,  # safe here: the supervisor has one thread
        )

    def _end_all(self) -> None:
        """SIGTERM to all at once, then SIGKILL to the groups of those that outlive their time."""
        alive = [(child, child.process) for child in self._children if child.process is not None]
        for _, process in alive:
            with suppress(ProcessLookupError):
                process.terminate()
        began = time.monotonic()
        for child, process in alive:
            remaining = child.program.stop_seconds - (time.monotonic() - began)
            try:
                process.wait(timeout=max(remaining, 0.01))
            except subprocess.TimeoutExpired:
                self._say(f"{child.program.name} 未在 {child.program.stop_seconds:g} 秒内结束，强制结束。")
            _signal_group(process, signal.SIGKILL)
            process.wait()
            child.process = None


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _status_text(status: int) -> str:
    return f"信号 {signal.Signals(-status).name}" if status < 0 else f"状态 {status}"
