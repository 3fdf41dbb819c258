"""How measured values are judged; numbers in, findings out. 判断"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from qianjun.site.doctor.findings import Check, Finding

LOW_BYTES, SCARCE_BYTES = 500 << 20, 5 << 30
SLOW_SYNC_MS, NO_SYNC_MS = 20.0, 0.01
FEW_FILES = 4_096
SKEW_S, AHEAD_S = 2.0, 5.0
BEAT_S = 15.0
LATE_TIMER_S, LATE_JOB_S, LATE_SEAL_S, LATE_MESSAGE_S = 30.0, 60.0, 60.0, 300.0
FULL_SHARE = 0.8
OLD_BACKUP, STALE_BACKUP = timedelta(hours=36), timedelta(days=7)
OLD_WORKER = timedelta(seconds=60)
OLDEST_SERVER = 150_000
ASK = (
    "看日志里 worker 的行；用 qianjun serve 的会自动重启，"
    "多机的请在那台机器上重新启动 qianjun work。"
)


def disk(check: Check, *, free_bytes: int, total_bytes: int, where: str) -> Finding:
    """Room for what comes."""
    said = f"{where} 还剩 {gigabytes(free_bytes)}，共 {gigabytes(total_bytes)}。"
    if free_bytes < LOW_BYTES:
        return check.bad(said, "马上腾出空间：移走旧备份，或换更大的磁盘；磁盘写满后不能接报。")
    if free_bytes < SCARCE_BYTES:
        return check.warn(
            said, "近期腾出空间：移走旧备份，或换更大的磁盘；低于 0.5 GB 会停收文件。"
        )
    return check.ok(said)


def gigabytes(count: int) -> str:
    """As people say it."""
    return f"{count / (1 << 30):.1f} GB"


def sync(check: Check, *, median_ms: float) -> Finding:
    """How long a durable write takes: every report waits for one."""
    said = f"一次落盘写 {median_ms:.2f} 毫秒（中位数）。"
    if median_ms > SLOW_SYNC_MS:
        return check.warn(said, "磁盘太慢，接报会变慢：换固态硬盘，不要放在网络盘上。")
    if median_ms < NO_SYNC_MS:
        return check.warn(
            said, "快得不像真的落盘（内存盘？）：断电会丢数据，请把数据目录放到真实磁盘。"
        )
    return check.ok(said)


def clock(check: Check, *, synchronised: bool | None, ahead_s: float | None) -> Finding:
    """Whether this machine's clock can be believed.

    ``ahead_s`` is how far the newest row of the journal lies in this clock's future.
    """
    if ahead_s is not None and ahead_s > AHEAD_S:
        return check.bad(
            f"事件簿里最新的时间比本机时钟晚 {ahead_s:.0f} 秒：时钟被拨回过。",
            "校准本机时间（NTP）；在追平之前，新记录的先后会乱。",
        )
    if synchronised is False:
        return check.warn(
            "本机时钟没有与时间服务器同步。",
            "运行 timedatectl set-ntp true，或指定政务网的 NTP 服务器：时限和叫应都按这个时钟。",
        )
    return check.ok("时钟已同步。" if synchronised else "没有倒走；本机没有说是否已同步。")


def skew(check: Check, *, behind_s: float) -> Finding:
    """How far the database's clock is from this one."""
    if abs(behind_s) > SKEW_S:
        return check.bad(
            f"数据库主机与本机的时钟相差 {behind_s:.1f} 秒。",
            "两台机器都要与同一个 NTP 服务器同步：租约、心跳和重试都按真实时间算。",
        )
    return check.ok(f"相差 {abs(behind_s):.1f} 秒。")


def open_files(check: Check, *, limit: int) -> Finding:
    """One for each screen and connection."""
    if limit < FEW_FILES:
        return check.warn(
            f"一个进程最多打开 {limit} 个文件，约 {limit // 2} 个屏幕。",
            "服务里写 LimitNOFILE=65536（见 docs/ops/systemd），或先运行 ulimit -n 65536。",
        )
    return check.ok(f"一个进程最多打开 {limit} 个文件。")


def server(check: Check, *, version: int, encoding: str) -> Finding:
    """Which PostgreSQL this is."""
    said = f"PostgreSQL {version // 10_000}.{version % 10_000}，编码 {encoding}。"
    if version < OLDEST_SERVER:
        return check.bad(said, "需要 PostgreSQL 15 或更新：升级数据库服务器。")
    if encoding != "UTF8":
        return check.bad(said, "数据库编码须为 UTF8：新建一个 UTF8 的库，再用备份恢复。")
    return check.ok(said)


def durable(check: Check, *, settings: dict[str, str]) -> Finding:
    """Whether an acknowledged report survives a power cut."""
    off = [
        name for name in ("fsync", "synchronous_commit", "full_page_writes") if _off(settings, name)
    ]
    if off:
        return check.bad(
            f"数据库关闭了 {'、'.join(off)}：断电会丢已答复的报告。",
            "在 postgresql.conf 里改为 on，重启数据库。",
        )
    return check.ok("fsync、synchronous_commit、full_page_writes 都开着。")


def _off(settings: dict[str, str], name: str) -> bool:
    return (
        settings.get(name) in ("off", "local") if name != "fsync" else settings.get(name) == "off"
    )


