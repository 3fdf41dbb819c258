"""Promises that are measured: one file each, gates are counts or ratios inside one run. 度量"""
