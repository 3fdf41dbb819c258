"""What is looked at in the database. 数据库里的检查

Nothing is started for it: a doctor who wakes the patient sees another patient.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from qianjun.kernel import clock
from qianjun.site import folder
from qianjun.site.attach import unapplied
from qianjun.site.backup import books
from qianjun.site.doctor import rules
from qianjun.site.doctor.findings import Check, Finding
from qianjun.site.doctor.machine import last_backup, synchronised

CONNECT_S = 5
CHAIN_LAST = 20_000
NAMED = 3
SETTINGS = (
    *("fsync", "synchronous_commit", "full_page_writes", "max_connections", "server_encoding"),
    *("log_min_messages", "log_error_verbosity", "log_min_error_statement", "log_statement"),
)
# the waits of each queue in one look, in seconds of the clock that each of them keeps
_BEATS = "SELECT name, at FROM journal_heartbeat"
_NEWEST = "SELECT max(recorded_at) FROM journal_entry"
_UNSEALED = """
SELECT min(e.recorded_at) FROM journal_entry e
WHERE NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_id = e.id)
"""
_TIMER = "SELECT min(due_at) FROM journal_timer WHERE done_at IS NULL"
_JOB = """
SELECT min(coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j
JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
WHERE j.status = 'todo'
"""
_STUCK = """
SELECT count(*) FROM procrastinate_jobs j
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < %s)
"""
_CARDS = """
SELECT reaction, count(*) FROM journal_card WHERE settled_at IS NULL
GROUP BY reaction ORDER BY count(*) DESC, reaction
"""
_BACKUP = """
SELECT payload ->> 'made_at' FROM journal_entry
WHERE name = 'journal.backup_made' ORDER BY id DESC LIMIT 1
"""
_MESSAGE = """
SELECT min(queued_at) FROM message_message
WHERE sent_at IS NULL AND failed_at IS NULL
"""
_UNREACHED = """
SELECT count(*) FROM message_message
WHERE failed_at IS NOT NULL AND delivered_at IS NULL AND dropped_at IS NULL
"""


class Queue(NamedTuple):
    """Something in which things wait: its oldest, by the clock that it keeps. 队列"""

    name: str
    title: str
    oldest: str
    clock: Callable[[], datetime]
    most_s: float
    what: str
    nothing: str
    remedy: str


QUEUES = (
    Queue(
        *("timers", "到期的定时", _TIMER, clock.now, rules.LATE_TIMER_S),
        *("个定时", "没有到期的定时。", rules.ASK),
    ),
    Queue(
        *("jobs", "待做的作业", _JOB, clock.real, rules.LATE_JOB_S),
        *("个作业", "没有待做的作业。", rules.ASK),
    ),
    Queue(
        *("sealing", "待封存的记录", _UNSEALED, clock.real, rules.LATE_SEAL_S),
        *("条记录", "都已封存。"),
        "有事务一直没有结束：在数据库里查 pg_stat_activity 中最老的事务，结束它。",
    ),
    Queue(
        *("outbox", "待发的消息", _MESSAGE, clock.now, rules.LATE_MESSAGE_S),
        *("条消息", "没有待发的消息。"),
        "看“手机墙”或通道设置：通道断了就找运营商，重要的叫应先打电话。",
    ),
)


def looked_at(home: Path) -> Iterator[Finding]:
    """Every check of the database, in order."""
    check = Check(name="database", title="数据库")
    try:
        with psycopg.connect(books.address(home), connect_timeout=CONNECT_S) as line:
            line.read_only = True
            yield from _of_server(check, line)
            found = _tables(line)
            yield found
            if found.state == "ok":
                yield from _of_house(line, home)
    except psycopg.Error as fault:
        yield check.bad(f"连不上：{str(fault).splitlines()[0]}", _how_to_start(home))


def _how_to_start(home: Path) -> str:
    held = folder.holder_of(home)
    if held and held.kind == "serve":
        return f"进程 {held.pid} 会自动重启它；一分钟后仍不行，看 {home}/db/log。"
    return "运行 qianjun serve；用 DATABASE_URL 的，检查地址、口令和那台服务器。"


def _of_server(check: Check, line: books.Books) -> Iterator[Finding]:
    rows = line.execute(
        "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SETTINGS)]
    )
    settings = {str(name): str(value) for name, value in rows}
    version = line.info.server_version
    yield rules.server(check, version=version, encoding=settings["server_encoding"])
    yield rules.durable(Check(name="durable", title="断电不丢"), settings=settings)
    yield rules.database_log(Check(name="database_log", title="数据库日志"), settings=settings)
    used = _one(line, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    most = int(settings["max_connections"])
    yield rules.connections(Check(name="connections", title="连接数"), used=used, most=most)
    # the one question about the database's own clock: how far it is from ours
    behind_s = (clock.real() - _one(line, "SELECT statement_timestamp()")).total_seconds()
    yield rules.skew(Check(name="skew", title="数据库时钟"), behind_s=behind_s)


def _tables(line: books.Books) -> Finding:
    """Whether the tables are those of this version."""
    check = Check(name="migrations", title="表结构")
    if _one(line, "SELECT to_regclass('journal_seal')") is None:
        return check.bad("数据库是空的。", "运行 qianjun init，或用 qianjun restore 恢复。")
    import django

    django.setup(set_prefix=False)
    if missing := unapplied():
        return check.bad(
            f"还差 {len(missing)} 步：{'、'.join(missing[:NAMED])}。",
            "先备份，再重新启动 qianjun serve（多机时运行 qianjun migrate）。",
        )
    if strange := _from_the_future(line):
        return check.bad(
            f"数据库比程序新：{'、'.join(strange[:NAMED])}。",
            "安装同一版本的程序，或用升级前的备份恢复到新目录。",
        )
    return check.ok("与程序一致。")


def _from_the_future(line: books.Books) -> list[str]:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    known = MigrationLoader(connection)
    rows = line.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    return [
        f"{app}.{name}"
        for app, name in rows
        if app in known.migrated_apps and (app, name) not in known.disk_migrations
    ]


def _of_house(line: books.Books, home: Path) -> Iterator[Finding]:
    from qianjun.journal.hands import follow_clock

    follow_clock()  # a drill may have moved domain time
    newest = _one(line, _NEWEST)
    ahead_s = (newest - clock.real()).total_seconds() if newest else None
    check = Check(name="clock", title="本机时钟")
    yield rules.clock(check, synchronised=synchronised(), ahead_s=ahead_s)
    yield from _background(line)
    yield from _waiting(line)
    yield _cards(line)
    yield _unreached(line)
    yield _chain(home)
    yield _backup_told(line, home)


def _background(line: books.Books) -> Iterator[Finding]:
    """Whether worker, ticker and sealer live."""
    beats = {str(name): at for name, at in line.execute(_BEATS)}
    titles = {"worker": "后台", "ticker": "定时", "sealer": "封存"}
    for name, title in titles.items():
        at = beats.get(name)
        age_s = (clock.real() - at).total_seconds() if at else None
        yield rules.beat(Check(name=name, title=title), age_s=age_s)


def _waiting(line: books.Books) -> Iterator[Finding]:
    """Whether anything waits longer than it may."""
    for queue in QUEUES:
        oldest = _one(line, queue.oldest)
        late_s = (queue.clock() - oldest).total_seconds() if oldest else 0.0
        yield rules.late(
            Check(name=queue.name, title=queue.title),
            late_s=late_s if late_s > 0 else None,
            most_s=queue.most_s,
            nothing=queue.nothing,
            what=queue.what,
            remedy=queue.remedy,
        )
    found = line.execute(_STUCK, [clock.real() - rules.OLD_WORKER]).fetchone()
    yield rules.stuck(Check(name="stuck_jobs", title="卡住的作业"), count=found[0] if found else 0)


def _cards(line: books.Books) -> Finding:
    """What failed for good and waits for a person."""
    check = Check(name="dead_letters", title="待人工处理")
    rows = line.execute(_CARDS).fetchall()
    if not rows:
        return check.ok("没有。")
    named = "、".join(f"{name} {count} 件" for name, count in rows[:NAMED])
    says = f"{sum(count for _name, count in rows)} 件：{named}。"
    return check.warn(says, "在值班台的卡片上看原因，按“重试”，或写明理由了结。")


def _unreached(line: books.Books) -> Finding:
    """Who could not be reached and whom nobody has dealt with."""
    check = Check(name="unreached", title="没送到的消息")
    if count := _one(line, _UNREACHED):
        return check.warn(f"{count} 条，还没有人处理。", "在值班台“没有送达”里改用电话，再了结。")
    return check.ok("没有。")


def _chain(home: Path) -> Finding:
    """Whether the newest of the journal is as it was sealed, and so is the last backup's head."""
    from qianjun.journal.verify import HEAD, verify

    check = Check(name="chain", title="事件簿的链条")
    noted = last_backup(home).get("head", {})
    known = f"{noted.get('seq')}:{noted.get('hash')}"
    began = time.monotonic()
    head = known if HEAD.match(known) and noted["seq"] else None
    verdict = verify(head=head, last=CHAIN_LAST)
    if bad := verdict.first_bad:
        return check.bad(
            f"第 {bad.seq} 号与封存时不符（{bad.kind}）。",
            "马上停止改动，保存现场：复制整个数据目录；再用 qianjun audit verify 和最近的备份核对，"
            "通知审计管理员。",
        )
    part = "全部" if verdict.sealed <= CHAIN_LAST else f"最新的 {CHAIN_LAST} 条"
    since = "，与上次备份的链首相符" if head else ""
    says = f"{part}核验完好{since}，链首 {verdict.seq}:{verdict.hash[:16]}…"
    return check.ok(f"{says}（{time.monotonic() - began:.1f} 秒）。")


def _backup_told(line: books.Books, home: Path) -> Finding:
    """How old the newest backup is by the journal, which a lost disk does not make forget."""
    from qianjun.org.store import setting

    days = setting("org", "backup_days")
    assert isinstance(days, int)
    at = _one(line, _BACKUP)
    live = (folder.realm_of(home) or os.environ.get("QIANJUN_REALM")) == "live"
    return rules.backup_told(
        Check(name="backup_told", title="备份记录"),
        made_at=datetime.fromisoformat(at) if at else None,
        now=clock.real(),
        most=timedelta(days=days),
        live=live,
    )


def _one(line: books.Books, question: str) -> Any:  # noqa: ANN401 - whatever was asked for
    row = line.execute(question.encode()).fetchone()
    return row[0] if row else None
