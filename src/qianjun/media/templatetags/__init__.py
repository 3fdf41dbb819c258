"""Words of files in templates. 模板标签"""
