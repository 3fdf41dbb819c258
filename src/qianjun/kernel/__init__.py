"""Pieces that know no Django: clock, ids, geometry, text. 内核"""
