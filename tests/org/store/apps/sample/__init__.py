"""A module with one option of every kind, found by being there. 样例模块"""
