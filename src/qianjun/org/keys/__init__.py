"""Tokens made and revoked on a page; who has read what. 令牌与查看记录"""
