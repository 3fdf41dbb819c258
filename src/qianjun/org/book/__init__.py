"""The book of contacts: through whom each unit is reached, at any hour. 单位通讯录"""
