"""One file per channel, found by looking. 通道"""
