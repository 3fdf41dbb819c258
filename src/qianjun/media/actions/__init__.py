"""What people do with files, one function per verb, one transaction each. 媒体动作"""

from qianjun.media.actions.erasing import erase_file
from qianjun.media.actions.finishing import finish_upload, settle_look
from qianjun.media.actions.settling import (
    attach,
    bar_file,
    confirm_file,
    open_original,
    quarantine,
)
from qianjun.media.actions.uploading import add_piece, create_upload, drop_upload, upload_whole

__all__ = [
    "add_piece",
    "attach",
    "bar_file",
    "confirm_file",
    "create_upload",
    "drop_upload",
    "erase_file",
    "finish_upload",
    "open_original",
    "quarantine",
    "settle_look",
    "upload_whole",
]
