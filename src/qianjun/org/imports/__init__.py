"""Bring sheets in: looked at row by row, all or none, undone as a whole. 导入

A module declares a kind in a file of its folder ``importing`` (``KIND``); nothing else is told.
"""
