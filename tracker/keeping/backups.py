"""A backup is one tar: the database as of one moment, every kept file, the own key, and a manifest of it all.

A row is written after its file, and files are never changed: the files are therefore read after the database.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS

from projects import audit, uploads
from projects.models.audit import AuditHead
from tracker import clock
from tracker.keeping import databases, files, tables
from tracker.keeping.refusal import Refused
from tracker.supervisor import PidLock

FORMAT = 1
MANIFEST, KEY, UPLOADS = "manifest.json", "secret_key", "uploads/"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `members` gives the sha256 of every file in it."""

    format: int
    made_at: str
    vendor: str
    migrations: list[list[str]]
    rows: dict[str, int]
    chain_rows: int
    chain_head: str
    members: dict[str, str]

    @property
    def kept_files(self) -> list[str]:
        return [name.removeprefix(UPLOADS) for name in self.members if name.startswith(UPLOADS)]


@dataclass(frozen=True, slots=True)
class Restored:
    """What is in place now. `faults` are sentences about what was already wrong when the backup was made."""

    manifest: Manifest
    faults: list[str]


def make(folder: Path, *, at: dt.datetime) -> tuple[Path, Manifest]:
    """Write a backup into `folder`, read it back whole, and only then give it its name."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"dujin-{at.astimezone(clock.SHANGHAI):%Y%m%d-%H%M%S}.tar"
    part = place.with_suffix(".part")
    part.touch(mode=0o600)  # the file holds the key and everybody's reports
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".dujin-") as desk, tarfile.open(part, "w") as tar:
            members: dict[str, str] = {}
            file = Path(desk) / databases.NAMES[databases.vendor()]
            with databases.taken(file) as alias:
                head = AuditHead.objects.using(alias).filter(pk=1).first()
                migrations, rows = sorted(map(list, tables.applied(alias))), tables.counts(alias)
            members[file.name] = _sha256_of(file)
            tar.add(file, file.name)
            if settings.EMBEDDED:
                _add(tar, members, KEY, settings.SECRET_KEY.encode())
            for name in uploads.names():
                _add(tar, members, UPLOADS + name, uploads.read(name))
            manifest = Manifest(
                format=FORMAT,
                made_at=at.isoformat(),
                vendor=databases.vendor(),
                migrations=migrations,
                rows=rows,
                chain_rows=head.count if head else 0,
                chain_head=head.digest if head else "",
                members=members,
            )
            _add(tar, {}, MANIFEST, json.dumps(dataclasses.asdict(manifest), ensure_ascii=False, indent=1).encode())
        with part.open("rb") as written:
            os.fsync(written.fileno())
        read(part)
        part.rename(place)
    finally:
        part.unlink(missing_ok=True)
    return place, manifest


def read(backup: Path) -> Manifest:
    """Read a whole backup and compare every file in it with its manifest; Refused when something is not as it was."""
    try:
        with tarfile.open(backup) as tar:
            found = json.load(tar.extractfile(MANIFEST) or io.BytesIO())
            if found.get("format") != FORMAT:
                raise Refused(f"{backup.name} 的格式是 {found.get('format')}，本版程序只认 {FORMAT}。")
            manifest = Manifest(**found)
            present = {member.name: member for member in tar if member.name != MANIFEST}
            if present.keys() != manifest.members.keys():
                raise Refused(f"{backup.name} 不完整：其中的文件与清单不一致。")
            for name, member in present.items():
                if hashlib.file_digest(tar.extractfile(member), "sha256").hexdigest() != manifest.members[name]:  # type: ignore[arg-type]
                    raise Refused(f"{backup.name} 已损坏：{name} 与清单中的摘要不符。")
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"{backup} 不是可用的备份：{error}") from error
    return manifest


def restore(backup: Path, *, at: dt.datetime, say: Callable[[str], None]) -> Restored:
    """Put a backup into an empty place and compare it with its manifest. Sending stays stopped until it is released."""
    with PidLock(settings.DATA_DIR / "serve.pid"):
        say("核对备份 …")
        manifest = read(backup)
        _refuse_other_place(manifest)
        with tarfile.open(backup) as tar, tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as desk:
            say("写回文件 …")
            _put_files_back(tar, manifest)
            say("写回数据库 …")
            name = databases.NAMES[manifest.vendor]
            with (Path(desk) / name).open("wb") as file:  # by hand: Python before 3.11.4 has no safe extract()
                shutil.copyfileobj(tar.extractfile(name), file)  # type: ignore[arg-type]
            moment = dt.datetime.fromisoformat(manifest.made_at).astimezone(clock.SHANGHAI)
            reason = f"已恢复{moment:%Y年%m月%d日%H:%M}的备份"
            databases.put_back(Path(desk) / name, reason=reason, at=at)
            _put_key_back(tar, manifest)
        say("核对数据 …")
        faults = _compare(manifest)
        call_command("migrate", verbosity=0)
        chain = audit.verify()
        if chain.fault is not None:
            faults.append(f"审计链：{chain.fault}")
        faults += files.faults(DEFAULT_DB_ALIAS)
        data = {"made_at": manifest.made_at, "chain_head": manifest.chain_head}
        audit.record(actor=None, at=at, action="backups.restore", data=data)
    return Restored(manifest, faults)


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups of the folder; what else lies there is left alone."""
    old = sorted(folder.glob("dujin-[0-9]*-[0-9]*.tar"))[:-keep]
    for backup in old:
        backup.unlink()
    return old


