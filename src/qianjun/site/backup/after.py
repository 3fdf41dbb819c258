"""What follows once everything of a backup lies in its place. 恢复之后

Imported before Django is set up, so Django is imported by the functions.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qianjun.site.attach import NotReady
from qianjun.site.backup.telling import noted_restore

FRESH: Final = "restored"  # stands in the folder until its first start


@dataclass(frozen=True, kw_only=True)
class Afterwards:
    """How the chain stands and what was erased once more. 核验与再删"""

    seq: int
    hash: str
    chain_ok: bool
    erased_again: int


def settle(manifest: dict[str, Any], *, despite_chain: bool) -> Afterwards:
    """Check the chain against the head in the backup, then erase again. 核验、再删

    Raises NotReady when the chain is not as it was, unless told to go on.
    """
    import django

    django.setup(set_prefix=False)
    from django.conf import settings
    from django.core.management import call_command

    from qianjun.journal.verify import verify
    from qianjun.site.attach import unapplied
    from qianjun.site.erased import erase_again_everywhere

    head = manifest["head"]
    if unapplied():
        call_command("migrate", verbosity=0, interactive=False)
    verdict = verify(head=f"{head['seq']}:{head['hash']}" if head["seq"] else None)
    if verdict.first_bad and not despite_chain:
        raise NotReady(
            f"事件簿的链条与备份时记下的链首不符：第 {verdict.first_bad.seq} 号"
            f" {verdict.first_bad.kind}。备份之前就已被改动；仍要用它，请清空目录，"
            "加 --despite-chain 重新恢复。"
        )
    noted = noted_restore(manifest, chain_ok=verdict.ok)
    (Path(settings.DATA) / FRESH).write_text(noted, encoding="utf-8")
    return Afterwards(
        seq=verdict.seq,
        hash=verdict.hash,
        chain_ok=verdict.ok,
        erased_again=erase_again_everywhere(),
    )
