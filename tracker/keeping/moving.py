"""From SQLite to PostgreSQL in one transaction: every row, the chain, the numbering, the files (docs/operations.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DataError, IntegrityError, connections, transaction

from projects import audit, uploads
from tracker.append_only import guarded_tables
from tracker.keeping import files, tables
from tracker.keeping.refusal import Refused

SOURCE = "source"
TARGET = DEFAULT_DB_ALIAS


@dataclass(frozen=True, slots=True)
class Moved:
    """What arrived: rows by table, the chain, the files, and what was already wrong with files in the source."""

    rows: dict[str, int]
    chain: audit.Verification
    files: int
    file_faults: list[str]


def move(*, database: Path, upload_folder: Path, say: Callable[[str], None]) -> Moved:
    """Copy the SQLite database and its folder of kept files into the site's PostgreSQL and its file store.

    `say` hears of each step. Everything is compared before it is committed; Refused leaves an empty target.
    """
    if connections[TARGET].vendor != "postgresql":
        raise Refused("目标不是 PostgreSQL：请先设置 DUJIN_PROFILE=production 和 DUJIN_DATABASE_URL 等变量。")
    if not database.is_file():
        raise Refused(f"没有找到 {database}，请用 --from 给出单机版的数据文件夹。")
    with tables.sqlite_file(database, SOURCE):
        _refuse_other_structure()
        say("建立表结构 …")
        call_command("migrate", verbosity=0)
        _refuse_filled_target()
        try:
            with transaction.atomic(using=SOURCE), transaction.atomic(using=TARGET):
                rows = _copy_rows(say)
                chain = _same_chain()
                say("复制文件 …")
                count = _copy_files(upload_folder)
        except (IntegrityError, DataError, ValueError) as error:
            raise Refused(f"PostgreSQL 不接受其中的数据，未保留任何数据：{error}") from error
        return Moved(rows=rows, chain=chain, files=count, file_faults=list(files.faults(TARGET)))


def _refuse_other_structure() -> None:
    here, there = tables.known(), tables.applied(SOURCE)
    if missing := sorted(here - there):
        names = "、".join(".".join(name) for name in missing)
        raise Refused(f"单机版数据库的结构较旧（缺 {names}）：请先用本版程序对它运行 manage.py migrate。")
    if unknown := sorted(there - here):
        names = "、".join(".".join(name) for name in unknown)
        raise Refused(f"单机版数据库由更新的版本写成（多 {names}）：请改用那一版程序搬迁。")


def _refuse_filled_target() -> None:
    filled = {table: rows for table, rows in tables.counts(TARGET).items() if rows}
    for table in tables.MADE_BY_MIGRATE:
        filled.pop(table, None)
    if filled:
        names = "、".join(f"{table} {rows}行" for table, rows in sorted(filled.items())[:5])
        raise Refused(f"目标数据库不是空的（{names}）。请换一个空数据库：搬迁从不与已有数据合并。")


def _copy_rows(say: Callable[[str], None]) -> dict[str, int]:
    """Every table, and proof that each is equal on both sides."""
    with connections[TARGET].cursor() as cursor:
        for table in reversed(tables.MADE_BY_MIGRATE):
            cursor.execute(f"DELETE FROM {table}")
    for model in tables.all_models():
        say(f"复制 {model._meta.db_table} …")
        tables.copy(model, SOURCE, TARGET)
    tables.continue_numbering(SOURCE, TARGET)
    connections[TARGET].check_constraints()
    say("逐行核对 …")
    rows = {}
    for model in tables.all_models():
        name = model._meta.db_table
        before, after = tables.content(model, SOURCE), tables.content(model, TARGET)
        if before != after:
            raise Refused(f"{name} 两边不一致：原有{before[0]}行，搬到{after[0]}行。未保留任何数据。")
        rows[name] = after[0]
    return rows


def _same_chain() -> audit.Verification:
    before, after = audit.verify(using=SOURCE), audit.verify(using=TARGET)
    if before != after:
        raise Refused(f"审计链两边不一致：{before.fault or before.head}；{after.fault or after.head}。")
    if unguarded := guarded_tables(connections[SOURCE]) - guarded_tables(connections[TARGET]):
        raise Refused(f"目标数据库缺少只增不改的触发器：{'、'.join(sorted(unguarded))}。")
    return after


def _copy_files(folder: Path) -> int:
    """Every file of the folder into the site's store, read back and compared. Nothing to do where both are one."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    if not settings.UPLOADS_URL and Path(settings.MEDIA_ROOT).resolve() == folder.resolve():
        return len(names)
    present = set(uploads.names())
    if strangers := present - set(names):
        raise Refused(f"文件存放处不是空的（如 {min(strangers)}），请清空或换一处。")
    for name in names:
        data = (folder / name).read_bytes()
        if name not in present:
            uploads.put(name, data)
        if uploads.read(name) != data:
            raise Refused(f"文件 {name} 搬迁后内容不一致。")
    return len(names)
