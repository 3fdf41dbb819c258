"""Why a file is kept back, as a sentence that says what to do. 隔离原因"""

from qianjun.kernel.words import noop as _


class KeptBack(Exception):
    """A file is not to be shown; the argument is a code of ``REASONS``."""


KINDS: dict[str, str] = {
    "image": _("照片"),
    "video": _("视频"),
    "audio": _("录音"),
    "document": _("文档"),
    "other": _("文件"),
}

REASONS: dict[str, str] = {
    "archive": _("压缩包不收：请解压后逐个上传。"),
    "archive_bomb": _("解开后会大得异常，可能有害。"),
    "barred": _("标为不得录入：不再放出，等待依法删除。"),
    "broken_document": _("文档残缺，打不开：请重新导出后再传。"),
    "broken_image": _("图片残缺或不是真正的图片：请重拍或重传。"),
    "decoder_died": _("处理时程序被它弄垮，可能有害。"),
    "decoder_time": _("处理太久，可能有害。"),
    "heic": _("手机的 HEIC 照片本系统打不开：请把相机格式改为“兼容性最佳”（JPEG）后重传。"),
    "html": _("网页文件不收：请改传截图或 PDF。"),
    "macros": _("含有宏程序：请另存为不含宏的 .docx、.xlsx 后再传。"),
    "officer": _("由值班人员隔离。"),
    "old_image": _("这种图片格式不收：请另存为 JPEG 或 PNG 后再传。"),
    "old_office": _("旧版 Office 文件（.doc、.xls、.ppt）：请另存为 .docx、.xlsx、.pptx 后再传。"),
    "program": _("程序文件不收。"),
    "script": _("脚本文件不收。"),
    "svg": _("矢量图（SVG）里可以藏程序：请另存为 PNG 后再传。"),
    "too_heavy": _("处理它需要的内存太多，可能有害。"),
    "too_large": _("这类文件太大：照片至多 20 MB，文档至多 50 MB，音视频至多 500 MB。"),
    "too_many_frames": _("动图帧数太多，可能有害。"),
    "too_many_pixels": _("图片尺寸太大（超过 5,000 万像素）：请缩小后再传。"),
    "unknown": _("认不出是什么文件。"),
}
