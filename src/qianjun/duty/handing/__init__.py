"""Handing a shift over: what is open, two signatures, the post. 交接班"""
