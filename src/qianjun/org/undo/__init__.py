"""Undo instead of "are you sure": what was just done is taken back by its own verb. 撤销"""
