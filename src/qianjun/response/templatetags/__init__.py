"""Tags of the response module. 模板标签"""
