"""Divisions, gazetteer and finding a place in words. 地点"""
