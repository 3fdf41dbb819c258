"""Modules with options, beside those of the house. 样例"""
