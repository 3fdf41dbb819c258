"""``qianjun demo``: from an empty folder to a desk that runs. 演示"""

import argparse
from functools import partial

from qianjun.site import folder
from qianjun.site.attach import NotReady
from qianjun.site.output import announce
from qianjun.site.serve import serve


def demo(chosen: argparse.Namespace) -> int:
    """Set up the realm demo in the folder and serve it. 演示"""
    known = folder.realm_of(chosen.folder)
    if known not in (None, "demo"):
        raise NotReady(f"数据目录 {chosen.folder} 的域是 {known}，演示请用 --data 另选一个目录。")
    folder.set_up(chosen.folder, realm="demo")
    return serve(
        chosen.folder,
        host=chosen.host,
        port=chosen.port,
        prepare=_prepare(chosen),
        when_ready=partial(_welcome, chosen.host, chosen.port),
    )


def _prepare(chosen: argparse.Namespace) -> tuple[str, ...]:
    wanted = {"--small": chosen.small, "--quiet": chosen.quiet}
    return ("prepare", *(word for word, is_wanted in wanted.items() if is_wanted))


def _welcome(host: str, port: int) -> None:
    announce(f"千钧演示已就绪：http://{host}:{port}/ （按 Ctrl+C 停止）")
