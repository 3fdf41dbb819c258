"""Lists that leave the house: declared once by their module, taken out as Excel. 清单导出"""
