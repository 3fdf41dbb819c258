"""The roster: who has which post from when to when. 值班表"""
