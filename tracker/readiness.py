"""The probes behind `/readyz`: each answers a problem in Chinese, or an empty text."""

from __future__ import annotations

import datetime as dt

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max

from supervision.models import Heartbeat
from supervision.selectors.operations import stalled_work
from tracker.dispatch import COMPONENTS

STALE = dt.timedelta(minutes=3)
"""The slowest process leaves a sign of life every minute; two may be missed."""

_migrated = False


def database(at: dt.datetime) -> str:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "数据库无法连接"
    return ""


def migrations(at: dt.datetime) -> str:
    """Whether this code and the tables agree. Once true it stays so: new code comes with a new process."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "数据库结构尚未升级，请运行 manage.py migrate"
        _migrated = True
    return ""


def heartbeats(at: dt.datetime) -> str:
    """Every background process was seen lately, on whichever machine."""
    seen = dict(Heartbeat.objects.values_list("component").annotate(Max("at")))
    silent = [
        title for component, title in COMPONENTS.items() if seen.get(component) is None or at - seen[component] > STALE
    ]
    return f"后台进程无心跳：{'、'.join(silent)}" if silent else ""


def work(at: dt.datetime) -> str:
    """Work that is due is being done: a process may breathe and still be stuck."""
    return "；".join(sentence.rstrip("。") for sentence in stalled_work(at))
