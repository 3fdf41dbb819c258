"""The duty desk. 值班台"""
