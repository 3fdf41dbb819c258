"""A database for the time of one command. 命令期间的数据库"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from qianjun.site import database, folder

STARTING_S = 60.0


class NotReady(Exception):
    """There is nothing to work on; the text says what to do first, in Chinese. 尚未就绪"""


@contextlib.contextmanager
def attached(path: Path) -> Iterator[None]:
    """A running database: an outside one, a server's, else one started and stopped here. 附着

    Beside a server the command attaches and never stops anything; two commands take turns.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    try:
        turn = contextlib.ExitStack()
        turn.enter_context(folder.hold(path, kind="command"))
    except folder.Held:
        _await_server(path)
        yield
        return
    with turn:
        mine = database.start(path / "db")
        try:
            yield
        finally:
            _close_connections()
            if mine:
                database.stop(path / "db")


def _await_server(path: Path) -> None:
    """A server that has just taken the folder may still be starting its database."""
    until = time.monotonic() + STARTING_S
    while not database.running(path / "db"):
        if time.monotonic() > until:
            raise NotReady(f"数据目录 {path} 已被占用，但它的数据库没有应答；请稍后再试。")
        time.sleep(0.2)


def _close_connections() -> None:
    from django.apps import apps
    from django.db import connections

    if apps.ready:
        connections.close_all()


@contextlib.contextmanager
def house(path: Path) -> Iterator[None]:
    """Django ready on a database that is set up; says what is missing otherwise. 就绪的系统"""
    if folder.realm_of(path) is None and not os.environ.get("QIANJUN_REALM"):
        raise NotReady(f"数据目录 {path} 还没有建立；请先运行 qianjun demo 或 qianjun init。")
    with attached(path):
        import django

        django.setup(set_prefix=False)
        if unapplied():
            raise NotReady("数据库还不是这个版本的结构；请先运行 qianjun migrate。")
        yield


def unapplied() -> list[str]:
    """The migrations that the database does not have yet. 未执行的迁移"""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