def _refuse_other_place(manifest: Manifest) -> None:
    if manifest.vendor != databases.vendor():
        raise Refused(
            "备份来自单机版，请先恢复到单机版，再用 manage.py move_database 搬到正式环境。"
            if manifest.vendor == "sqlite"
            else "备份来自正式环境（PostgreSQL），请在 DUJIN_PROFILE=production 下恢复。"
        )
    known = tables.known()
    if unknown := [".".join(name) for name in manifest.migrations if tuple(name) not in known]:
        raise Refused(f"备份由更新的版本做成（{'、'.join(unknown[:3])}），请用那一版或更新的程序恢复。")
    databases.refuse_filled()


def _put_files_back(tar: tarfile.TarFile, manifest: Manifest) -> None:
    """Every kept file; those of an interrupted restore are taken as they are, anything else is not."""
    present = set(uploads.names())
    if strangers := present - set(manifest.kept_files):
        raise Refused(f"文件存放处不是空的（如 {min(strangers)}），请清空或换一处。")
    for name in manifest.kept_files:
        if name not in present:
            uploads.put(name, tar.extractfile(UPLOADS + name).read())  # type: ignore[union-attr]
        if files.sha256(uploads.read(name)) != manifest.members[UPLOADS + name]:
            raise Refused(f"文件 {name} 写回后与备份不一致，请检查存放处。")


def _put_key_back(tar: tarfile.TarFile, manifest: Manifest) -> None:
    if KEY in manifest.members:
        place = settings.DATA_DIR / KEY
        place.unlink(missing_ok=True)
        place.touch(mode=0o600)
        place.write_bytes(tar.extractfile(KEY).read())  # type: ignore[union-attr]


def _compare(manifest: Manifest) -> list[str]:
    """Counts and head against the manifest; the one row more is the stop of sending."""
    expected = dict(manifest.rows)
    expected["supervision_sendinghold"] += 1
    found = tables.count_of(list(expected), DEFAULT_DB_ALIAS)
    faults = [
        f"表 {table} 应有{count}行，实有{found[table]}行。"
        for table, count in expected.items()
        if count != found[table]
    ]
    head = AuditHead.objects.filter(pk=1).values_list("count", "digest").first() or (0, "")
    if head != (manifest.chain_rows, manifest.chain_head):
        faults.append("审计链的链头与备份清单不一致。")
    return faults


def _add(tar: tarfile.TarFile, members: dict[str, str], name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    tar.addfile(entry, io.BytesIO(data))
    members[name] = files.sha256(data)


def _sha256_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
