"""The command line: one result on stdout, everything else on stderr. 命令行

Exit 0 good, 1 the world said no, 2 bad input. Heavy modules and Django are imported by the
command that needs them, so ``--help`` is quick and needs no database.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from qianjun import __version__
from qianjun.org.roles import ADMINISTRATORS
from qianjun.site import folder

GOOD, REFUSED, BAD_INPUT = 0, 1, 2
PORT = 8765
# these say themselves what is wrong with a folder, or read none
ON_ANY_FOLDER = {"restore", "doctor", "callout", "bench"}
Command = Callable[[argparse.Namespace], int]


def main() -> None:
    """The program ``qianjun``."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command and give its exit code. 执行命令"""
    from qianjun.site.output import closed_pipe_is_an_end, say

    with closed_pipe_is_an_end():
        if not all(map(_is_text, words)):
            say("参数里有不是 UTF-8 的字符。")
            return BAD_INPUT
        parser = _parser()
        if words and not words[0].startswith("-") and words[0] not in _names(parser):
            return _django(words)
        chosen = parser.parse_args(words)
        os.environ["QIANJUN_DATA"] = str(folder.chosen(chosen.data))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianjun.site.settings")
        chosen.folder = folder.chosen(chosen.data)
        module, name = chosen.run.split(":")
        command: Command = getattr(import_module(f"qianjun.site.{module}"), name)
        return _guarded(command, chosen)
    return REFUSED


def _is_text(word: str) -> bool:
    """Whether a word arrived as whole characters; bytes of another encoding come as halves."""
    return not any("\ud800" <= sign <= "\udfff" for sign in word)


def _guarded(command: Command, chosen: argparse.Namespace) -> int:
    from qianjun.kernel.errors import Refused
    from qianjun.site.attach import NotReady
    from qianjun.site.database import Unstartable
    from qianjun.site.output import say

    if chosen.command not in ON_ANY_FOLDER and folder.unfinished(chosen.folder):
        say(folder.unfinished_sentence(chosen.folder))
        return REFUSED
    try:
        return command(chosen)
    except Refused as refused:
        say(refused.zh % refused.words if refused.words else refused.zh)
        return BAD_INPUT if refused.status in (400, 422) else REFUSED
    except folder.Held as held:
        say(_holder_sentence(held.holder, chosen.folder))
    except (NotReady, Unstartable) as fault:
        say(str(fault))
    except KeyboardInterrupt:
        say("已中断。")
    except Exception as fault:
        if not _is_of_database(fault):
            raise
        say(f"数据库连不上或拒绝了请求：{str(fault).splitlines()[0]}")
    return REFUSED


def _is_of_database(fault: Exception) -> bool:
    """Whether Django's database layer raised it, without importing Django for the question."""
    layer = sys.modules.get("django.db")
    return layer is not None and isinstance(fault, layer.Error)


def _holder_sentence(holder: folder.Holder | None, path: Path) -> str:
    if holder is None:
        return f"数据目录 {path} 正被另一个 qianjun 进程使用。"
    since = folder.since_in_beijing(holder)
    return (
        f"数据目录 {path} 正在被使用：进程 {holder.pid}，端口 {holder.port}，自 {since} 起。"
        f"网址 http://127.0.0.1:{holder.port}/ 。"
        f"要重新启动，请先停掉它（Ctrl+C 或 kill {holder.pid}）。"
    )


def _names(parser: argparse.ArgumentParser) -> set[str]:
    actions = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return {name for action in actions for name in action.choices}


