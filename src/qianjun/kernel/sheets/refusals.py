"""Every sentence by which a whole sheet is refused, every note on its reading. 拒收与提示"""

from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import CODE, MUST_NOT
from qianjun.kernel.words import noop as _

REFUSALS = {
    CODE: MUST_NOT,
    "sheet_empty": _("这个表里没有内容。"),
    "sheet_file_too_large": _("文件超过 %(limit)s MB，请分成几个文件再导入。"),
    "sheet_not_a_sheet": _(
        "这个文件不是表格（实际是：%(what)s），请用 Excel 或 WPS 另存为 .xlsx 后再导入。"
    ),
    "sheet_is_page": _(
        "这个文件其实是网页，不是真正的表格；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
    ),
    "sheet_encrypted": _("这个表设了打开密码，请取消密码后再导入。"),
    "sheet_macros": _("这个表带有宏，不予读取；请另存为不带宏的 .xlsx 后再导入。"),
    "sheet_external_links": _("这个表引用了别的文件或外部数据，请复制为数值后再导入。"),
    "sheet_embedded": _("这个表里嵌有别的文件或控件，请删除后再导入。"),
    "sheet_bomb": _("这个文件解开后过大，不像正常的表格，不予读取。"),
    "sheet_damaged": _("这个文件已损坏或不完整，请重新保存后再导入。"),
    "sheet_too_many_rows": _("表格超过 %(limit)s 行，请分成几个文件再导入。"),
    "sheet_too_many_columns": _("表格超过 %(limit)s 列，请删除多余的列后再导入。"),
    "sheet_too_many_cells": _("表格的范围太大（超过 %(limit)s 格），请删除多余的行和列后再导入。"),
    "sheet_too_many_sheets": _("文件里超过 %(limit)s 张工作表，请只保留要导入的。"),
    "sheet_cell_too_long": _("第 %(row)s 行 %(column)s 列的文字超过 %(limit)s 字，请先缩短。"),
    "sheet_too_large": _("读取这个表需要的内存过多，请分成几个较小的文件再导入。"),
    "sheet_too_slow": _("读取这个表用时过长，请分成几个较小的文件再导入。"),
    "sheet_encoding": _("文字编码无法识别，请另存为 UTF-8 的 CSV 或 .xlsx 后再导入。"),
    "sheet_quotes": _("第 %(row)s 行附近的引号没有成对，请检查后再导入。"),
    "sheet_no_header": _("没有找到表头，请在数据上面留一行列名。"),
    "sheet_unknown_name": _("文件里没有名为“%(name)s”的工作表。"),
    "sheet_unreadable": _("这个表无法读取，请用 Excel 或 WPS 重新保存后再导入。"),
}

NOTES = {
    "title_line": _("表头上面的文字未当作数据。"),
    "total_line": _("合计行未当作数据。"),
    "repeated_header": _("重复的表头未当作数据。"),
    "section_line": _("分段标题未当作数据。"),
    "footer_line": _("表尾的签字或说明未当作数据。"),
    "other_sheets": _("只读了工作表“%(name)s”，没有读：%(others)s。"),
    "hidden_sheets": _("隐藏的工作表没有读：%(others)s。"),
    "uncounted_formulas": _("有的公式没有保存结果，按空格读；请在 Excel 里打开并保存一次。"),
    "error_cells": _("有的格子是错误值（如 #N/A），按空格读。"),
}


def refuse(code: str, **words: object) -> Refused:
    """The refusal of this code with the places of its sentence filled."""
    return Refused(code, REFUSALS[code], words=words)
