"""The board of call-outs. 召集板"""
