"""What stands in a workbook, as a spreadsheet would show it. 读回"""

from io import BytesIO

from python_calamine import CalamineWorkbook


def cells_of(content: bytes) -> list[list[object]]:
    """The rows of its first sheet."""
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]
