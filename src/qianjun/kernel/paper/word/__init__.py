"""The document as WordprocessingML, through python-docx; only ``write`` comes in here. Word 版面"""
