"""Numbers in the templates of forces. 模板标签"""