def database_log(check: Check, *, settings: dict[str, str]) -> Finding:
    """Whether the database writes rows and statements into its log."""
    quiet = settings.get("log_min_messages") in ("log", "fatal", "panic")
    terse = settings.get("log_error_verbosity") == "terse"
    no_statement = settings.get("log_min_error_statement") in ("panic", "fatal", "log")
    if settings.get("log_statement") not in ("none", None) or not (
        quiet or (terse and no_statement)
    ):
        return check.warn(
            "数据库出错时会把语句或行写进它的日志，里面可能有人名和电话。",
            "设 log_error_verbosity=terse、log_min_error_statement=panic、log_statement=none；"
            "内置数据库重启一次 qianjun serve 即可。",
        )
    return check.ok("数据库的日志不写语句和行。")


def connections(check: Check, *, used: int, most: int) -> Finding:
    """Whether the database has room for more."""
    if used > most * FULL_SHARE:
        return check.warn(
            f"已用 {used} 个连接，上限 {most}。",
            "减少 QIANJUN_THREADS 或进程数，或调大数据库的 max_connections。",
        )
    return check.ok(f"已用 {used} 个连接，上限 {most}。")


def beat(check: Check, *, age_s: float | None) -> Finding:
    """Whether a loop of the background has said lately that it lives."""
    if age_s is None:
        return check.bad("从没有运行过。", "运行 qianjun serve（多机时 qianjun work）。")
    if age_s >= BEAT_S:
        return check.bad(f"已有{span(age_s)}没有心跳。", ASK)
    return check.ok(f"{age_s:.0f} 秒前有心跳。")


def late(
    check: Check, *, late_s: float | None, most_s: float, nothing: str, what: str, remedy: str
) -> Finding:
    """Whether the oldest of what waits has waited too long."""
    if late_s is None:
        return check.ok(nothing)
    said = f"最早的一{what}已等了{span(late_s)}。"
    return check.bad(said, remedy) if late_s > most_s else check.ok(said)


def stuck(check: Check, *, count: int) -> Finding:
    """Jobs whose worker died: they are brought back within seconds as long as another lives."""
    if count:
        return check.bad(f"{count} 个作业的后台进程已经不在，没有人接手。", ASK)
    return check.ok("没有。")


def span(seconds: float) -> str:
    """A duration as people say it."""
    if seconds < 120:
        return f" {seconds:.0f} 秒"
    if seconds < 7_200:
        return f" {seconds / 60:.0f} 分钟"
    if seconds < 172_800:
        return f" {seconds / 3_600:.0f} 小时"
    return f" {seconds / 86_400:.0f} 天"


def backup_age(check: Check, *, made_at: datetime | None, now: datetime, live: bool) -> Finding:
    """Whether a lost disk would lose more than a day and a half."""
    how = "运行 qianjun backup（见 docs/ops/backup.md），并设每晚的定时器；备份要拷到另一台机器。"
    if made_at is None:
        said = "这个数据目录从没有备份过。"
        return check.bad(said, how) if live else check.ok(f"{said}（演示或演练，不要求）")
    age = now - made_at
    said = f"上次备份在{span(age.total_seconds())}前。"
    if not live or age <= OLD_BACKUP:
        return check.ok(said)
    return check.bad(said, how) if age > STALE_BACKUP else check.warn(said, how)


def backup_told(
    check: Check, *, made_at: datetime | None, now: datetime, most: timedelta, live: bool
) -> Finding:
    """Whether the newest backup that the journal tells of is older than the house allows."""
    how = "运行 qianjun backup，并看每晚的定时器是否还在跑；间隔在“设置”的“备份最多隔几天”里改。"
    if made_at is None:
        said = "事件簿里没有备份记录。"
        return check.warn(said, how) if live else check.ok(f"{said}（演示或演练，不要求）")
    age = now - made_at
    said = f"最近一次记在{span(age.total_seconds())}前，允许隔 {most.days} 天。"
    return check.warn(said, how) if live and age > most else check.ok(said)


@dataclass(frozen=True, kw_only=True)
class Front:
    """What is between the screens and us. 对外"""

    live: bool
    open_to: tuple[str, ...]  # addresses other than this machine's own, on which we listen
    tls: bool
    named: bool


def front(check: Check, seen: Front) -> Finding:
    """Whether passwords cross the network in the open, and whether any name is answered."""
    if seen.open_to and seen.live:
        return check.bad(
            f"直接监听 {'、'.join(seen.open_to)}，没有 TLS：口令和姓名明文过网。",
            "改回 --host 127.0.0.1，前面放终止 TLS 的代理，设 QIANJUN_TLS=proxy"
            "（见 docs/ops/installing.md）。",
        )
    if seen.live and not seen.tls:
        return check.warn(
            "没有设 QIANJUN_TLS=proxy：经 https 代理的登录和表单会被拒绝，会话也会走 http。",
            "只在本机用可以不管；对外请放终止 TLS 的代理并设它（见 docs/ops/installing.md）。",
        )
    if seen.live and not seen.named:
        return check.warn(
            "没有设 QIANJUN_HOSTS：任何主机名都应答，生成的链接会照抄来访者写的名字。",
            "设 QIANJUN_HOSTS=系统的域名,127.0.0.1，再重启。",
        )
    return check.ok("只经代理的 https。" if seen.tls else "演示或演练，只在本机或内网用。")
