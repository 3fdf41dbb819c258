"""Tags of the templates. 模板标签"""
