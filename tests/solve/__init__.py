"""The methods keep what they promise, on worlds that are drawn by a seed. 算法测试"""
