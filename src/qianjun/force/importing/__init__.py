"""Sheets of teams and volunteers, found by looking. 力量导入"""
