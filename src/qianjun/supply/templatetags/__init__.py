"""Words of goods in templates. 物资标签"""
