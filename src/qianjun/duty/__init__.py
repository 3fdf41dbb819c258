"""The duty room: desk, roster, log, hand-over, daily bulletin. 值班台与值班"""
