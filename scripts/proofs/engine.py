"""Images and containers by podman, also where neither Docker Hub nor systemd can be had (docs/operations.md, Proofs).

The images of the hub are replaced by stand-ins made of Debian packages (`images/Dockerfile`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.proofs.common import ROOT

SUITE = "bookworm"
BASE = "localhost/dujin-proof-base"
APP = "localhost/dujin-proof-app"
STAND_INS = ("postgres", "redis", "caddy")
NEEDED = ("podman", "buildah", "runc", "debootstrap")
CONFIGURATION = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
[network]
network_backend = "netavark"
"""


class Engine:
    """Podman with settings of its own in `work`; nothing of the machine's settings is changed."""

    def __init__(self, work: Path) -> None:
        if absent := [program for program in NEEDED if not shutil.which(program)]:
            sys.exit(
                f"missing: {', '.join(absent)}. As root on Debian: apt install --no-install-recommends "
                "podman buildah runc debootstrap netavark aardvark-dns"
            )
        if os.geteuid():
            sys.exit("this proof makes networks and containers: run it as root")
        self._work = work
        work.mkdir(parents=True, exist_ok=True)
        configuration = work / "containers.conf"
        configuration.write_text(CONFIGURATION)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DUJIN_")},
            "CONTAINERS_CONF": str(configuration),
            "BUILDAH_ISOLATION": "chroot",
            "BUILDAH_FORMAT": "docker",
        }

    def run(self, *command: str, check: bool = True, **more: str) -> str:
        """What a command prints; SystemExit with all it said when it fails."""
        done = subprocess.run(
            command, cwd=ROOT, env={**self.environment, **more}, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def succeeds(self, *command: str) -> bool:
        return subprocess.run(command, env=self.environment, capture_output=True, check=False).returncode == 0

    def has(self, image: str) -> bool:
        return self.succeeds("podman", "image", "exists", image)

    def make_base(self) -> None:
        """Debian with Python, as this machine gets it: its package sources, its authorities, its pip settings."""
        if self.has(BASE):
            return
        tree = self._work / "debian"
        if not (tree / "usr/bin/python3").exists():
            shutil.rmtree(tree, ignore_errors=True)
            packages = "--include=python3,python3-venv,ca-certificates"
            self.run("debootstrap", "--variant=minbase", packages, SUITE, str(tree))
        for given in ("etc/ssl/certs/ca-certificates.crt", "etc/pip.conf"):
            if (Path("/") / given).exists():
                shutil.copy(Path("/") / given, tree / given)
        archive = self._work / "debian.tar"
        self.run("tar", "-C", str(tree), "-cf", str(archive), ".")
        self.run("podman", "import", str(archive), BASE)
        archive.unlink()

    def make_stand_ins(self) -> None:
        folder = ROOT / "scripts/proofs/images"
        for name in STAND_INS:
            if not self.has(stand_in(name)):
                tag = ("--tag", stand_in(name), "--build-arg", f"BASE={BASE}")
                self.run("podman", "build", "--quiet", "--target", name, *tag, str(folder))


def stand_in(name: str) -> str:
    return f"localhost/dujin-proof-{name}"
