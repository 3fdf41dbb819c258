"""Names of gauges in templates. 模板标签"""
