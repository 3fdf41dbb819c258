"""The commands that do one thing and end. 单次命令"""

import argparse
import subprocess
import sys
from pathlib import Path

from qianjun.kernel.errors import Refused
from qianjun.site import folder
from qianjun.site.attach import NotReady, attached, house
from qianjun.site.output import result, result_json, say

GOOD, REFUSED, BAD_INPUT = 0, 1, 2
ROOT = Path(__file__).parents[3]
# import is a word of the language, so its file has another name
BENCH_NAMES = {"import": "imports"}
# these read no database, so none is started for them
WITHOUT_DATABASE = {"check", "collectstatic", "compilemessages", "help", "makemessages"}


def init(chosen: argparse.Namespace) -> int:
    """Set up a data folder and its database; a second time changes nothing. 初始化

    On stdout the one-time links of the administrators that nobody is yet, and of no other time.
    """
    if chosen.login and not chosen.relink:
        say("--login 要和 --relink 一起用。")
        return BAD_INPUT
    known = folder.realm_of(chosen.folder)
    if known not in (None, chosen.realm):
        raise NotReady(f"数据目录 {chosen.folder} 的域是 {known}，建立之后不能改。")
    folder.set_up(chosen.folder, realm=chosen.realm)
    from qianjun.site.setting_up import invite, prepare

    with attached(chosen.folder):
        prepare()
        said = invite(again=chosen.relink, login=chosen.login, address=chosen.address.rstrip("/"))
    say(f"已建立：{chosen.folder}（域 {chosen.realm}）。接下来运行 qianjun serve。")
    if chosen.json:
        result_json({"folder": str(chosen.folder), "realm": chosen.realm, "links": said})
    else:
        for link in said:
            result(f"{link['role_name']}\t{link['url']}")
    return GOOD


def token(chosen: argparse.Namespace) -> int:
    """Make a token; stdout is exactly the token. 生成令牌"""
    from qianjun.org.roles import ROLES  # before any database: a typing error is answered at once

    if chosen.role not in ROLES:
        say(f"没有“{chosen.role}”这个角色；可用：{' '.join(ROLES)}")
        return BAD_INPUT
    with house(chosen.folder):
        from qianjun.org.queries import unit_by_code
        from qianjun.org.tokens import make_token

        unit = unit_by_code(chosen.unit) if chosen.unit else None
        if chosen.unit and unit is None:
            say(f"没有代码为“{chosen.unit}”的单位。")
            return BAD_INPUT
        plain, row = make_token(role=chosen.role, name=chosen.name, days=chosen.days, unit=unit)
        if not chosen.json:
            result(plain)
            return GOOD
        result_json(
            {
                "token": plain,
                "id": str(row.pk),
                "role": row.role,
                "name": row.name,
                "expires_at": row.expires_at.isoformat(),
            }
        )
    return GOOD


def locate(chosen: argparse.Namespace) -> int:
    """Find the places in a text, or in every line of a file. 地点识别"""
    with house(chosen.folder):
        from qianjun.place.command import locate_lines

        texts = _lines(chosen.lines) if chosen.lines else [chosen.text]
        for answer in locate_lines(texts):
            if chosen.json:
                result_json(answer.as_json())
            else:
                result(_in_words(answer.answer, [place.name for place in answer.places]))
    return GOOD


def _lines(file: Path) -> list[str]:
    from qianjun.place.command import lines_of

    try:
        return lines_of(file)
    except OSError as fault:
        raise Refused("unreadable", "读不了文件 %(file)s。", words={"file": file}) from fault
    except UnicodeDecodeError as fault:
        raise Refused("not_utf8", "文件 %(file)s 不是 UTF-8。", words={"file": file}) from fault


def _in_words(answer: str, names: list[str]) -> str:
    said = {"found": "找到", "unsure": "不确定", "none": "没有找到", "elsewhere": "不在本区"}
    return f"{said[answer]}\t{'、'.join(names)}"


def import_sheet(chosen: argparse.Namespace) -> int:
    """Take a sheet in, or say what would become of it; exit 1 when rows refuse all. 导入"""
    from qianjun.org.imports.kinds import names

    if chosen.kind not in names():
        say(f"没有“{chosen.kind[:40]}”这种导入；可用：{' '.join(names())}")
        return BAD_INPUT
    with house(chosen.folder):
        from qianjun.org.imports.command import run_import

        said = run_import(
            kind=chosen.kind, file=chosen.file, dry_run=chosen.dry_run, partial=chosen.partial
        )
    if chosen.json:
        result_json(said)
    else:
        result("共 {rows} 行：写入 {taken}，未变 {unchanged}，有问题 {refused}".format(**said))
        for one in said["problems"]:
            say("第 {row} 行 {column} {detail_zh}".format(**one))
    return REFUSED if said["refused"] and not chosen.partial else GOOD


def audit(chosen: argparse.Namespace) -> int:
    """Verify the chain of the journal; exit 1 names the first bad row. 核验"""
    with house(chosen.folder):
        from qianjun.journal.verify import verify

        verdict = verify(head=chosen.head)
        said = verdict.as_json()
    if chosen.json:
        result_json(said)
    elif said["ok"]:
        head = said["head"]
        result(f"完好：{said['sealed']} 条已封存，链头 {head['seq']}:{head['hash']}")
    else:
        bad = said["first_bad"]
        result(f"不符：第 {bad['seq']} 号（记录 {bad['entry']}）{bad['kind']}")
    return GOOD if said["ok"] else REFUSED


def bench(chosen: argparse.Namespace) -> int:
    """Run one bench of the repository, or all of them. 度量"""
    folder_of = ROOT / "bench"
    known = sorted(f.stem for f in folder_of.glob("*.py") if not f.stem.startswith("_"))
    asked = BENCH_NAMES.get(chosen.name, chosen.name)
    names = known if asked == "all" else [asked]
    if not known or asked not in (*known, "all"):
        say(f"没有度量“{chosen.name}”；可用：{' '.join(known) or '（安装包里没有，请用源码）'}")
        return BAD_INPUT
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{n}", *chosen.rest], cwd=ROOT, check=False)
        for n in names
    ]
    return max(done.returncode for done in codes)


def django_command(chosen: argparse.Namespace) -> int:
    """Run a command of Django, with a database when it needs one. Django 命令"""
    from django.core.management import execute_from_command_line, get_commands

    words = ["qianjun", *chosen.words]
    if chosen.words[0] not in get_commands() and chosen.words[0] != "help":
        say(f"没有“{chosen.words[0]}”这个命令；qianjun --help 列出全部。")
        return BAD_INPUT
    if chosen.words[0] in WITHOUT_DATABASE:
        execute_from_command_line(words)
        return GOOD
    with attached(chosen.folder):
        execute_from_command_line(words)
    return GOOD
