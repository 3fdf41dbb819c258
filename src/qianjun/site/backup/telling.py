"""A backup and a restore are entries of the journal: when, how big, which head. 备份入事件簿

Imported before Django is set up, so Django is imported by the functions.
"""

import getpass
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from qianjun.kernel import clock
from qianjun.site.attach import unapplied


def tell_backup(said: dict[str, Any], *, at: datetime) -> bool:
    """One entry for a backup that is whole; False when the tables are not of this version. 记备份

    The file's own name and who ran the command are the body, never the folder in which it lies.
    """
    import django

    django.setup(set_prefix=False)
    if unapplied():
        return False
    from django.db import transaction

    from qianjun.journal.bus import emit
    from qianjun.journal.events import BackupMade
    from qianjun.org.actor import system

    event = BackupMade(
        made_at=at,
        size_bytes=said["bytes"],
        head_seq=said["head"]["seq"],
        head=said["head"]["hash"],
        sha256=said["sha256"],
        files=said["media"],
        missing_files=said["missing_media"],
    )
    body = f"{Path(said['file']).name} · {_who()}"
    with transaction.atomic():
        emit(event, by=system(name="backup"), about=("backup", "made"), body=body)
    return True


def _who() -> str:
    """The account of this machine that ran the command; a timer runs as one, too."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "–"


def noted_restore(manifest: dict[str, Any], *, chain_ok: bool) -> str:
    """What stands in the folder until its first start. 恢复待记"""
    told = {
        "restored_at": clock.real().isoformat(),
        "backed_up_at": manifest["made_at"],
        "head": manifest["head"],
        "chain_ok": chain_ok,
    }
    return json.dumps(told) + "\n"


def tell_restore(noted: str) -> None:
    """One entry at the first start after a restore; an old note without particulars tells none."""
    from django.db import transaction

    from qianjun.journal.bus import emit
    from qianjun.journal.events import BackupRestored
    from qianjun.org.actor import system

    try:
        told = json.loads(noted)
    except ValueError:
        return
    if not isinstance(told, dict):
        return
    event = BackupRestored(
        backed_up_at=datetime.fromisoformat(told["backed_up_at"]),
        restored_at=datetime.fromisoformat(told["restored_at"]),
        head_seq=told["head"]["seq"],
        head=told["head"]["hash"],
        chain_ok=told["chain_ok"],
    )
    with transaction.atomic():
        emit(event, by=system(name="restore"), about=("backup", "restored"))