def _django(words: Sequence[str]) -> int:
    """Pass a command on to Django; ``--data`` is ours and may stand anywhere."""
    ours = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    ours.add_argument("--data")
    chosen, rest = ours.parse_known_args(words)
    os.environ["QIANJUN_DATA"] = str(folder.chosen(chosen.data))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianjun.site.settings")
    chosen.folder, chosen.words = folder.chosen(chosen.data), list(rest)
    chosen.command = words[0]
    from qianjun.site.commands import django_command

    return _guarded(django_command, chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qianjun",
        description="千钧：基层应急指挥平台。其余命令交给 Django（migrate、shell 等）。",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    places = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    places.add_argument(
        "--data", metavar="DIR", help="数据目录；默认 QIANJUN_DATA 环境变量，再默认 ./data"
    )
    add = parser.add_subparsers(dest="command", required=True, metavar="命令")
    _servers(add, places)
    _tools(add, places)
    _keeping(add, places)
    return parser


Sub = argparse._SubParsersAction  # argparse has no public name for it


def _command(
    add: "Sub[argparse.ArgumentParser]",
    name: str,
    run: str,
    text: str,
    places: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    made = add.add_parser(name, help=text, description=text, parents=[places], allow_abbrev=False)
    made.set_defaults(run=run)
    return made


def _servers(add: "Sub[argparse.ArgumentParser]", places: argparse.ArgumentParser) -> None:
    demo = _command(add, "demo", "demo:demo", "装入演示数据并运行一切", places)
    demo.add_argument("--small", action="store_true", help="只装最少的历史，启动最快")
    demo.add_argument(
        "--quiet",
        action="store_true",
        help="模拟人员不自动应答；以后可在手机墙上打开",
    )
    serve = _command(add, "serve", "serve:run_serve", "运行数据库、网页和后台", places)
    web = _command(add, "web", "serve:run_web", "只运行网页（数据库另有）", places)
    _command(add, "work", "work:run_work", "只运行后台（数据库另有）", places)
    for parser in (demo, serve, web):
        parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认 127.0.0.1")
        parser.add_argument("--port", type=_port, default=PORT, help=f"端口，默认 {PORT}")
    # what serve and demo run before they serve; without help it is not listed
    prepare = add.add_parser("prepare", parents=[places], allow_abbrev=False)
    prepare.set_defaults(run="setting_up:run_prepare")
    prepare.add_argument("--small", action="store_true")
    prepare.add_argument("--quiet", action="store_true")
    init = _command(add, "init", "commands:init", "建立数据目录和数据库", places)
    _administrators(init)


def _administrators(init: argparse.ArgumentParser) -> None:
    init.add_argument("--realm", choices=folder.REALMS, default="live", help="域，只能定一次")
    init.add_argument(
        "--relink",
        choices=ADMINISTRATORS,
        default="",
        help="登记链接丢了：给这种管理员重新开一个（还没有人登记时）",
    )
    init.add_argument(
        "--login", default="", help="同 --relink 用：给这个管理员账号开一个重设密码的链接"
    )
    init.add_argument(
        "--address",
        default=f"http://127.0.0.1:{PORT}",
        help="链接里写的网址，默认 http://127.0.0.1:8765",
    )
    init.add_argument("--json", action="store_true", help="输出一个 JSON 文档")


def _tools(add: "Sub[argparse.ArgumentParser]", places: argparse.ArgumentParser) -> None:
    token = _command(add, "token", "commands:token", "生成接口令牌（只显示一次）", places)
    token.add_argument("--role", required=True, help="角色代码，如 duty_officer")
    token.add_argument("--name", default="", help="用途，便于日后辨认")
    token.add_argument("--days", type=int, default=365, help="有效天数")
    token.add_argument("--unit", help="单位代码，把范围缩小到这个单位")
    locate = _command(add, "locate", "commands:locate", "把一段话里的地点找出来", places)
    source = locate.add_mutually_exclusive_group(required=True)
    source.add_argument("text", nargs="?", help="一段话")
    source.add_argument("--lines", type=Path, metavar="FILE", help="文件，每行一段话")
    taken = _command(add, "import", "commands:import_sheet", "导入表格：人员、单位、地名", places)
    taken.add_argument("kind", metavar="KIND", help="种类：people、units、places")
    taken.add_argument("file", type=Path, metavar="FILE", help=".xlsx 或 .csv 文件")
    taken.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    taken.add_argument("--partial", action="store_true", help="有问题的行留下，其余照写")
    audit = _command(add, "audit", "commands:audit", "核验事件簿", places)
    audit.add_argument("verb", choices=["verify"], help="verify 核验链条")
    audit.add_argument("--head", metavar="SEQ:HASH", help="已知的链头，须仍在链上")
    callout = _command(add, "callout", "solving:callout", "召集计算：现在该通知谁", places)
    callout.add_argument("verb", choices=["plan"], help="plan 给出下一批名单")
    callout.add_argument("file", type=Path, metavar="FILE", help="JSON 文件，- 为标准输入")
    bench = _command(add, "bench", "commands:bench", "度量承诺的性能", places)
    bench.add_argument("name", help="名称，all 为全部")
    bench.add_argument("rest", nargs=argparse.REMAINDER, help="交给度量程序的参数")
    for parser in (token, locate, taken, audit, callout):
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 文档")


def _keeping(add: "Sub[argparse.ArgumentParser]", places: argparse.ArgumentParser) -> None:
    made = _command(add, "backup", "backup.packing:backup", "备份成一个加密文件", places)
    made.add_argument("file", type=Path, metavar="FILE", help="要建立的文件；已有的不覆盖")
    back = _command(add, "restore", "backup.unpacking:restore", "从备份恢复到空目录", places)
    back.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    back.add_argument(
        "--erasures",
        type=Path,
        metavar="FILE",
        help="另存的 erasures.log：备份之后依法删除的，恢复后再次删除",
    )
    back.add_argument(
        "--despite-chain", action="store_true", help="事件簿的链条在备份之前就不符，仍然恢复"
    )
    doctor = _command(add, "doctor", "doctor.command:doctor", "检查系统，说明怎么处理", places)
    for parser in (made, back):
        parser.add_argument(
            "--pass-file",
            type=Path,
            metavar="P",
            help="口令文件，取第一行；不给则用 QIANJUN_PASSPHRASE 环境变量，再不然当面输入",
        )
    for parser in (made, back, doctor):
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 文档")


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65_535:
        raise argparse.ArgumentTypeError("端口须在 1 到 65535 之间")
    return port
