"""Pages of goods and orders. 物资页面"""
