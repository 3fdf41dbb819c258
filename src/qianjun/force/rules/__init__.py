"""Judgements about forces: values in, values out. 力量规则"""
