"""`make prove-bundle`: the bundle installs, serves and upgrades on a bare Debian in a network namespace of its own.

    python -m scripts.proofs.offline [--work var/proofs] [--bundle dist/dujin-....tar.gz]

The machine is Debian with Python and nothing else (no pip, no venv package); its only interface is its own loopback.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
from contextlib import suppress
from pathlib import Path

from scripts.proofs.common import ROOT, Table, Visitor, wait_until

SUITE = "bookworm"
PORT = 8000
PLACE = "opt/dujin"
NEW_PASSWORD = "Songbai-2026-zhulin"
ISOLATED = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child")
PLAIN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}


class Machine:
    """The bare Debian, entered by chroot from inside the namespace."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        run("ip", "link", "set", "lo", "up")
        run("mount", "--make-rprivate", "/")
        run("mount", "-t", "proc", "proc", str(tree / "proc"))
        run("mount", "--rbind", "/dev", str(tree / "dev"))

    def ask(self, command: str) -> subprocess.CompletedProcess[str]:
        """What a person at this machine gets for a command line."""
        return subprocess.run(
            ["chroot", str(self.tree), "bash", "-c", command], env=PLAIN, capture_output=True, text=True, check=False
        )

    def manage(self, command: str) -> str:
        done = self.ask(f"cd /{PLACE} && .venv/bin/python manage.py {command}")
        return done.stdout if done.returncode == 0 else f"FAILED: {done.stdout}{done.stderr}"

    def serve(self) -> subprocess.Popen[bytes]:
        command = f"cd /{PLACE} && exec .venv/bin/python manage.py serve --port {PORT}"
        process = subprocess.Popen(["chroot", str(self.tree), "bash", "-c", command], env=PLAIN, stdout=subprocess.PIPE)
        wait_until(lambda: answers(Visitor(f"http://127.0.0.1:{PORT}"), "/readyz"))
        return process


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def answers(visitor: Visitor, path: str) -> bool:
    with suppress(OSError):
        visitor.get(path)
        return visitor.status == 200
    return False


def reaches_out() -> bool:
    """Whether any name or address outside can be had."""
    for address in (("192.0.2.1", 443), ("pypi.org", 443)):
        with suppress(OSError), socket.create_connection(address, timeout=3):
            return True
    return False


def prove(tree: Path, bundle: Path) -> None:
    table = Table("An offline installation: bare Debian, no network")
    line, machine = table.line, Machine(tree)
    links = subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True, check=True).stdout.splitlines()
    interfaces = [link.split()[0] for link in links]
    out = reaches_out()
    line("interfaces; anything outside answers", f"{', '.join(interfaces)}; {out}", interfaces == ["lo"] and not out)
    has = "; ".join(f"python3 -c 'import {module}' 2>&1 | tail -1" for module in ("pip", "ensurepip"))
    bare = machine.ask(f"python3 -V; {has}")
    said = bare.stdout.strip().replace("\n", "; ")
    line("what the machine has", said, "No module named 'pip'" in said and "'ensurepip'" in said)

    install = f"/srv/{bundle.name.removesuffix('.tar.gz')}/install.sh --to /{PLACE}"
    wheel = next((tree / "srv").glob("*/wheels/django-*.whl"))
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-1])
    refused = machine.ask(install)
    wheel.write_bytes(whole)
    kept = refused.returncode != 0 and not (tree / PLACE).exists()
    line("a bundle that lost one byte", refused.stderr.strip().splitlines()[-1], kept)

    began = time.monotonic()
    done = machine.ask(install)
    line("install.sh", f"exit {done.returncode} after {time.monotonic() - began:.0f} s", done.returncode == 0)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    told = machine.manage("first_accounts --system 钟系统 --security 安佳全 --audit 沈纪")
    password = re.search(r"账号 sysadmin　一次性密码 (\S+)", told)
    line("first_accounts", f"{told.count('一次性密码')} accounts", password is not None)
    told = machine.manage("seed_calendar").strip().splitlines()
    line("seed_calendar", told[-1], "FAILED" not in told[0])

    site = machine.serve()
    visitor = Visitor(f"http://127.0.0.1:{PORT}")
    visitor.get("/readyz")
    line("serve: /readyz", f"{visitor.status} {visitor.page.strip()}", visitor.status == 200)
    found = linked_files(visitor)
    missing = [path for path, status in found.items() if status != 200]
    said = f"{len(found)} / {missing}"
    line("files that the first page names: served here / not", said, len(found) > 3 and not missing)
    visitor.sign_in("sysadmin", password[1] if password else "")
    change = {"old": password[1] if password else "", "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    visitor.send("/password/", "new", **change)
    line("signed in, one-time password replaced", visitor.url.partition(str(PORT))[2], visitor.status == 200)

    refused = machine.ask(install)
    line("install.sh again while the site runs", refused.stderr.strip(), "正在运行" in refused.stderr)
    site.terminate()
    site.wait()
    done = machine.ask(install)
    backups = list((tree / PLACE / "var/backups").glob("dujin-*.tar"))
    upgraded = done.returncode == 0 and len(backups) == 1
    line("the same as an upgrade", f"exit {done.returncode}, {len(backups)} backup", upgraded)
    site = machine.serve()
    back = Visitor(f"http://127.0.0.1:{PORT}").sign_in("sysadmin", NEW_PASSWORD)
    line("accounts and passwords after it", "signed in" if back else "refused", back)
    told = machine.manage("verify_audit").strip()
    line("the audit chain after it", told, "审计链完好" in told)
    site.terminate()
    site.wait()
    table.end()


def linked_files(visitor: Visitor) -> dict[str, int]:
    """Every file that the page to sign in names, with the status of the answer; another host's name counts as 0."""
    page = visitor.get("/sign-in/")
    found: dict[str, int] = {}
    for address in re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', page):
        if urllib.parse.urlsplit(address).netloc:
            found[address] = 0
            continue
        visitor.get(address)
        found[address] = visitor.status
    return found


def prepare(work: Path, bundle: Path) -> Path:
    """The machine as it is delivered, with the bundle copied to /srv."""
    tree = work / "bare"
    if not (tree / "usr/bin/python3").exists():
        print("A bare Debian with Python (once) ...", flush=True)
        shutil.rmtree(tree, ignore_errors=True)
        run("debootstrap", "--variant=minbase", "--include=python3", SUITE, str(tree))
    for folder in ("srv", PLACE):
        shutil.rmtree(tree / folder, ignore_errors=True)
    (tree / "srv").mkdir()
    run("tar", "--extract", "--file", str(bundle), "--directory", str(tree / "srv"))
    return tree


def main() -> None:
    arguments = argparse.ArgumentParser(description="Prove the offline bundle.")
    arguments.add_argument("--work", type=Path, default=ROOT / "var" / "proofs")
    arguments.add_argument("--bundle", type=Path, help="default: the newest in dist/")
    arguments.add_argument("--isolated", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if os.geteuid():
        sys.exit("this proof makes a namespace and a chroot: run it as root")
    bundle = given.bundle or max((ROOT / "dist").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if given.isolated:
        prove(given.isolated, bundle)
        return
    tree = prepare(given.work, bundle)
    command = [*ISOLATED, sys.executable, "-m", "scripts.proofs.offline", "--bundle", bundle, "--isolated", tree]
    sys.exit(subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    main()
