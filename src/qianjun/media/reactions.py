"""What media does when others speak: a whole file is looked at. 媒体的反应"""

from qianjun.journal.bus import Said, on
from qianjun.media import store
from qianjun.media.actions import settle_look
from qianjun.media.decoding import look_at
from qianjun.media.events import FileReceived
from qianjun.media.models import File
from qianjun.org.actor import system


@on(FileReceived, "media.look", queue="heavy")
def look(event: FileReceived, said: Said) -> None:
    """Have it looked at by the child; pictures get their copies. 检查文件"""
    file = File.objects.filter(pk=event.file_id, state=File.State.DECODING).first()
    if file is None or not store.original(file.sha256).exists():
        return
    seen = look_at(file)
    settled = settle_look(by=system(cause=said.entry), file=file, look=seen)
    if not settled and not _is_shown(file.sha256):
        for copy in store.copies_of(file.sha256):
            copy.unlink(missing_ok=True)


def _is_shown(sha256: str) -> bool:
    return File.objects.filter(sha256=sha256, state=File.State.READY).exists()
