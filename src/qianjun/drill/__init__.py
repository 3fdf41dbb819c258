"""Shows that play a story on the real screens, step by step. 演示与演练"""
